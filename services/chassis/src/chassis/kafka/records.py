"""What a handler is given, and how it says that a record cannot be understood."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiokafka import ConsumerRecord


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

    def header(self, name: str) -> str:
        """A header that must be there.

        Raises:
            PoisonRecord: it is not.
        """
        try:
            return self.headers[name]
        except KeyError:
            message = f"The header {name} is missing."
            raise PoisonRecord(message) from None

    def json_object(self) -> dict[str, Any]:
        """The value, read as a JSON object in UTF-8.

        Raises:
            PoisonRecord: there is no value (a tombstone), or it is something else.
        """
        if self.value is None:
            message = "The record has no value."
            raise PoisonRecord(message)
        try:
            parsed = json.loads(self.value.decode())
        except UnicodeDecodeError as error:
            message = "The value is not UTF-8."
            raise PoisonRecord(message) from error
        except (ValueError, RecursionError) as error:
            message = "The value is not JSON."
            raise PoisonRecord(message) from error
        if not isinstance(parsed, dict):
            message = "The value is not a JSON object."
            raise PoisonRecord(message)
        return parsed


def parse_record(raw: ConsumerRecord, *, max_value_bytes: int) -> Record:
    """Decode key and headers; the value stays bytes.

    Raises:
        PoisonRecord: key or headers are not UTF-8, or the value is larger than `max_value_bytes`.
    """
    if raw.value is not None and len(raw.value) > max_value_bytes:
        message = f"The value has {len(raw.value)} bytes, more than {max_value_bytes}."
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
