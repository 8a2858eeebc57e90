"""Slows down the disk of a server by limiting the writes per second of its processes."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from tests.support.telemetry.process_usage import process_tree

# Control groups version 1. Version 2 offers the same as `io.max`, if it is enabled.
_BLKIO: Final = Path("/sys/fs/cgroup/blkio")
_LIMIT: Final = "blkio.throttle.write_iops_device"


def unavailable_reason(folder: Path) -> str | None:
    """Return why the disk of a folder cannot be slowed down on this machine, or None."""
    if not os.access(_BLKIO / "cgroup.procs", os.W_OK):
        return "control groups version 1 are not writable"
    return None if _device(folder) else "the folder is on no disk"


@asynccontextmanager
async def slow_disk(pid: int, folder: Path, *, writes_per_second: int) -> AsyncIterator[None]:
    """Limit the writes of a process and its children to the disk of a folder; fsync then waits for them."""
    group = _BLKIO / f"resume-review-chaos-{pid}"
    group.mkdir()
    try:
        limit = group / _LIMIT
        limit.write_text(f"{_device(folder)} {writes_per_second}")
        _move(pid, group)
        yield
        # Zero removes the limit, also for writes that already wait.
        limit.write_text(f"{_device(folder)} 0")
    finally:
        _move(pid, _BLKIO)
        async with asyncio.timeout(10):
            while (group / "cgroup.procs").read_text():
                _move(pid, _BLKIO)
                await asyncio.sleep(0.1)
        group.rmdir()


def _move(pid: int, group: Path) -> None:
    """Move a process tree to a control group, parents first, so that new children are in it too."""
    for each in process_tree(pid):
        try:
            (group / "cgroup.procs").write_text(str(each))
        except ProcessLookupError:
            continue


def _device(folder: Path) -> str | None:
    """Return the device number of the disk that a folder is on, or None."""
    number = folder.stat().st_dev
    block = Path(f"/sys/dev/block/{os.major(number)}:{os.minor(number)}")
    if not block.exists():
        return None
    disk = block.resolve()
    return ((disk.parent if (disk / "partition").exists() else disk) / "dev").read_text().strip()
