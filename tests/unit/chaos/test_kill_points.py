"""F1 ends although a failpoint is never reached."""

import asyncio
from collections import Counter
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tools.chaos.faults import test_f01_f02_kills as f01
from tools.chaos.injection.failpoints import POINTS

UNREACHED = "analyzer.during-model"


class FakeInstance:
    """Dies at once at every failpoint but one, which it never reaches."""

    def __init__(self, kills: Counter[str]) -> None:
        self.launched: Counter[str] = Counter()
        self.is_running = True
        self._kills = kills
        self._point = ""

    async def launch(self, *, point: str, passage: int) -> None:
        assert 1 <= passage <= POINTS[point].passages
        self._point = point
        self.launched[point] += 1

    async def ended(self) -> None:
        if self._point == UNREACHED:
            await asyncio.Event().wait()
        self._kills[self._point] += 1

    async def stop(self) -> None:
        self.is_running = False

    async def start(self) -> None:
        self.is_running = True


async def test_failpoint_that_is_never_reached_ends_the_kills(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f01, "PATIENCE_SECONDS", 0.001)
    kills: Counter[str] = Counter()
    instance = FakeInstance(kills)
    run = SimpleNamespace(stack=SimpleNamespace(instances_of=lambda _: [instance]), kills=lambda: kills)
    async with asyncio.timeout(5):
        await f01.KillPoints(cast("Any", run), "analyzer", times=3, seed=1)()
    assert instance.launched[UNREACHED] == f01.RESTARTS
    assert not kills[UNREACHED]
    # It runs again without a failpoint.
    assert instance.is_running
