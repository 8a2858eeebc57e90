"""Sends messages and says, for each, whether the broker has it."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from chassis.messages import OutgoingMessage

# What is not acknowledged by then will not be: aiokafka's batches never expire by themselves.
SEND_TIMEOUT_SECONDS = 15
# Stopping a producer flushes it, and flushing waits for a broker that may be away.
STOP_TIMEOUT_SECONDS = 2


class NotAcknowledged(KafkaError):  # type: ignore[misc] # aiokafka has no types
    """The broker did not say in time that it has the message; it may have it all the same."""


class Publisher:
    """One producer, replaced after every failure: its sender may have died, and would never say so."""

    def __init__(self, *, create_producer: Callable[[], AIOKafkaProducer]) -> None:
        self._create_producer = create_producer
        self._producer: AIOKafkaProducer | None = None
        self._starting = asyncio.Lock()

    async def publish(self, messages: Sequence[OutgoingMessage]) -> list[KafkaError | None]:
        """Hand all messages over in order, then wait for every acknowledgement.

        Returns None for each that the broker has, else the error.

        Raises:
            KafkaError, OSError, TimeoutError: there is no broker to hand anything to.
        """
        producer = await self._ready()
        acknowledgements: list[asyncio.Future[object]] = []
        with contextlib.suppress(KafkaError, TimeoutError):
            async with asyncio.timeout(SEND_TIMEOUT_SECONDS):
                for message in messages:
                    headers = [(name, value.encode()) for name, value in message.headers.items()]
                    acknowledgements.append(
                        await producer.send(
                            message.topic,
                            message.value.encode(),
                            key=message.key.encode(),
                            headers=headers,
                        )
                    )
                await asyncio.wait(acknowledgements)
        outcomes = [_outcome(acknowledgement) for acknowledgement in acknowledgements]
        outcomes += [NotAcknowledged()] * (len(messages) - len(outcomes))
        if any(outcomes):
            await self._drop(producer)
        return outcomes

    async def stop(self) -> None:
        """Close the connection; what was acknowledged stays so."""
        if self._producer is not None:
            await self._drop(self._producer)

    async def _ready(self) -> AIOKafkaProducer:
        async with self._starting:
            if self._producer is None:
                producer = self._create_producer()
                try:
                    async with asyncio.timeout(SEND_TIMEOUT_SECONDS):
                        await producer.start()
                except BaseException:
                    await _stop(producer)
                    raise
                self._producer = producer
            return self._producer

    async def _drop(self, producer: AIOKafkaProducer) -> None:
        if self._producer is producer:
            self._producer = None
        await _stop(producer)


async def _stop(producer: AIOKafkaProducer) -> None:
    with contextlib.suppress(KafkaError, TimeoutError, OSError):
        async with asyncio.timeout(STOP_TIMEOUT_SECONDS):
            await producer.stop()


def _outcome(acknowledgement: "asyncio.Future[object]") -> KafkaError | None:
    if not acknowledgement.done() or acknowledgement.cancelled():
        return NotAcknowledged()
    error = acknowledgement.exception()
    return error if error is None or isinstance(error, KafkaError) else NotAcknowledged(type(error).__name__)
