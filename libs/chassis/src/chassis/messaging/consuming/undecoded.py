"""Records as FastStream hands them on undecoded: it could not decode every header that may come."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiokafka import ConsumerRecord, TopicPartition
from faststream.kafka import KafkaBroker, KafkaMessage

from chassis.messaging.spans import trace_of

Raw = TypeVar("Raw", ConsumerRecord, tuple[ConsumerRecord, ...])


async def keep_undecoded(raw: Raw, parse: Callable[[Raw], Awaitable[KafkaMessage]]) -> KafkaMessage:
    """FastStream's own message, for the acknowledgement, with the record or the batch in `raw_message`."""
    message = await parse(
        tuple(map(_without_headers, raw)) if isinstance(raw, tuple) else _without_headers(raw)
    )
    message.raw_message = raw
    return message


async def keep_message(message: KafkaMessage) -> KafkaMessage:
    """The message for the handler: subscribers decode each record by themselves."""
    return message


def subscribe_to_every_record(
    broker: KafkaBroker, topic: str, take: Callable[[ConsumerRecord], None]
) -> None:
    """Give each process what is written to a topic from its start on; nothing is committed or repeated."""

    async def consume(message: KafkaMessage) -> None:
        for raw in message.raw_message:
            take(raw)

    broker.subscriber(
        topic,
        batch=True,
        batch_timeout_ms=100,
        auto_offset_reset="latest",
        parser=keep_undecoded,
        decoder=keep_message,
        no_reply=True,
    )(consume)


def partition_of(raw: ConsumerRecord) -> TopicPartition:
    """The partition that it came from."""
    return TopicPartition(raw.topic, raw.partition)


def log_fields(raw: ConsumerRecord) -> dict[str, str | int]:
    """For log lines about a record."""
    return {"topic": raw.topic, "partition": raw.partition, "offset": raw.offset, **trace_of(raw)}


def _without_headers(raw: ConsumerRecord) -> ConsumerRecord:
    return ConsumerRecord(
        raw.topic, raw.partition, raw.offset, raw.timestamp, raw.timestamp_type,
        raw.key, None, raw.checksum, raw.serialized_key_size, raw.serialized_value_size, (),
    )  # fmt: skip
