"""What a handler is given, and how it says that a record cannot be understood."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from aiokafka import ConsumerRecord

MAX_VALUE_BYTES: Final = 4 * 1024 * 1024


class PoisonRecord(Exception):
    """The record can never be handled; it goes to the dead letters at once.

    The sentence is written into a header and into logs: it says what is wrong and quotes nothing of the
    record. Raise it from its cause, whose text is kept out of both.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record of Kafka. `timestamp` is by the producer's or the broker's clock: order nothing by it."""

    topic: str
    partition: int
    offset: int
    key: str | None
    value: bytes | None
    headers: dict[str, str]
    timestamp: datetime


def parse_record(raw: ConsumerRecord) -> Record:
    """Decode key and headers; the value stays bytes.

    Raises:
        PoisonRecord: key or headers are not UTF-8, or the value is larger than MAX_VALUE_BYTES.
    """
    if raw.value is not None and len(raw.value) > MAX_VALUE_BYTES:
        message = f"The value has {len(raw.value)} bytes, more than {MAX_VALUE_BYTES}."
        raise PoisonRecord(message)
    try:
        return Record(
            topic=raw.topic,
            partition=raw.partition,
            offset=raw.offset,
            key=None if raw.key is None else raw.key.decode(),
            value=raw.value,
            headers={name: value.decode() for name, value in raw.headers if value is not None},
            timestamp=datetime.fromtimestamp(max(raw.timestamp, 0) / 1000, tz=UTC),
        )
    except (UnicodeDecodeError, OverflowError, ValueError) as error:
        message = "The key, a header or the timestamp cannot be decoded."
        raise PoisonRecord(message) from error
