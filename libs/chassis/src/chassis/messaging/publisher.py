"""Send messages, with a result for each."""

import asyncio
from collections.abc import Callable, Sequence

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from chassis.deadline import Deadline
from chassis.messaging.messages import OutgoingMessage
from chassis.messaging.producer import SEND_TIMEOUT_SECONDS, ReconnectingProducer
from chassis.messaging.spans import TracedMessage
from chassis.telemetry.trace import is_recording


class NotAcknowledged(KafkaError):  # type: ignore[misc] # aiokafka has no types
    """The broker did not acknowledge the message in time; it may have stored it nevertheless."""


class Publisher:
    """Pipelines messages through one producer."""

    def __init__(self, *, create_producer: Callable[[], AIOKafkaProducer]) -> None:
        self._producer = ReconnectingProducer(create_producer)

    async def publish(self, messages: Sequence[OutgoingMessage]) -> list[KafkaError | None]:
        """Send all messages in order, then wait for every acknowledgement.

        Returns:
            None for each message that the broker acknowledged, else the error.

        Raises:
            KafkaError, OSError, TimeoutError: no broker answers.
        """
        if not is_recording():
            return await self._publish(messages)
        traced = [TracedMessage(message) for message in messages]
        try:
            outcomes = await self._publish(traced)
        except BaseException as error:
            for each in traced:
                each.end(error)
            raise
        for each, outcome in zip(traced, outcomes, strict=True):
            each.end(outcome)
        return outcomes

    async def _publish(self, messages: Sequence[OutgoingMessage]) -> list[KafkaError | None]:
        producer = await self._producer.ready()
        deadline = Deadline(seconds=SEND_TIMEOUT_SECONDS)
        handed_over: list[asyncio.Future[object] | KafkaError] = []
        stuck: set[str] = set()
        for message in messages:
            # A later message must not overtake one of the same key that could not be sent.
            outcome = (
                NotAcknowledged() if message.key in stuck else await _hand_over(producer, message, deadline)
            )
            if isinstance(outcome, KafkaError) and not is_refusal(outcome):
                stuck.add(message.key)
            handed_over.append(outcome)
        acknowledgements = [each for each in handed_over if not isinstance(each, KafkaError)]
        if acknowledgements:
            await asyncio.wait(acknowledgements, timeout=deadline.seconds_left)
        outcomes = [each if isinstance(each, KafkaError) else _outcome(each) for each in handed_over]
        if any(error is not None and not is_refusal(error) for error in outcomes):
            await self._producer.drop(producer)
        return outcomes

    async def stop(self) -> None:
        """Close the connection."""
        await self._producer.stop()


def is_refusal(error: KafkaError) -> bool:
    """Tell if Kafka rejects this message for good."""
    return isinstance(error, MessageSizeTooLargeError)


async def _hand_over(
    producer: AIOKafkaProducer, message: OutgoingMessage, deadline: Deadline
) -> "asyncio.Future[object] | KafkaError":
    headers = [(name, value.encode()) for name, value in message.headers.items()]
    try:
        async with asyncio.timeout(deadline.seconds_left):
            acknowledgement: asyncio.Future[object] = await producer.send(
                message.topic, message.value.encode(), key=message.key.encode(), headers=headers
            )
            return acknowledgement
    except KafkaError as error:
        return error
    except TimeoutError:
        return NotAcknowledged()


def _outcome(acknowledgement: "asyncio.Future[object]") -> KafkaError | None:
    if not acknowledgement.done() or acknowledgement.cancelled():
        return NotAcknowledged()
    error = acknowledgement.exception()
    return error if error is None or isinstance(error, KafkaError) else NotAcknowledged(type(error).__name__)
