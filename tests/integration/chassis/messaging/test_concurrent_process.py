"""Processes of a consumer that are killed or stopped."""

import asyncio
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest_asyncio

from tests.integration.chassis.messaging.subscribing import Place, Written, ends_of, topic_of
from tests.support.polling import eventually

PROGRAM = Path(__file__).with_name("subscriber_process.py")
JOBS = 400


@pytest_asyncio.fixture
async def topic(kafka_bootstrap: str) -> AsyncIterator[Written]:
    async with topic_of(kafka_bootstrap, 4) as topic:
        yield topic


class Effects:
    """Starts and ends of jobs that the processes wrote to their file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def of(self, what: str) -> Counter[Place]:
        lines = self._path.read_text().splitlines() if self._path.exists() else []
        words = [line.split() for line in lines]
        return Counter((int(partition), int(offset)) for one, partition, offset in words if one == what)

    async def until(self, what: str, count: int) -> None:
        async def distinct() -> int:
            return len(self.of(what))

        await eventually(distinct, until=lambda found: found >= count, deadline_seconds=30)


@asynccontextmanager
async def consuming(
    topic: Written, path: Path, *, seconds: float
) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, PROGRAM, topic.bootstrap_servers, topic.name, topic.group, path, str(seconds)
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_killed_process_loses_no_record(topic: Written, tmp_path: Path) -> None:
    places = await topic.write(JOBS)
    effects = Effects(tmp_path / "effects")
    async with consuming(topic, tmp_path / "effects", seconds=0.4) as process:
        await effects.until("end", JOBS // 3)
        process.send_signal(signal.SIGKILL)
        await process.wait()
    ended_before = effects.of("end")
    assert len(ended_before) < JOBS
    committed = await topic.committed()
    assert sum(committed.values()) > 0
    below = {place for place in places if place[1] < committed[place[0]]}
    assert below <= set(ended_before)

    async with consuming(topic, tmp_path / "effects", seconds=0.05) as process:
        await effects.until("end", JOBS)
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    assert set(effects.of("end")) == set(places)
    assert await topic.committed() == ends_of(places)
    # Only uncommitted records are handled twice.
    assert {place for place, times in effects.of("start").items() if times > 1} <= set(places) - below


async def test_stopped_process_ends_its_jobs_and_commits_them(topic: Written, tmp_path: Path) -> None:
    places = await topic.write(200)
    effects = Effects(tmp_path / "effects")
    async with consuming(topic, tmp_path / "effects", seconds=1.0) as process:
        await effects.until("start", 48)
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    assert effects.of("start") == effects.of("end")
    committed = await topic.committed()
    assert {each: end for each, end in committed.items() if end} == ends_of(list(effects.of("end")))

    async with consuming(topic, tmp_path / "effects", seconds=0.05) as process:
        await effects.until("end", len(places))
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    assert effects.of("start") == Counter(places)
