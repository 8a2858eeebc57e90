"""Events of the private topics that results-api reads, and the outbox for the events that it writes."""

import re
from dataclasses import dataclass
from functools import partial

from chassis.messaging.consuming.records import PoisonRecord, Record
from chassis.messaging.outbox import Outbox
from chassis.telemetry.trace import set_span_ids
from contracts.envelope import UndecodableEvent, decode, encode
from contracts.events import PrivateEvent, PublicEvent

from contracts import sources
from results_api.storage.tables import outbox

# NUL as JSON writes it: `\u0000` behind an even number of backslashes. PostgreSQL cannot store it, and the
# words of a model may hold it.
_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """An event of a private topic; `traceparent` is its writer's, if it sent one."""

    event: PrivateEvent
    traceparent: str | None


def read_event(record: Record) -> Heard:
    """The event of a record. Raises PoisonRecord."""
    try:
        event = decode(_storable(record.value), record.headers)
    except UndecodableEvent as error:
        raise PoisonRecord(str(error)) from error
    if not isinstance(event, PrivateEvent):
        raise PoisonRecord("the event does not belong on this topic")
    set_span_ids(analysis_id=str(event.analysis.analysis_id))
    return Heard(event=event, traceparent=record.headers.get("traceparent"))


def _storable(value: bytes | None) -> bytes | None:
    if value is None or b"\\u0000" not in value:
        return value
    return _NUL.sub(rb"\1\\ufffd", value)


def create_outbox() -> Outbox[PublicEvent]:
    """Return the outbox of results-api."""
    return Outbox(table=outbox, encode=partial(encode, source=sources.RESULTS_API))
