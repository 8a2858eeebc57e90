"""A producer that connects when it is needed and reconnects after a failure."""

import asyncio
import contextlib
import contextvars
from collections.abc import Callable

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

# aiokafka's batches never expire by themselves.
SEND_TIMEOUT_SECONDS = 15
# Stopping a producer flushes it, and flushing waits for a broker that may be unavailable.
STOP_TIMEOUT_SECONDS = 2


class ReconnectingProducer:
    """Provides a started producer.

    A caller whose send fails drops the producer, because aiokafka does not report that its sender task died.
    """

    def __init__(self, create: Callable[[], AIOKafkaProducer]) -> None:
        self._create = create
        self._producer: AIOKafkaProducer | None = None
        self._starting = asyncio.Lock()

    async def ready(self) -> AIOKafkaProducer:
        """Return the started producer.

        Raises:
            KafkaError, OSError, TimeoutError: no broker answers.
        """
        async with self._starting:
            if self._producer is None:
                producer = self._create()
                try:
                    async with asyncio.timeout(SEND_TIMEOUT_SECONDS):
                        # Without the caller's context: its background tasks must not log the caller's ids.
                        await asyncio.create_task(producer.start(), context=contextvars.Context())
                except BaseException:
                    await _stop(producer)
                    raise
                self._producer = producer
            return self._producer

    async def drop(self, producer: AIOKafkaProducer) -> None:
        """Stop this producer unless it was replaced already; the next `ready` creates another."""
        if self._producer is producer:
            self._producer = None
            await _stop(producer)

    async def stop(self) -> None:
        """Close the connection."""
        if self._producer is not None:
            await self.drop(self._producer)


async def _stop(producer: AIOKafkaProducer) -> None:
    try:
        async with asyncio.timeout(STOP_TIMEOUT_SECONDS):
            await producer.stop()
    except (KafkaError, TimeoutError, OSError):
        # A `stop` that is interrupted while flushing leaves the sender and its connections running.
        with contextlib.suppress(KafkaError, OSError, asyncio.CancelledError):
            await producer._sender.close()
        with contextlib.suppress(KafkaError, OSError):
            await producer.client.close()
