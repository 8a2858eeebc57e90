"""Sends messages and says, for each, whether the broker has it."""

import asyncio
from collections.abc import Callable, Sequence

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from chassis.kafka.producer import SEND_TIMEOUT_SECONDS, RenewableProducer
from chassis.messages import OutgoingMessage


class NotAcknowledged(KafkaError):  # type: ignore[misc] # aiokafka has no types
    """The broker did not say in time that it has the message; it may have it all the same."""


class Publisher:
    """Pipelines messages through one producer."""

    def __init__(self, *, create_producer: Callable[[], AIOKafkaProducer]) -> None:
        self._producer = RenewableProducer(create_producer)

    async def publish(self, messages: Sequence[OutgoingMessage]) -> list[KafkaError | None]:
        """Hand all messages over in order, then wait for every acknowledgement.

        Returns None for each that the broker has, else the error.

        Raises:
            KafkaError, OSError, TimeoutError: there is no broker to hand anything to.
        """
        producer = await self._producer.ready()
        acknowledgements: list[asyncio.Future[object]] = []
        refused: KafkaError = NotAcknowledged()
        try:
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
        except KafkaError as error:
            refused = error
        except TimeoutError:
            pass
        if acknowledgements:
            await asyncio.wait(acknowledgements, timeout=SEND_TIMEOUT_SECONDS)
        outcomes = [_outcome(acknowledgement) for acknowledgement in acknowledgements]
        outcomes += [refused] * (len(messages) - len(outcomes))
        if any(outcomes):
            await self._producer.drop(producer)
        return outcomes

    async def stop(self) -> None:
        """Close the connection; what was acknowledged stays so."""
        await self._producer.stop()


def _outcome(acknowledgement: "asyncio.Future[object]") -> KafkaError | None:
    if not acknowledgement.done() or acknowledgement.cancelled():
        return NotAcknowledged()
    error = acknowledgement.exception()
    return error if error is None or isinstance(error, KafkaError) else NotAcknowledged(type(error).__name__)
