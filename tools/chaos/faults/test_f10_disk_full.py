"""F10: the disk under PostgreSQL is full."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tools.chaos.probes import operations_between, run_for, wait_for_progress
from tools.chaos.run import Scale, Verdict, chaos_run
from tools.chaos.stack.chaos_stack import ChaosStack

# A new cluster with the databases takes about 80 MB.
DISK_MB = 250
FULL_SECONDS = 8


@pytest.fixture
async def disk(tmp_path: Path) -> AsyncIterator[Path]:
    """Mount a small disk for the data of PostgreSQL."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a disk")
    folder = tmp_path / "data" / "postgres"
    folder.mkdir(parents=True, mode=0o700)
    mount = await asyncio.create_subprocess_exec(
        "mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=0700", "tmpfs", folder
    )
    if await mount.wait() != 0:
        pytest.skip("nothing may be mounted here")
    yield folder
    unmount = await asyncio.create_subprocess_exec("umount", folder)
    assert await unmount.wait() == 0


def fill(disk: Path) -> Path:
    """Fill a disk; return the file to delete to make room again."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(1 << 20))
        except OSError:
            pass
    return ballast


@pytest.mark.timeout(600)
async def test_f10_disk_full(tmp_path: Path, disk: Path, scale: Scale, verdict: Verdict) -> None:
    async with ChaosStack(folder=tmp_path) as stack, chaos_run(stack, pace=0.3, seed=scale.seed) as run:
        await wait_for_progress(run, within=30)
        with run.interrupting("analyzer-1"):
            ballast = await asyncio.to_thread(fill, disk)
            since, until = await run_for(FULL_SECONDS)
            ballast.unlink()
            # Without room for its log, PostgreSQL ends; a supervisor would restart it.
            if not stack.postgres.process.running:
                await stack.postgres.start()
        await wait_for_progress(run, within=10)
        await verdict(run)
        codes = {each["http"] for each in operations_between(run, since=since, until=until, op="submit")}
    assert 503 in codes
    # 202 while there was room, 404 and 409 for deleted resumes and keys in use.
    assert codes <= {202, 404, 409, 503}
