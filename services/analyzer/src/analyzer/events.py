"""The events of the requests topic, as the analyzer understands them."""

from uuid import UUID

from aiokafka import ConsumerRecord
from chassis.messaging.consuming.records import PoisonRecord, Record, parse_record
from contracts.envelope import UndecodableEvent, decode
from contracts.events import (
    AnalysisCancelRequested,
    AnalysisEraseRequested,
    AnalysisExpired,
    AnalysisRequested,
)

End = AnalysisCancelRequested | AnalysisEraseRequested | AnalysisExpired
Request = AnalysisRequested | End


def read_request(record: Record) -> Request:
    """The event of a record. Raises PoisonRecord."""
    try:
        event = decode(record.value, record.headers)
    except UndecodableEvent as error:
        raise PoisonRecord(str(error)) from error
    if not isinstance(event, Request):
        raise PoisonRecord("the event does not belong on this topic")
    return event


def ended_by(raw: ConsumerRecord) -> UUID | None:
    """Return the analysis that this record cancels, erases or expires, if it does."""
    # Most are not, and reading the text of a resume takes its time.
    if not any(name == "ce_type" and value in _ENDS for name, value in raw.headers):
        return None
    try:
        event = read_request(parse_record(raw))
    except PoisonRecord:
        return None
    return event.analysis.analysis_id


_ENDS = {each.type.encode() for each in (AnalysisCancelRequested, AnalysisEraseRequested, AnalysisExpired)}
