"""Samples the memory of processes while a measurement runs."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

from tests.support.telemetry.process_usage import memory_mb

_SAMPLE_SECONDS: Final = 0.25


@asynccontextmanager
async def sample_memory(processes: Mapping[str, int]) -> AsyncIterator[dict[str, list[float]]]:
    """Sample the memory of processes (pids by name) during the block; yield megabytes by name."""
    samples: dict[str, list[float]] = {name: [] for name in processes}

    async def sample() -> None:
        while True:
            for name, pid in processes.items():
                samples[name].append(memory_mb(pid))
            await asyncio.sleep(_SAMPLE_SECONDS)

    task = asyncio.create_task(sample())
    try:
        yield samples
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
