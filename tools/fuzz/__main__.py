"""`make fuzz`: requests that nobody would think of, at the whole system, judged by the OpenAPI documents.

Each operation gets what its document allows and what it forbids, for SECONDS of the environment. It is a
failure to answer 5xx, or with a status, a body, a header or a content type that is in no document. Live
updates are among it: an analysis that has ended ends its stream.
"""

import asyncio
import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from local_stack.errors import StackError
from local_stack.paths import LOCAL, ROOT
from local_stack.ports import Ports
from local_stack.processes.lock import exclusive
from local_stack.processes.log import Log
from local_stack.processes.run import run
from local_stack.stack import Stack

from tests.support.http.api_client import ApiClient
from tests.support.http.operations import SERVICES, document
from tools.fuzz.seeds import plant, with_examples

FOLDER = LOCAL / "fuzz"
# What each document gets of the time: one has twice the operations of the other.
SHARES = {"request-api": 0.6, "results-api": 0.4}
# Beyond what it was told to take: the last request, and the shrinking of what failed.
GRACE_SECONDS = 60
SHORTEST_SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What came of one document."""

    operations: int
    requests: int
    failures: int


async def fuzz() -> int:
    """Start the system, throw everything at it, say what fell."""
    seconds = max(SHORTEST_SECONDS, int(os.environ.get("SECONDS") or 300))
    seed = os.environ.get("SEED") or str(uuid4().int % 2**32)
    with exclusive(FOLDER):
        shutil.rmtree(FOLDER / "run", ignore_errors=True)
        folder = FOLDER / "run"
        folder.mkdir()
        print(f"starting the system (its log: {folder / 'stack.log'}); SEED={seed} repeats this run")
        with (folder / "stack.log").open("w") as stream:
            stack = Stack(
                data_dir=folder / "stack",
                ports=Ports.free(),
                durable=False,
                # So that limits are not all that is ever seen.
                requests_per_second=100_000,
                environment={"REQUEST_API_MAX_ANALYSES_PER_DAY": "1000000"},
                log=Log(stream=stream),
            )
            async with stack:
                mine, theirs = stack.token(user_id=uuid4()), stack.token(user_id=uuid4())
                await _seed(folder, stack.url, mine, theirs)
                found = [
                    await _one(folder, service, url=stack.url, token=mine, seconds=seconds, seed=seed)
                    for service in SERVICES
                ]
        failed = folder / "failures.txt"
        print(failed.read_text() if failed.exists() else "")
    operations, requests, failures = (
        sum(getattr(one, name) for one in found) for name in ("operations", "requests", "failures")
    )
    print(f"fuzz: operations={operations} requests={requests} failures={failures}")
    return 1 if failures else 0


async def _seed(folder: Path, url: str, mine: str, theirs: str) -> None:
    consultants = ApiClient(url=url, token=mine), ApiClient(url=url, token=theirs)
    seeds = await plant(*consultants)
    for consultant in consultants:
        await consultant.close()
    (folder / "seeds.json").write_text(json.dumps(seeds))
    for service in SERVICES:
        (folder / f"{service}.json").write_text(json.dumps(with_examples(document(service), seeds)))


async def _one(folder: Path, service: str, *, url: str, token: str, seconds: int, seed: str) -> Found:
    report, output = folder / f"{service}.report.json", folder / f"{service}.txt"
    share = round(seconds * SHARES[service])
    print(f"{service}: {share} s (all it says: {output})")
    with output.open("w") as stream:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "schemathesis.cli", "run", str(folder / f"{service}.json")),
            *("--url", url, "--header", f"Authorization: Bearer {token}"),
            *("--max-time", str(share), "--seed", seed, "--request-timeout", "12"),
            *("--mode", "all", "--continue-on-failure", "--no-color", "--output-sanitize", "false"),
            *("--report", "json", "--report-json-path", str(report)),
            cwd=folder,
            env={
                **os.environ,
                "SCHEMATHESIS_HOOKS": "tools.fuzz.hooks",
                "PYTHONPATH": str(ROOT),
                "FUZZ_FOLDER": str(folder),
            },
            stdout=stream,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            async with asyncio.timeout(share + GRACE_SECONDS):
                await process.wait()
        except BaseException:
            process.kill()
            await process.wait()
            raise
    if not report.exists():
        raise StackError(f"the fuzzer did not run: see {output}")
    said: dict[str, Any] = json.loads(report.read_text())
    if process.returncode and not said["failures"] and not said["errors"]:
        raise StackError(f"the fuzzer ended with {process.returncode}: see {output}")
    return Found(
        operations=said["operations"]["tested"],
        requests=said["test_cases"]["generated"],
        failures=sum(failure["count"] for failure in said["failures"]) + len(said["errors"]),
    )


if __name__ == "__main__":
    sys.exit(run(fuzz()))
