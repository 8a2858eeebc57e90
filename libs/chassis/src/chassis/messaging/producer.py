"""A producer that is made when it is needed, and anew after a failure."""

import asyncio
import contextlib
import contextvars
from collections.abc import Callable

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

# What is not acknowledged by then will not be: aiokafka's batches never expire by themselves.
SEND_TIMEOUT_SECONDS = 15
# Stopping a producer flushes it, and flushing waits for a broker that may be away.
STOP_TIMEOUT_SECONDS = 2


class ReconnectingProducer:
    """Whoever sees a send fail drops the producer: its sender may have died, and would never say so."""

    def __init__(self, create: Callable[[], AIOKafkaProducer]) -> None:
        self._create = create
        self._producer: AIOKafkaProducer | None = None
        self._starting = asyncio.Lock()

    async def ready(self) -> AIOKafkaProducer:
        """The producer, started.

        Raises:
            KafkaError, OSError, TimeoutError: there is no broker.
        """
        async with self._starting:
            if self._producer is None:
                producer = self._create()
                try:
                    async with asyncio.timeout(SEND_TIMEOUT_SECONDS):
                        # Its background tasks outlive the work that needs it first, and must not log its ids.
                        await asyncio.create_task(producer.start(), context=contextvars.Context())
                except BaseException:
                    await _stop(producer)
                    raise
                self._producer = producer
            return self._producer

    async def drop(self, producer: AIOKafkaProducer) -> None:
        """Stop this producer, unless it was replaced already; the next `ready` makes another."""
        if self._producer is producer:
            self._producer = None
            await _stop(producer)

    async def stop(self) -> None:
        """Close the connection; what was acknowledged stays so."""
        if self._producer is not None:
            await self.drop(self._producer)


async def _stop(producer: AIOKafkaProducer) -> None:
    try:
        async with asyncio.timeout(STOP_TIMEOUT_SECONDS):
            await producer.stop()
    except (KafkaError, TimeoutError, OSError):
        # Interrupted while flushing, `stop` leaves its sender and its connections behind, to send for ever.
        with contextlib.suppress(KafkaError, OSError, asyncio.CancelledError):
            await producer._sender.close()
        with contextlib.suppress(KafkaError, OSError):
            await producer.client.close()
