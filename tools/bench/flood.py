"""Measure what others notice while one caller floods: `python -m tools.bench.flood SCENARIO...`.

Start a stack of its own. Several users ask for statuses and lists and post analyses from one address, in
peace, and while one attacker attacks from another; where the attack is on the readers of files, they upload,
too. The bar is 99 % of the others' requests answered, and a p99 of at most twice that in peace. The last line
names the scenarios that miss it; the exit code is then 1.
"""

import argparse
import asyncio
import json
import random
import resource
import shutil
import sys
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import Final

from local_stack.paths import ROOT
from local_stack.ports import LOOPBACK, Ports
from local_stack.processes.run import run
from local_stack.stack import Stack

from tests.support.http.api_client import ApiClient
from tests.support.http.raw_request import raw_request
from tests.support.polling import eventually
from tests.support.telemetry.process_usage import memory_mb
from tools.bench.attacks import SCENARIOS, Counts, Target, upload
from tools.bench.numbers import percentile

DATA: Final = ROOT / ".local" / "flood"
# Loopback has 16 million addresses, each a source of its own.
_ATTACKER: Final = "127.0.0.2"
_PEOPLE: Final = 5
# Analyses that one user may ask for: of those who ask for too many, and where that is not what is measured.
# Between two of the attacker's multiples of 40; shared by more people, the others stay far below it.
_DAILY_LIMIT: Final = 250
_NO_DAILY_LIMIT: Final = 1_000_000
_MORE_PEOPLE: Final = 20
_REQUESTS_PER_SECOND: Final = 30
_UPLOADS_PER_SECOND: Final = 0.5
# To the attacker's analysis, where it is watched.
_CHANGES_PER_SECOND: Final = 5
# A person gives up then, and so does the frontend.
_DEADLINE_SECONDS: Final = 10
# Until the attacker has as many connections as it gets.
_RAMP_SECONDS: Final = 12
_RESUME: Final = (
    b"Mina Example\nSoftware engineer\nExperience\n2019-2024 Example Ltd: built services in Python.\n"
)


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests of the others, on connections that are not kept."""

    ordinary: list[bytes] = field(default_factory=list)
    uploads: list[bytes] = field(default_factory=list)


@dataclass(slots=True)
class Experience:
    """What the others saw."""

    seconds: list[float] = field(default_factory=list)
    failures: dict[str, int] = field(default_factory=dict)

    @property
    def success(self) -> float:
        """Percent of their requests."""
        asked = len(self.seconds) + sum(self.failures.values())
        return 100 * len(self.seconds) / asked

    def __add__(self, other: "Experience") -> "Experience":
        failures = dict(self.failures)
        for status, number in other.failures.items():
            failures[status] = failures.get(status, 0) + number
        return Experience(seconds=self.seconds + other.seconds, failures=failures)

    def milliseconds(self, percent: float) -> float:
        """Of what was answered."""
        return percentile(self.seconds, percent) * 1000 if self.seconds else float("inf")


async def measure(
    port: int, requests: Sequence[bytes], *, seconds: float, per_second: float = _REQUESTS_PER_SECOND
) -> Experience:
    """Ask at random times that do not wait for answers, each request on a connection of its own."""
    seen, gaps = Experience(), random.Random(1)  # noqa: S311 - to be repeated
    end = time.monotonic() + seconds
    async with asyncio.TaskGroup() as tasks:
        while time.monotonic() < end:
            tasks.create_task(_ask(port, gaps.choice(requests), seen))
            await asyncio.sleep(gaps.expovariate(per_second))
    return seen


async def _measure_all(port: int, requests: Requests, *, seconds: float) -> tuple[Experience, Experience]:
    """What is seen of ordinary requests, and of uploads if there are any."""
    ordinary = measure(port, requests.ordinary, seconds=seconds)
    if not requests.uploads:
        return await ordinary, Experience()
    uploads = measure(port, requests.uploads, seconds=seconds, per_second=_UPLOADS_PER_SECOND)
    return await asyncio.gather(ordinary, uploads)


async def _ask(port: int, content: bytes, seen: Experience) -> None:
    began = time.monotonic()
    try:
        async with asyncio.timeout(_DEADLINE_SECONDS):
            reader, writer = await asyncio.open_connection(LOOPBACK, port)
            try:
                writer.write(content)
                answer = await reader.read(-1)
            finally:
                writer.close()
    except (OSError, TimeoutError) as error:
        answer = type(error).__name__.encode()
    status = answer[9:12].decode() if answer.startswith(b"HTTP/1.1 ") else answer.decode() or "closed"
    if status.startswith("2"):
        seen.seconds.append(time.monotonic() - began)
    else:
        seen.failures[status] = seen.failures.get(status, 0) + 1


async def attacked(
    stack: Stack, target: Target, requests: Requests
) -> tuple[tuple[Experience, Experience], Counts, float]:
    """What the others see meanwhile, what became of the attack, and the gateway's most megabytes."""
    attacker = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tools.bench.attacks",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    attacking = asyncio.create_task(attacker.communicate(json.dumps(asdict(target)).encode()))
    memory: list[float] = []

    async def watch() -> None:
        while True:
            memory.append(memory_mb(stack.gateway.process.pid or 0))
            await asyncio.sleep(0.5)

    watching = asyncio.create_task(watch())
    try:
        await asyncio.sleep(_RAMP_SECONDS)
        seen = await _measure_all(stack.ports.gateway, requests, seconds=target.seconds - _RAMP_SECONDS - 1)
        written, _ = await attacking
    finally:
        watching.cancel()
        if attacker.returncode is None:
            attacker.kill()
    if attacker.returncode:
        raise RuntimeError("the attack failed")
    return seen, Counts(**json.loads(written)), max(memory)


async def flood(scenarios: Sequence[str], *, seconds: float) -> int:
    """Return the exit code."""
    print(
        "| scenario | others, success | p50 ms | p99 ms | attacker: connections held, answers | gateway MB |"
    )
    print("|---|---|---|---|---|---|")
    missed: list[str] = []
    limited = [name for name in scenarios if name == "daily-limit"]
    others = [name for name in scenarios if name not in limited]
    for names, limit, people in ((others, _NO_DAILY_LIMIT, _PEOPLE), (limited, _DAILY_LIMIT, _MORE_PEOPLE)):
        if names:
            async with _stack(daily_limit=limit) as stack:
                missed += await _compare(stack, names, people=people, seconds=seconds)
    print(f"flood: scenarios={len(scenarios)} missed={','.join(missed) or 'none'}")
    return 1 if missed else 0


@asynccontextmanager
async def _stack(*, daily_limit: int) -> AsyncIterator[Stack]:
    shutil.rmtree(DATA, ignore_errors=True)
    async with await asyncio.start_server(_legacy, LOOPBACK, 0) as legacy:
        stack = Stack(
            data_dir=DATA,
            ports=Ports.free(),
            legacy=f"{LOOPBACK}:{legacy.sockets[0].getsockname()[1]}",
            environment={"REQUEST_API_MAX_ANALYSES_PER_DAY": str(daily_limit)},
        )
        async with stack:
            yield stack


async def _compare(stack: Stack, scenarios: Sequence[str], *, people: int, seconds: float) -> list[str]:
    """Print a row for each measurement, and return the scenarios that miss the bar."""
    persons = [await _person(stack) for _ in range(people)]
    everything = Requests(
        ordinary=[one for person in persons for one in person.ordinary],
        uploads=[one for person in persons for one in person.uploads],
    )
    await measure(stack.ports.gateway, everything.ordinary, seconds=5)
    missed = []
    for scenario in scenarios:
        requests = everything if scenario == "hostile-files" else replace(everything, uploads=[])
        # Half before and half after, so that what else this machine does is in both figures.
        before = await _measure_all(stack.ports.gateway, requests, seconds=seconds / 2)
        async with _attacker(stack, scenario, seconds=_RAMP_SECONDS + seconds + 1) as target:
            during, counts, memory = await attacked(stack, target, requests)
        await _recovered(stack, requests.ordinary)
        after = await _measure_all(stack.ports.gateway, requests, seconds=seconds / 2)
        told = f"{counts.most_held} of {counts.opened}, {counts.refused} refused, {counts.answers}"
        for what, asked, *parts in zip(
            (scenario, f"{scenario} (uploads)"),
            (requests.ordinary, requests.uploads),
            before,
            during,
            after,
            strict=True,
        ):
            if asked and _misses(what, *parts, told=told, memory=memory):
                missed.append(what)
    return missed


def _misses(
    what: str, before: Experience, seen: Experience, after: Experience, *, told: str, memory: float
) -> bool:
    """Print what was seen in peace and under attack, and tell whether it misses the bar."""
    peace = before + after
    _row(f"{what}: in peace", peace, "", "")
    _row(f"{what}: attacked", seen, told, f"{memory:.0f}")
    return seen.success < 99 or seen.milliseconds(99) > 2 * peace.milliseconds(99)


@asynccontextmanager
async def _attacker(stack: Stack, scenario: str, *, seconds: float) -> AsyncIterator[Target]:
    """A new user, with what the attack needs."""
    token = stack.token(user_id=uuid.uuid4())
    attacker = ApiClient(url=stack.url, token=token)
    candidate_id = await attacker.new_candidate()
    target = Target(
        scenario=scenario,
        host=LOOPBACK,
        port=stack.ports.gateway,
        source=_ATTACKER,
        seconds=seconds,
        token=token,
        candidate_id=candidate_id,
        resume_id=(await attacker.upload(candidate_id, "cv.txt", _RESUME)).json()["id"],
    )
    if scenario != "live-streams":
        await attacker.close()
        yield target
        return
    analysis_id = (await attacker.analyze(target.resume_id)).json()["analysis_id"]
    await attacker.ended(analysis_id)
    await attacker.close()
    changing = asyncio.create_task(_change(stack, analysis_id))
    try:
        yield replace(target, analysis_id=analysis_id)
    finally:
        changing.cancel()
        await asyncio.gather(changing, return_exceptions=True)


async def _change(stack: Stack, analysis_id: str) -> None:
    """Let an analysis that has ended run again, and change as if it never ended."""
    connection = await stack.postgres.connect("results_api")
    try:
        while True:
            await connection.execute(
                "UPDATE analysis_views SET status = 'processing', ended_at = NULL, version = version + 1"
                " WHERE analysis_id = $1",
                uuid.UUID(analysis_id),
            )
            await asyncio.sleep(1 / _CHANGES_PER_SECOND)
    finally:
        await connection.close()


async def _person(stack: Stack) -> Requests:
    """What one person asks for."""
    token = stack.token(user_id=uuid.uuid4())
    person = ApiClient(url=stack.url, token=token)
    candidate_id = await person.new_candidate()
    resume_id = (await person.upload(candidate_id, "cv.txt", _RESUME)).json()["id"]
    analysis_id = (await person.analyze(resume_id)).json()["analysis_id"]
    await person.ended(analysis_id)
    await person.close()
    close = ["connection: close"]
    return Requests(
        ordinary=[
            raw_request(
                "GET", f"/api/v1/analysis/analysis/{analysis_id}/status", token=token, headers=close
            ).encode(),
            raw_request("GET", "/api/v1/analysis/", token=token, headers=close).encode(),
            raw_request(
                "POST",
                f"/api/v1/analysis/resumes/{resume_id}/analyze",
                token=token,
                body={"industry": "strategy_tech"},
                headers=close,
            ).encode(),
        ],
        uploads=[upload(candidate_id, _RESUME, token=token, name="cv.txt")],
    )


async def _recovered(stack: Stack, requests: Sequence[bytes]) -> None:
    """Wait until the attack is over and forgotten."""

    async def answers() -> bool:
        seen = Experience()
        await asyncio.gather(*(_ask(stack.ports.gateway, one, seen) for one in requests[:3]))
        return not seen.failures

    await eventually(answers, deadline_seconds=90, every_seconds=1)
    await asyncio.sleep(5)


def _row(what: str, seen: Experience, told: str, memory: str) -> None:
    success = f"{seen.success:.1f} %" + (f" ({seen.failures})" if seen.failures else "")
    p50, p99 = seen.milliseconds(50), seen.milliseconds(99)
    print(f"| {what} | {success} | {p50:.0f} | {p99:.0f} | {told} | {memory} |", flush=True)


async def _legacy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Play a legacy backend that reads a login and answers it."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        await reader.readexactly(int(head.partition("content-length:")[2].split("\r\n")[0] or 0))
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        await writer.drain()
    except (OSError, EOFError):
        pass
    finally:
        writer.close()


def main() -> int:
    """Read the command line, and flood."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("scenarios", nargs="*", choices=[*SCENARIOS, []], metavar="SCENARIO")
    parser.add_argument("--seconds", type=float, default=30, help="to measure, in peace and under attack")
    asked = parser.parse_args()
    # The attacker's and the gateway's connections.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return run(flood(asked.scenarios or list(SCENARIOS), seconds=asked.seconds))


if __name__ == "__main__":
    sys.exit(main())
