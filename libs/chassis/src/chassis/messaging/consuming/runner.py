"""Run a subscriber from start to stop, also while Kafka is unavailable."""

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
# Interval of health checks, which only read memory.
WATCH_SECONDS = 2.0
# Leaving the group may wait for a broker that is unavailable.
LEAVE_TIMEOUT_SECONDS = 10.0


class Subscriber(Protocol):
    """A subscriber that is registered with a broker."""

    lag: LagMonitor

    def health(self) -> SubscriberHealth: ...

    async def prepare(self) -> None:
        """Reset state before each start of the broker."""

    async def drain(self, seconds: float) -> None:
        """Let running handlers end within `seconds`, before each stop of the broker."""

    async def close(self) -> None:
        """Release resources after each stop of the broker."""


class ConsumerRunner:
    """Starts the broker in the background with retries, and restarts it if its subscriber breaks."""

    def __init__(self, *, broker: KafkaBroker, subscriber: Subscriber) -> None:
        self._broker = broker
        self._subscriber = subscriber
        self._started = False
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start in the background."""
        self._task = asyncio.create_task(self._run(), name="consuming")

    async def check(self) -> str | None:
        """Check readiness of a service that depends on Kafka."""
        if dead := self._dead():
            return dead
        if not self._started:
            return "there is no connection to Kafka; the log says why"
        return self._subscriber.health().problem or await self.check_progress()

    async def check_alive(self) -> str | None:
        """Check readiness of a service that works without Kafka: fail only if a restart is needed."""
        return self._dead() or self._subscriber.health().broken

    async def check_progress(self) -> str | None:
        """Check that the broker sees records done. None while the broker does not answer."""
        return self._subscriber.lag.stall.problem

    def _dead(self) -> str | None:
        return None if self._task is not None and not self._task.done() else "the consumer task has ended"

    async def stop(self, *, deadline: Deadline) -> None:
        """Finish running work, commit it and leave the group. Work beyond the deadline is abandoned."""
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
            except Exception as error:  # noqa: BLE001 - every error is logged and retried
                log.warning("consumer could not start, retrying", error=type(error).__name__)
                await self._stop_broker(seconds=LEAVE_TIMEOUT_SECONDS)
                await asyncio.sleep(backoff)
                backoff = min(backoff * 2, MAX_BACKOFF_SECONDS)
                continue
            if _is_cancelled():
                return
            self._started, backoff = True, 0.2
            log.info("consumer started")
            log.error("consumer failed, restarting", reason=await self._broken())
            self._started = False
            await self._stop_broker(seconds=LEAVE_TIMEOUT_SECONDS)

    async def _broken(self) -> str:
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            if reason := self._subscriber.health().broken or self._subscriber.lag.stall.problem:
                return reason

    async def _stop_broker(self, *, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._subscriber.drain(max(0.0, seconds - LEAVING_SECONDS))
                await self._broker.stop()
        except TimeoutError:
            log.warning("stopping the broker timed out")
        except Exception as error:  # noqa: BLE001 - a dead client may raise anything
            log.warning("stopping the broker failed", error=type(error).__name__)
        finally:
            await self._subscriber.close()


def _is_cancelled() -> bool:
    """Tell if this task was cancelled: aiokafka swallows a cancellation while it joins its group."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
