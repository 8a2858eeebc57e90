"""Keeps a broker's subscriber running from start to stop, also when Kafka is not there at first."""

import asyncio
from typing import Protocol

from faststream.kafka import KafkaBroker

from chassis.deadline import Deadline
from chassis.messaging.clients import LEAVING_SECONDS
from chassis.messaging.consuming.health import SubscriberHealth
from chassis.messaging.consuming.lag import LagMonitor
from chassis.telemetry.logs import get_logger

log = get_logger(__name__)

MAX_BACKOFF_SECONDS = 5.0
# How often to see whether the subscriber still lives: soon enough for nobody to notice, and it costs nothing.
WATCH_SECONDS = 2.0
# Leaving the group may wait for an answer of a broker that is away.
LEAVE_TIMEOUT_SECONDS = 10.0


class Subscriber(Protocol):
    """What is registered with the broker."""

    lag: LagMonitor

    def health(self) -> SubscriberHealth: ...

    async def prepare(self) -> None:
        """Before each start of the broker."""

    async def drain(self, seconds: float) -> None:
        """Before each stop of the broker; what has begun gets so many seconds to end."""

    async def close(self) -> None:
        """After each stop of the broker."""


class ConsumerRunner:
    """Starts the broker in the background, again and again until Kafka answers, and anew where it broke."""

    def __init__(self, *, broker: KafkaBroker, subscriber: Subscriber) -> None:
        self._broker = broker
        self._subscriber = subscriber
        self._started = False
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start in the background."""
        self._task = asyncio.create_task(self._run(), name="consuming")

    async def check(self) -> str | None:
        """For the readiness of a service that can do nothing without Kafka."""
        if dead := self._dead():
            return dead
        if not self._started:
            return "there is no connection to Kafka; the log says why"
        return self._subscriber.health().problem or await self.check_progress()

    async def check_alive(self) -> str | None:
        """For the readiness of a service that works on without Kafka: is anything dead that should run?"""
        return self._dead() or self._subscriber.health().broken

    async def check_progress(self) -> str | None:
        """For readiness: does the broker see records done? None while it cannot be asked."""
        return self._subscriber.lag.progress.problem

    def _dead(self) -> str | None:
        return None if self._task is not None and not self._task.done() else "nothing consumes any more"

    async def stop(self, *, deadline: Deadline) -> None:
        """Finish running work, commit it, leave the group; what is not done by the deadline is abandoned."""
        if self._task is not None:
            self._task.cancel()
            # aiokafka may lose the cancellation while it joins its group.
            await asyncio.wait([self._task], timeout=deadline.seconds_left)
        await self._stop_broker(seconds=deadline.seconds_left)

    async def _run(self) -> None:
        backoff = 0.2
        while not _is_cancelled():
            try:
                await self._subscriber.prepare()
                await self._broker.start()
            except Exception as error:  # noqa: BLE001 - whatever it is: said, and tried again
                log.warning("consuming could not start, will try again", error=type(error).__name__)
                await self._stop_broker(seconds=LEAVE_TIMEOUT_SECONDS)
                await asyncio.sleep(backoff)
                backoff = min(backoff * 2, MAX_BACKOFF_SECONDS)
                continue
            if _is_cancelled():
                return
            self._started, backoff = True, 0.2
            log.info("consuming")
            log.error("consuming broke, will start anew", reason=await self._broken())
            self._started = False
            await self._stop_broker(seconds=LEAVE_TIMEOUT_SECONDS)

    async def _broken(self) -> str:
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            if reason := self._subscriber.health().broken or self._subscriber.lag.progress.problem:
                return reason

    async def _stop_broker(self, *, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._subscriber.drain(max(0.0, seconds - LEAVING_SECONDS))
                await self._broker.stop()
        except TimeoutError:
            log.warning("the broker was not left in time")
        except Exception as error:  # noqa: BLE001 - what a dead client ends in, a group of errors as well
            log.warning("the broker was not left in order", error=type(error).__name__)
        finally:
            await self._subscriber.close()


def _is_cancelled() -> bool:
    """The client swallows a cancellation that comes while it joins its group."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
