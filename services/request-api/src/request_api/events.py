"""Events of the public topic that request-api reads, and the outbox for the events that it writes."""

from functools import partial

from chassis.messaging.consuming.records import PoisonRecord, Record
from chassis.messaging.outbox import Outbox
from chassis.telemetry.trace import set_span_ids
from contracts.envelope import UndecodableEvent, decode, encode
from contracts.events import Event, PublicEvent

from contracts import sources
from request_api.storage.tables import outbox


def read_event(record: Record) -> PublicEvent:
    """The event of a record. Raises PoisonRecord."""
    try:
        event = decode(record.value, record.headers)
    except UndecodableEvent as error:
        raise PoisonRecord(str(error)) from error
    if not isinstance(event, PublicEvent):
        raise PoisonRecord("the event does not belong on this topic")
    set_span_ids(analysis_id=str(event.analysis_id))
    return event


def create_outbox() -> Outbox[Event]:
    """Return the outbox of request-api."""
    return Outbox(table=outbox, encode=partial(encode, source=sources.REQUEST_API))
