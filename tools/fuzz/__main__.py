"""Sends generated requests to the whole system: `make fuzz` (SECONDS=300 SEED=).

Each operation gets requests that its OpenAPI document allows and requests that it forbids. A 5xx is a
failure, and so is a status, body, header or content type that the document does not have. Streams of live
updates are included, because the stream of an ended analysis ends. The last line has the totals, and the exit
code is 1 after a failure.
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
# The share of the time for each document, by its number of operations.
SHARES = {"request-api": 0.6, "results-api": 0.4}
# Extra time for the last request and for shrinking failures.
GRACE_SECONDS = 60
SHORTEST_SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The totals of one document."""

    operations: int
    requests: int
    failures: int


async def fuzz() -> int:
    """Start the system, fuzz it, print the failures and return the exit code."""
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
                # High limits, so that not every response is a 429.
                requests_per_second=100_000,
                environment={"REQUEST_API_MAX_ANALYSES_PER_DAY": "1000000"},
                log=Log(stream=stream),
            )
            async with stack:
                own_token, other_token = stack.token(user_id=uuid4()), stack.token(user_id=uuid4())
                await _seed(folder, stack.url, own_token, other_token)
                found = [
                    await _fuzz_service(
                        folder, service, url=stack.url, token=own_token, seconds=seconds, seed=seed
                    )
                    for service in SERVICES
                ]
        failed = folder / "failures.txt"
        print(failed.read_text() if failed.exists() else "")
    operations, requests, failures = (
        sum(getattr(one, name) for one in found) for name in ("operations", "requests", "failures")
    )
    print(f"fuzz: operations={operations} requests={requests} failures={failures}")
    return 1 if failures else 0


async def _seed(folder: Path, url: str, own_token: str, other_token: str) -> None:
    clients = ApiClient(url=url, token=own_token), ApiClient(url=url, token=other_token)
    seeds = await plant(*clients)
    for client in clients:
        await client.close()
    (folder / "seeds.json").write_text(json.dumps(seeds))
    for service in SERVICES:
        (folder / f"{service}.json").write_text(json.dumps(with_examples(document(service), seeds)))


async def _fuzz_service(
    folder: Path, service: str, *, url: str, token: str, seconds: int, seed: str
) -> Totals:
    report, output = folder / f"{service}.report.json", folder / f"{service}.txt"
    share = round(seconds * SHARES[service])
    print(f"{service}: {share} s (output: {output})")
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
        raise StackError(f"the fuzzer did not run; see {output}")
    result: dict[str, Any] = json.loads(report.read_text())
    if process.returncode and not result["failures"] and not result["errors"]:
        raise StackError(f"the fuzzer ended with {process.returncode}; see {output}")
    return Totals(
        operations=result["operations"]["tested"],
        requests=result["test_cases"]["generated"],
        failures=sum(failure["count"] for failure in result["failures"]) + len(result["errors"]),
    )


if __name__ == "__main__":
    sys.exit(run(fuzz()))
