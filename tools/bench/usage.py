"""What processes took: CPU time and memory, as Linux counts them."""

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_SAMPLE_SECONDS: Final = 0.25


def tree(pid: int) -> list[int]:
    """A process and all that it started."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += tree(int(child))
    return found


def cpu_seconds(pid: int) -> float:
    """Of a process and its living children, since they began, with that of children that ended."""
    total = 0
    for one in tree(pid):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            total += sum(map(int, fields[11:15]))
    return total / _TICKS


def memory_mb(pid: int) -> float:
    """What a process and its children hold in memory, shared pages counted for each."""
    pages = 0
    for one in tree(pid):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            pages += int(Path(f"/proc/{one}/statm").read_text().split()[1])
    return pages * _PAGE / 2**20


def own_memory_mb(pid: int) -> float:
    """The same of one process, with what it shares with others shared out."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("Linux does not tell the memory of a process")


class Watch:
    """Memory of several processes over time, by their names."""

    def __init__(self) -> None:
        self.megabytes: dict[str, list[float]] = {}
        self.seconds: list[float] = []


@asynccontextmanager
async def watching(processes: Mapping[str, int]) -> AsyncIterator[Watch]:
    """Look several times a second while the block lasts."""
    watch = Watch()

    async def look() -> None:
        while True:
            watch.seconds.append(time.monotonic())
            for name, pid in processes.items():
                watch.megabytes.setdefault(name, []).append(memory_mb(pid))
            await asyncio.sleep(_SAMPLE_SECONDS)

    task = asyncio.create_task(look())
    try:
        yield watch
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
