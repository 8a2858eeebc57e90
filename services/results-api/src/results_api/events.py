"""Decode private events, and encode public ones; and which status each event of an analysis reports.

The module `match_events` has the statuses of matches.
"""

import re
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from chassis.messaging.consuming.records import PoisonRecord, Record
from chassis.messaging.outbox import Outbox
from chassis.telemetry.trace import set_span_ids
from contracts.envelope import UndecodableEvent, decode, encode
from contracts.events import (
    AnalysisCancelled,
    AnalysisCancelRequested,
    AnalysisCompleted,
    AnalysisContext,
    AnalysisErased,
    AnalysisEraseRequested,
    AnalysisExpired,
    AnalysisFailed,
    AnalysisFailedToRun,
    AnalysisPending,
    AnalysisProcessing,
    AnalysisRequested,
    AnalysisStarted,
    AnalysisSucceeded,
    Event,
    PrivateEvent,
    PublicEvent,
)
from contracts.match_events import PrivateMatchEvent
from contracts.report import Report
from contracts.vocabulary import AnalysisStatus, FailureCode

from contracts import sources
from results_api.domain.analysis import Failure, Scores, StatusChange
from results_api.storage.tables import outbox

# NUL in JSON: `\u0000` after an even number of backslashes. Model answers may contain it, and PostgreSQL
# cannot store it.
_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedEvent:
    """A private event with the trace context of its writer, if it sent one."""

    event: PrivateEvent
    traceparent: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedMatchEvent:
    """A private event of a match with the trace context of its writer, if it sent one."""

    event: PrivateMatchEvent
    traceparent: str | None


def read_event(record: Record) -> ReceivedEvent | ReceivedMatchEvent:
    """Decode a record of a private topic. Raises PoisonRecord."""
    try:
        event = decode(_storable(record.value), record.headers)
    except UndecodableEvent as error:
        raise PoisonRecord(str(error)) from error
    traceparent = record.headers.get("traceparent")
    if isinstance(event, PrivateMatchEvent):
        set_span_ids(match_id=str(event.match.match_id))
        return ReceivedMatchEvent(event=event, traceparent=traceparent)
    if not isinstance(event, PrivateEvent):
        raise PoisonRecord("the event does not belong on this topic")
    set_span_ids(analysis_id=str(event.analysis.analysis_id))
    return ReceivedEvent(event=event, traceparent=traceparent)


def _storable(value: bytes | None) -> bytes | None:
    if value is None or b"\\u0000" not in value:
        return value
    return _NUL.sub(rb"\1\\ufffd", value)


def status_change(event: PrivateEvent) -> StatusChange:
    """Return the status that an event reports."""
    match event:
        case AnalysisStarted():
            return StatusChange(status=AnalysisStatus.PROCESSING, occurred_at=event.started_at)
        case AnalysisSucceeded():
            return StatusChange(
                status=AnalysisStatus.COMPLETED,
                occurred_at=event.finished_at,
                scores=_scores(event.report),
            )
        case AnalysisFailedToRun():
            failure = Failure(code=event.failure.code, detail=event.failure.detail)
            return StatusChange(status=AnalysisStatus.FAILED, occurred_at=event.finished_at, failure=failure)
        case AnalysisExpired():
            failure = Failure(
                code=FailureCode.DEADLINE_EXCEEDED,
                detail="The analysis did not end in time; please ask for it again.",
            )
            return StatusChange(status=AnalysisStatus.FAILED, occurred_at=event.expired_at, failure=failure)
        case AnalysisCancelRequested():
            return StatusChange(status=AnalysisStatus.CANCELLED, occurred_at=event.cancelled_at)
        case AnalysisEraseRequested():
            return StatusChange(status=AnalysisStatus.ERASED, occurred_at=event.erased_at)
        case _:
            return pending(event.analysis)


def pending(context: AnalysisContext) -> StatusChange:
    """Return the first status of an analysis."""
    return StatusChange(status=AnalysisStatus.PENDING, occurred_at=context.requested_at)


def _scores(report: Report) -> Scores:
    return Scores(
        overall_score=report.overall_score,
        ats_score=report.ats_score,
        content_score=report.content_score,
        formatting_score=report.formatting_score,
        market_tier=report.detailed_scores.market_tier,
    )


def asks_for_final_status(event: PrivateEvent) -> bool:
    """Return True if the event was emitted because its writer still waits for the final status."""
    match event:
        case AnalysisExpired():
            return True
        case AnalysisRequested() | AnalysisCancelRequested():
            return event.emission > 1
        case _:
            return False


def public_event(context: AnalysisContext, change: StatusChange, *, version: int) -> PublicEvent:
    """Return the public event of a status change: ids, status, scores and times, no free text."""
    fields: dict[str, Any] = {
        "version": version,
        "analysis_id": context.analysis_id,
        "resume_id": context.resume_id,
        "candidate_id": context.candidate_id,
        "requested_by": context.requested_by,
        "industry": context.industry,
        "requested_at": context.requested_at,
        "occurred_at": change.occurred_at,
    }
    match change.status:
        case AnalysisStatus.PENDING:
            return AnalysisPending(**fields)
        case AnalysisStatus.PROCESSING:
            return AnalysisProcessing(**fields)
        case AnalysisStatus.CANCELLED:
            return AnalysisCancelled(**fields)
        case AnalysisStatus.ERASED:
            return AnalysisErased(**fields)
        case AnalysisStatus.FAILED if change.failure:
            return AnalysisFailed(**fields, failure_code=change.failure.code)
        case AnalysisStatus.COMPLETED if change.scores:
            return AnalysisCompleted(**fields, **asdict(change.scores))
        case _:
            raise ValueError(f"a change to {change.status} lacks its failure or scores")


def create_outbox() -> Outbox[Event]:
    """Return the outbox of results-api."""
    return Outbox(table=outbox, encode=partial(encode, source=sources.RESULTS_API))
