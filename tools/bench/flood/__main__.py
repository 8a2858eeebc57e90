"""Measures what other users notice while one caller floods the gateway: `make flood ARGS=SCENARIO`.

It starts a stack. Several users poll statuses, read lists and request analyses, first undisturbed and then
while an attacker floods from another address. If the attack is on the reading of files, they also upload. The
bar: 99 % of their requests succeed, and the p99 is at most twice the undisturbed one. The last line names the
scenarios that miss the bar, and the exit code is then 1. Each scenario takes about 2 minutes.
"""

import argparse
import asyncio
import json
import resource
import shutil
import sys
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from typing import Final

from local_stack.paths import ROOT
from local_stack.ports import LOOPBACK, Ports
from local_stack.processes.run import run
from local_stack.stack import Stack

from tests.support.http.api_client import ApiClient
from tests.support.polling import eventually
from tests.support.telemetry.process_usage import memory_mb
from tools.bench.flood.attacks import SCENARIOS, Counts, Target
from tools.bench.flood.users import RESUME, Outcomes, Requests, ask, create_user, measure, measure_all

DATA: Final = ROOT / ".local" / "flood"
# Every address of 127.0.0.0/8 is a separate source.
_ATTACKER: Final = "127.0.0.2"
_USERS: Final = 5
# The daily limit of analyses in the scenario that exceeds it. It is not a multiple of the attacker's 40
# concurrent requests, and the other users, who are more in that scenario, stay far below it.
_DAILY_LIMIT: Final = 250
_NO_DAILY_LIMIT: Final = 1_000_000
_MORE_USERS: Final = 20
# The rate of changes of the analysis that the attacker watches.
_CHANGES_PER_SECOND: Final = 5
# The time until the attacker has opened all its connections.
_RAMP_SECONDS: Final = 12


async def attacked(
    stack: Stack, target: Target, requests: Requests
) -> tuple[tuple[Outcomes, Outcomes], Counts, float]:
    """Measure during an attack; return outcomes, counts of the attack, and peak memory of the gateway."""
    attacker = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tools.bench.flood.attacks",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    attacking = asyncio.create_task(attacker.communicate(json.dumps(asdict(target)).encode()))
    memory: list[float] = []

    async def sample_memory() -> None:
        while True:
            memory.append(memory_mb(stack.gateway.process.pid or 0))
            await asyncio.sleep(0.5)

    sampling = asyncio.create_task(sample_memory())
    try:
        await asyncio.sleep(_RAMP_SECONDS)
        seen = await measure_all(stack.ports.gateway, requests, seconds=target.seconds - _RAMP_SECONDS - 1)
        written, _ = await attacking
    finally:
        sampling.cancel()
        if attacker.returncode is None:
            attacker.kill()
    if attacker.returncode:
        raise RuntimeError("the attack failed")
    return seen, Counts(**json.loads(written)), max(memory)


async def flood(scenarios: Sequence[str], *, seconds: float) -> int:
    """Measure the scenarios and return the exit code."""
    print(
        "| scenario | others, success | p50 ms | p99 ms | attacker: connections held, answers | gateway MB |"
    )
    print("|---|---|---|---|---|---|")
    missed: list[str] = []
    limited = [name for name in scenarios if name == "daily-limit"]
    others = [name for name in scenarios if name not in limited]
    for names, limit, users in ((others, _NO_DAILY_LIMIT, _USERS), (limited, _DAILY_LIMIT, _MORE_USERS)):
        if names:
            async with _stack(daily_limit=limit) as stack:
                missed += await _compare(stack, names, users=users, seconds=seconds)
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


async def _compare(stack: Stack, scenarios: Sequence[str], *, users: int, seconds: float) -> list[str]:
    """Print a row for each measurement and return the scenarios that miss the bar."""
    users_requests = [await create_user(stack) for _ in range(users)]
    everything = Requests(
        ordinary=[one for user in users_requests for one in user.ordinary],
        uploads=[one for user in users_requests for one in user.uploads],
    )
    await measure(stack.ports.gateway, everything.ordinary, seconds=5)
    missed = []
    for scenario in scenarios:
        requests = everything if scenario == "hostile-files" else replace(everything, uploads=[])
        # Half before and half after the attack, so that other load on the machine affects both figures.
        before = await measure_all(stack.ports.gateway, requests, seconds=seconds / 2)
        async with _attacker(stack, scenario, seconds=_RAMP_SECONDS + seconds + 1) as target:
            during, counts, memory = await attacked(stack, target, requests)
        await _recovered(stack, requests.ordinary)
        after = await measure_all(stack.ports.gateway, requests, seconds=seconds / 2)
        attack = f"{counts.most_held} of {counts.opened}, {counts.refused} refused, {counts.answers}"
        for what, asked, *parts in zip(
            (scenario, f"{scenario} (uploads)"),
            (requests.ordinary, requests.uploads),
            before,
            during,
            after,
            strict=True,
        ):
            if asked and _misses(what, *parts, attack=attack, memory=memory):
                missed.append(what)
    return missed


def _misses(
    what: str, before: Outcomes, seen: Outcomes, after: Outcomes, *, attack: str, memory: float
) -> bool:
    """Print both measurements and return True if the bar is missed."""
    undisturbed = before + after
    _row(f"{what}: in peace", undisturbed, "", "")
    _row(f"{what}: attacked", seen, attack, f"{memory:.0f}")
    return seen.success < 99 or seen.milliseconds(99) > 2 * undisturbed.milliseconds(99)


@asynccontextmanager
async def _attacker(stack: Stack, scenario: str, *, seconds: float) -> AsyncIterator[Target]:
    """Create a user with what the attack needs."""
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
        resume_id=(await attacker.upload(candidate_id, "cv.txt", RESUME)).json()["id"],
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
    """Make an ended analysis unfinished and change it repeatedly."""
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


async def _recovered(stack: Stack, requests: Sequence[bytes]) -> None:
    """Wait until the system answers normally again."""

    async def answers() -> bool:
        seen = Outcomes()
        await asyncio.gather(*(ask(stack.ports.gateway, one, seen) for one in requests[:3]))
        return not seen.failures

    await eventually(answers, deadline_seconds=90, every_seconds=1)
    await asyncio.sleep(5)


def _row(what: str, seen: Outcomes, attack: str, memory: str) -> None:
    success = f"{seen.success:.1f} %" + (f" ({seen.failures})" if seen.failures else "")
    p50, p99 = seen.milliseconds(50), seen.milliseconds(99)
    print(f"| {what} | {success} | {p50:.0f} | {p99:.0f} | {attack} | {memory} |", flush=True)


async def _legacy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer logins as a fake legacy backend."""
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
    """Parse the command line and run the flood."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("scenarios", nargs="*", choices=[*SCENARIOS, []], metavar="SCENARIO")
    parser.add_argument("--seconds", type=float, default=30, help="to measure, in peace and under attack")
    arguments = parser.parse_args()
    # The attacker and the gateway need many open connections.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return run(flood(arguments.scenarios or list(SCENARIOS), seconds=arguments.seconds))


if __name__ == "__main__":
    sys.exit(main())
