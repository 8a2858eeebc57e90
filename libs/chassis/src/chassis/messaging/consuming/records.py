"""Decoded records, and the error of a record that cannot be decoded."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from aiokafka import ConsumerRecord

MAX_VALUE_BYTES: Final = 4 * 1024 * 1024


class PoisonRecord(Exception):
    """A record that can never be handled; it becomes a dead letter at once.

    The message is written to a header and to logs, so it must not quote the record. Raise the error from its
    cause, whose message is written to neither.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A Kafka record. `timestamp` is of the producer's or the broker's clock; do not order by it."""

    topic: str
    partition: int
    offset: int
    key: str | None
    value: bytes | None
    headers: dict[str, str]
    timestamp: datetime


def parse_record(record: ConsumerRecord) -> Record:
    """Decode the key and the headers; the value stays bytes.

    Raises:
        PoisonRecord: key or headers are not UTF-8, or the value is larger than MAX_VALUE_BYTES.
    """
    if record.value is not None and len(record.value) > MAX_VALUE_BYTES:
        message = f"The value has {len(record.value)} bytes, more than {MAX_VALUE_BYTES}."
        raise PoisonRecord(message)
    try:
        return Record(
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            key=None if record.key is None else record.key.decode(),
            value=record.value,
            headers={name: value.decode() for name, value in record.headers if value is not None},
            timestamp=datetime.fromtimestamp(max(record.timestamp, 0) / 1000, tz=UTC),
        )
    except (UnicodeDecodeError, OverflowError, ValueError) as error:
        message = "The key, a header or the timestamp cannot be decoded."
        raise PoisonRecord(message) from error
