"""The runner stops its broker within the deadline in every state."""

import asyncio
import contextlib
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiokafka.errors import KafkaError
from chassis.deadline import Deadline
from chassis.messaging.consuming import runner as module
from chassis.messaging.consuming.runner import ConsumerRunner

from tests.support.polling import eventually


class FakeBroker:
    """A broker that swallows a cancellation while it starts, as aiokafka may."""

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
    reason: str | None = None
    closed = 0

    def health(self) -> SimpleNamespace:
        return SimpleNamespace(broken=self.reason)

    async def prepare(self) -> None:
        """Do nothing: there is no state to reset."""

    async def drain(self, seconds: float) -> None:
        """Do nothing: no handler runs."""

    async def close(self) -> None:
        self.closed += 1


class DeadBroker(FakeBroker):
    """A broker that starts at once and raises the error of its dead client when it is stopped."""

    async def start(self) -> None:
        self.starting.set()

    async def stop(self) -> None:
        self.stopped += 1
        raise ExceptionGroup("subscribers", [KafkaError()])


async def test_dead_client_is_replaced_even_if_its_stop_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WATCH_SECONDS", 0.01)
    broker, subscriber = DeadBroker(), FakeSubscriber()
    subscriber.reason = "The fetch loop has ended."
    consuming = ConsumerRunner(broker=cast("Any", broker), subscriber=cast("Any", subscriber))
    await consuming.start()

    async def stopped() -> int:
        return broker.stopped

    await eventually(stopped, until=lambda count: count >= 3)
    assert await consuming.check_alive() == subscriber.reason
    await consuming.stop(deadline=Deadline(seconds=1))
    assert subscriber.closed == broker.stopped


async def test_stop_takes_effect_while_the_broker_starts() -> None:
    broker = FakeBroker()
    consuming = ConsumerRunner(broker=cast("Any", broker), subscriber=cast("Any", FakeSubscriber()))
    await consuming.start()
    await broker.starting.wait()
    async with asyncio.timeout(1):
        await consuming.stop(deadline=Deadline(seconds=1))
    assert broker.stopped
