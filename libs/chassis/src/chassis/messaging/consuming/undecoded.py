"""Receive Kafka's records undecoded, because FastStream cannot decode every possible header."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiokafka import ConsumerRecord, TopicPartition
from faststream.kafka import KafkaBroker, KafkaMessage

from chassis.messaging.spans import trace_of

Records = TypeVar("Records", ConsumerRecord, tuple[ConsumerRecord, ...])


async def keep_undecoded(
    records: Records, parse: Callable[[Records], Awaitable[KafkaMessage]]
) -> KafkaMessage:
    """Return FastStream's message, for its acknowledgement, with the record or batch in `raw_message`."""
    bare = tuple(map(_without_headers, records)) if isinstance(records, tuple) else _without_headers(records)
    message = await parse(bare)
    message.raw_message = records
    return message


async def keep_message(message: KafkaMessage) -> KafkaMessage:
    """Return the message as it is; subscribers decode each record themselves."""
    return message


def subscribe_to_every_record(
    broker: KafkaBroker, topic: str, take: Callable[[ConsumerRecord], None]
) -> None:
    """Call `take` in each process with every record written after its start; nothing is committed."""

    async def consume(message: KafkaMessage) -> None:
        for record in message.raw_message:
            take(record)

    broker.subscriber(
        topic,
        batch=True,
        batch_timeout_ms=100,
        auto_offset_reset="latest",
        parser=keep_undecoded,
        decoder=keep_message,
        no_reply=True,
    )(consume)


def partition_of(record: ConsumerRecord) -> TopicPartition:
    """Return the partition that the record was read from."""
    return TopicPartition(record.topic, record.partition)


def log_fields(record: ConsumerRecord) -> dict[str, str | int]:
    """Return the fields that identify a record in log lines."""
    return {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        **trace_of(record),
    }


def _without_headers(record: ConsumerRecord) -> ConsumerRecord:
    return ConsumerRecord(
        record.topic, record.partition, record.offset, record.timestamp, record.timestamp_type,
        record.key, None, record.checksum, record.serialized_key_size, record.serialized_value_size, (),
    )  # fmt: skip
