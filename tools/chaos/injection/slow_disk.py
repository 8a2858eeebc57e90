"""Slows down the disk under a server: the kernel lets its processes write only so many times a second."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from tests.support.telemetry.process_usage import process_tree

# Control groups of version 1. Version 2 has the same in `io.max`, where somebody has turned it on.
_BLKIO: Final = Path("/sys/fs/cgroup/blkio")
_LIMIT: Final = "blkio.throttle.write_iops_device"


def why_not(folder: Path) -> str | None:
    """Why the disk under a folder cannot be slowed down here."""
    if not os.access(_BLKIO / "cgroup.procs", os.W_OK):
        return "control groups of version 1 may not be written here"
    return None if _device(folder) else "the folder is on no disk"


@asynccontextmanager
async def slow_disk(pid: int, folder: Path, *, writes_per_second: int) -> AsyncIterator[None]:
    """Let a process and its children write so often to the disk of a folder, and wait for it in fsync."""
    group = _BLKIO / f"resume-review-chaos-{pid}"
    group.mkdir()
    try:
        limit = group / _LIMIT
        limit.write_text(f"{_device(folder)} {writes_per_second}")
        _move(pid, group)
        yield
        # Zero takes the limit away, also from what waits.
        limit.write_text(f"{_device(folder)} 0")
    finally:
        _move(pid, _BLKIO)
        async with asyncio.timeout(10):
            while (group / "cgroup.procs").read_text():
                _move(pid, _BLKIO)
                await asyncio.sleep(0.1)
        group.rmdir()


def _move(pid: int, group: Path) -> None:
    """The parent first: what it starts later is where it is."""
    for each in process_tree(pid):
        try:
            (group / "cgroup.procs").write_text(str(each))
        except ProcessLookupError:
            continue


def _device(folder: Path) -> str | None:
    """The whole disk that a folder is on, as the kernel numbers it; None where it is on none."""
    number = folder.stat().st_dev
    block = Path(f"/sys/dev/block/{os.major(number)}:{os.minor(number)}")
    if not block.exists():
        return None
    disk = block.resolve()
    return ((disk.parent if (disk / "partition").exists() else disk) / "dev").read_text().strip()
