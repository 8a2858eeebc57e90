"""The broker is stopped in time, whatever it is doing."""

import asyncio
import contextlib
from typing import Any, cast

from chassis.deadline import Deadline
from chassis.kafka.consuming import Consuming


class FakeBroker:
    """Swallows a cancellation while it starts, as aiokafka may."""

    def __init__(self) -> None:
        self.starting = asyncio.Event()
        self.stopped = 0

    async def start(self) -> None:
        self.starting.set()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(60)

    async def stop(self) -> None:
        self.stopped += 1


class FakeSubscriber:
    async def prepare(self) -> None:
        """Nothing has to be there."""

    async def drain(self, seconds: float) -> None:
        """Nothing runs."""

    async def close(self) -> None:
        """Nothing is open."""


async def test_a_stop_while_the_broker_starts_is_not_forgotten() -> None:
    broker = FakeBroker()
    consuming = Consuming(broker=cast("Any", broker), subscriber=cast("Any", FakeSubscriber()))
    consuming.start()
    await broker.starting.wait()
    async with asyncio.timeout(1):
        await consuming.stop(deadline=Deadline(seconds=1))
    assert broker.stopped
