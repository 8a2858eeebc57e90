"""What tests of faults look at while the system runs."""

import asyncio
import json
import time
from typing import Any, Final

import httpx2
from local_stack.ports import LOOPBACK

from tests.support.polling import eventually
from tests.support.telemetry.process_usage import memory_mb
from tools.chaos.recording.collect import value_of
from tools.chaos.run import Run
from tools.chaos.stack.chaos_stack import ChaosStack
from tools.chaos.stack.forked_service import Forked

_LATENCIES: Final = """
    SELECT extract(epoch FROM ended_at - requested_at)::float8 AS seconds FROM analysis_views
    WHERE status = 'completed' AND requested_at > $1
"""


async def completed(stack: ChaosStack) -> int:
    """Analyses that are completed in the combined view."""
    return await value_of(
        stack, "results_api", "SELECT count(*) FROM analysis_views WHERE status = 'completed'"
    )


async def seconds_until_it_goes_on(run: Run, *, within: float) -> float:
    """Wait until more analyses are completed than now.

    Raises:
        AssertionError: none is, within the time.
    """
    started, before = time.monotonic(), await completed(run.stack)
    await eventually(
        lambda: completed(run.stack),
        until=lambda now: now > before,
        deadline_seconds=within,
        every_seconds=0.1,
    )
    return time.monotonic() - started


def operations(run: Run, *, since: float, until: float, op: str) -> list[dict[str, Any]]:
    """What clients did that began and ended within a time."""
    lines = map(json.loads, (run.stack.evidence / "history.jsonl").read_text().splitlines())
    return [line for line in lines if line["op"] == op and since <= line["begun"] and line["ended"] <= until]


async def latencies(run: Run, *, seconds: float) -> list[float]:
    """Let it run; seconds from request to end of what was completed meanwhile."""
    connection = await run.stack.postgres.connect("results_api")
    try:
        since = await connection.fetchval("SELECT now()")
        await asyncio.sleep(seconds)
        rows = await connection.fetch(_LATENCIES, since)
    finally:
        await connection.close()
    return [row["seconds"] for row in rows]


async def metric(instance: Forked, name: str) -> float:
    """A number of `/metrics`."""
    async with httpx2.AsyncClient(trust_env=False, timeout=5) as client:
        page = (await client.get(f"http://{LOOPBACK}:{instance.port}/metrics")).text
    (line,) = [line for line in page.splitlines() if line.startswith(f"{name} ")]
    return float(line.split()[1])


def resident_mb(instance: Forked) -> float:
    """Memory of the process and of those that it started, in megabytes."""
    assert instance.pid is not None
    return memory_mb(instance.pid)


async def for_seconds(seconds: float) -> tuple[float, float]:
    """Let it run; returns when that began and ended."""
    begun = time.monotonic()
    await asyncio.sleep(seconds)
    return begun, time.monotonic()


async def recovered(run: Run, *, within: float, after: str = "the fault") -> float:
    """Wait until new analyses are completed, directly and by the gateway, and every instance is ready.

    Raises:
        AssertionError: they were not, within the time.
    """
    begun = time.monotonic()
    try:
        async with asyncio.timeout(within):
            await asyncio.gather(*(run.load.complete_one(client) for client in (0, 1)))
            await eventually(
                lambda: _not_ready(run.stack), until=lambda waiting: not waiting, every_seconds=0.1
            )
    except TimeoutError:
        waiting = await _not_ready(run.stack)
        raise AssertionError(f"not recovered {within:.0f} s after {after}; not ready: {waiting}") from None
    return time.monotonic() - begun


async def _not_ready(stack: ChaosStack) -> list[str]:
    instances = list(stack.instances.values())
    ready = await asyncio.gather(*(each.is_ready() for each in instances))
    return [each.name for each, is_ready in zip(instances, ready, strict=True) if not is_ready]
