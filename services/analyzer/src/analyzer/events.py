"""Decode the events of the requests topic."""

from typing import Final, get_args
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
from contracts.match_events import MatchCancelRequested, MatchEraseRequested, MatchExpired, MatchRequested

End = (
    AnalysisCancelRequested
    | AnalysisEraseRequested
    | AnalysisExpired
    | MatchCancelRequested
    | MatchEraseRequested
    | MatchExpired
)
Request = AnalysisRequested | MatchRequested | End

_END_TYPES: Final = {each.type.encode() for each in get_args(End)}


def read_request(record: Record) -> Request:
    """Decode the event of a record.

    Raises:
        PoisonRecord: The record cannot be decoded, or the event does not belong on this topic.
    """
    try:
        event = decode(record.value, record.headers)
    except UndecodableEvent as error:
        raise PoisonRecord(str(error)) from error
    if not isinstance(event, Request):
        raise PoisonRecord("the event does not belong on this topic")
    return event


def ended_work(raw: ConsumerRecord) -> UUID | None:
    """Return the analysis or match that a record cancels, erases or expires; None for any other record."""
    # The header decides first: decoding every request with its resume text would cost too much.
    if not any(name == "ce_type" and value in _END_TYPES for name, value in raw.headers):
        return None
    try:
        event = read_request(parse_record(raw))
    except PoisonRecord:
        return None
    return event.subject
