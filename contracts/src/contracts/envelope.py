"""CloudEvents 1.0 in Kafka binary mode: attributes in `ce_*` headers, the event alone in the value."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from pydantic import ValidationError

from contracts.catalogue import EVENTS
from contracts.events import Event

_BY_TYPE = {event.type: event for event in EVENTS}


class UndecodableEvent(ValueError):
    """Raised for a record that is not a valid event. The message contains none of the record's content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedEvent:
    """An event ready to be published. Key, value and headers are text."""

    topic: str
    key: str
    value: str
    headers: Mapping[str, str]
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SerializedEvent:
    """An event that is already serialized to JSON, so that a large one is not parsed just to be published."""

    model: type[Event]
    subject: UUID
    value: str

    @property
    def type(self) -> str:
        return self.model.type

    @property
    def topic(self) -> str:
        return self.model.topic


def encode(
    event: Event | SerializedEvent, *, source: str, traceparent: str | None, now: datetime | None = None
) -> EncodedEvent:
    """Wrap an event in CloudEvents attributes. `source` names the writer: `/resume-review/request-api`."""
    event_id = uuid4()
    subject = str(event.subject)
    headers = {
        "ce_specversion": "1.0",
        "ce_id": str(event_id),
        "ce_source": source,
        "ce_type": event.type,
        "ce_subject": subject,
        "ce_time": (now or datetime.now(UTC)).isoformat(),
        "content-type": "application/json",
    }
    if traceparent is not None:
        headers["traceparent"] = traceparent
    value = event.value if isinstance(event, SerializedEvent) else event.model_dump_json()
    return EncodedEvent(topic=event.topic, key=subject, value=value, headers=headers, id=event_id)


def decode(value: bytes | str | None, headers: Mapping[str, str]) -> Event:
    """Decode an event. Fields added by a newer writer are ignored.

    Raises:
        UndecodableEvent: for a tombstone, an unknown type or major version, a missing header, or a value that
            does not fit the type.
    """
    if value is None:
        raise UndecodableEvent("the record has no value")
    if headers.get("ce_specversion") != "1.0":
        raise UndecodableEvent("the record is no CloudEvent 1.0 in binary mode")
    model = _BY_TYPE.get(headers.get("ce_type", ""))
    if model is None:
        raise UndecodableEvent("the event's type is unknown")
    try:
        return model.model_validate_json(value)
    except ValidationError as error:
        # The error's own text quotes the input, which may be a resume, so only the field paths are reported.
        places = sorted({".".join(map(str, item["loc"])) or "the value" for item in error.errors()})
        raise UndecodableEvent(f"{model.type} does not fit at: {', '.join(places)[:300]}") from None
