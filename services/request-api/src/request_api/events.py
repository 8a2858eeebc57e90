"""The events of the public topic, as request-api reads them."""

from chassis.messaging.consuming.records import PoisonRecord, Record
from chassis.telemetry.trace import name_span
from contracts.envelope import UndecodableEvent, decode
from contracts.events import PublicEvent


def read_event(record: Record) -> PublicEvent:
    """The event of a record. Raises PoisonRecord."""
    try:
        event = decode(record.value, record.headers)
    except UndecodableEvent as error:
        raise PoisonRecord(str(error)) from error
    if not isinstance(event, PublicEvent):
        raise PoisonRecord("the event does not belong on this topic")
    name_span(analysis_id=str(event.analysis_id))
    return event
