"""Measurements and waits of fault tests while the system runs."""

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
from tools.chaos.stack.service_instance import ServiceInstance

_LATENCIES: Final = """
    SELECT extract(epoch FROM ended_at - requested_at)::float8 AS seconds FROM analysis_views
    WHERE status = 'completed' AND requested_at > $1
"""


async def count_completed(stack: ChaosStack) -> int:
    """Count the completed analyses in the read model."""
    return await value_of(
        stack, "results_api", "SELECT count(*) FROM analysis_views WHERE status = 'completed'"
    )


async def wait_for_progress(run: Run, *, within: float) -> float:
    """Wait until another analysis is completed; return the seconds that this took.

    Raises:
        AssertionError: No analysis was completed in time.
    """
    started, before = time.monotonic(), await count_completed(run.stack)
    await eventually(
        lambda: count_completed(run.stack),
        until=lambda now: now > before,
        deadline_seconds=within,
        every_seconds=0.1,
    )
    return time.monotonic() - started


def operations_between(run: Run, *, since: float, until: float, op: str) -> list[dict[str, Any]]:
    """Return the operations that began and ended within a period."""
    lines = map(json.loads, (run.stack.evidence / "history.jsonl").read_text().splitlines())
    return [line for line in lines if line["op"] == op and since <= line["begun"] and line["ended"] <= until]


async def measure_latencies(run: Run, *, seconds: float) -> list[float]:
    """Return the latencies, in seconds, of analyses requested and completed in the next `seconds`."""
    connection = await run.stack.postgres.connect("results_api")
    try:
        since = await connection.fetchval("SELECT now()")
        await asyncio.sleep(seconds)
        rows = await connection.fetch(_LATENCIES, since)
    finally:
        await connection.close()
    return [row["seconds"] for row in rows]


async def read_metric(instance: ServiceInstance, name: str) -> float:
    """Read one metric of an instance."""
    async with httpx2.AsyncClient(trust_env=False, timeout=5) as client:
        page = (await client.get(f"http://{LOOPBACK}:{instance.port}/metrics")).text
    (line,) = [line for line in page.splitlines() if line.startswith(f"{name} ")]
    return float(line.split()[1])


def resident_mb(instance: ServiceInstance) -> float:
    """Return the resident memory of an instance and its children in megabytes."""
    assert instance.pid is not None
    return memory_mb(instance.pid)


async def run_for(seconds: float) -> tuple[float, float]:
    """Let the system run; return when that began and ended."""
    begun = time.monotonic()
    await asyncio.sleep(seconds)
    return begun, time.monotonic()


async def wait_for_recovery(run: Run, *, within: float, after: str = "the fault") -> float:
    """Wait until new analyses complete, directly and through the gateway, and every instance is ready.

    Raises:
        AssertionError: The system did not recover in time.
    """
    begun = time.monotonic()
    try:
        async with asyncio.timeout(within):
            await asyncio.gather(*(run.load.complete_one(client) for client in (0, 1)))
            await eventually(
                lambda: _not_ready(run.stack), until=lambda unready: not unready, every_seconds=0.1
            )
    except TimeoutError:
        unready = await _not_ready(run.stack)
        raise AssertionError(f"not recovered {within:.0f} s after {after}; not ready: {unready}") from None
    return time.monotonic() - begun


async def _not_ready(stack: ChaosStack) -> list[str]:
    instances = list(stack.instances.values())
    ready = await asyncio.gather(*(each.is_ready() for each in instances))
    return [each.name for each, is_ready in zip(instances, ready, strict=True) if not is_ready]
