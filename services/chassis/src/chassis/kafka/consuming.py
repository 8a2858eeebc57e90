"""Keeps a broker's subscribers running from start to stop, also when Kafka is not there at first."""

import asyncio
import contextlib

from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker

from chassis.kafka.subscriber import ParallelSubscriber
from chassis.logs import get_logger

log = get_logger(__name__)

MAX_BACKOFF_SECONDS = 5.0


class Consuming:
    """Starts the broker in the background, again and again until Kafka answers."""

    def __init__(self, *, broker: KafkaBroker, subscriber: ParallelSubscriber) -> None:
        self._broker = broker
        self._subscriber = subscriber
        self._starting: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; returns at once."""
        self._starting = asyncio.create_task(self._start(), name="start consuming")

    async def _start(self) -> None:
        backoff = 0.2
        while True:
            try:
                await self._broker.start()
            except (KafkaError, OSError) as error:
                log.warning("Kafka does not answer, will try again", error=type(error).__name__)
                with contextlib.suppress(KafkaError, OSError):
                    await self._broker.stop()
                await asyncio.sleep(backoff)
                backoff = min(backoff * 2, MAX_BACKOFF_SECONDS)
            else:
                log.info("consuming")
                return

    async def check(self) -> str | None:
        """For the readiness of a service that can do nothing without Kafka."""
        if self._is_starting:
            return "Kafka does not answer"
        return await self._subscriber.check()

    async def check_alive(self) -> str | None:
        """For the readiness of a service that works on without Kafka: is anything dead that should run?"""
        if self._is_starting:
            return None
        health = self._subscriber.health()
        alive = health.running and health.fetching and health.committing
        return None if alive else health.problem

    @property
    def _is_starting(self) -> bool:
        return self._starting is not None and not self._starting.done()

    async def stop(self) -> None:
        """Finish running work within the broker's drain time, commit it, leave the group."""
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        with contextlib.suppress(KafkaError, OSError):
            await self._broker.stop()
