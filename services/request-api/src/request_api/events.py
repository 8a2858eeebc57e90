"""Events of analyses and matches: private events that request-api writes, and public ones that it reads."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TypeAlias
from uuid import UUID

from chassis.messaging.consuming.records import PoisonRecord, Record
from chassis.messaging.outbox import Outbox
from chassis.telemetry.trace import set_span_ids
from contracts.envelope import UndecodableEvent, decode, encode
from contracts.events import (
    MAX_EMISSION,
    AnalysisCancelRequested,
    AnalysisContext,
    AnalysisEraseRequested,
    AnalysisExpired,
    AnalysisRequested,
    Event,
    PublicEvent,
)
from contracts.match_events import (
    MatchCancelRequested,
    MatchContext,
    MatchEraseRequested,
    MatchExpired,
    MatchRequested,
    PublicMatchEvent,
)
from contracts.matching import Requirement
from contracts.vocabulary import INDUSTRY_PATTERN

from contracts import sources
from request_api.domain.analysis import Analysis
from request_api.domain.match import Match, ResumeText, UnfinishedMatch
from request_api.domain.resume import Resume
from request_api.domain.watchdog import UnfinishedAnalysis
from request_api.storage.tables import outbox

AnyPublicEvent: TypeAlias = PublicEvent | PublicMatchEvent


def read_event(record: Record) -> AnyPublicEvent:
    """Decode a record of the public topic. Raises PoisonRecord."""
    try:
        event = decode(record.value, record.headers)
    except UndecodableEvent as error:
        raise PoisonRecord(str(error)) from error
    if isinstance(event, PublicMatchEvent):
        set_span_ids(match_id=str(event.match_id))
    elif isinstance(event, PublicEvent):
        set_span_ids(analysis_id=str(event.analysis_id))
    else:
        raise PoisonRecord("the event does not belong on this topic")
    return event


def create_outbox() -> Outbox[Event]:
    """Return the outbox of request-api."""
    return Outbox(table=outbox, encode=partial(encode, source=sources.REQUEST_API))


def requested(analysis: Analysis, resume: Resume, *, emission: int = 1) -> AnalysisRequested:
    """Return the event that starts an analysis."""
    return AnalysisRequested(
        version=1,
        analysis=_context(analysis),
        text=resume.text,
        signals=resume.signals,
        focus_areas=analysis.focus_areas,
        compare_to_market=analysis.compare_to_market,
        report_language=analysis.report_language,
        emission=min(emission, MAX_EMISSION),
    )


def cancel_requested(
    analysis: Analysis, *, by: UUID, at: datetime, emission: int = 1
) -> AnalysisCancelRequested:
    """Return the event that cancels an analysis."""
    return AnalysisCancelRequested(
        version=2,
        analysis=_context(analysis),
        cancelled_by=by,
        cancelled_at=at,
        emission=min(emission, MAX_EMISSION),
    )


def repeated_cancellation(unfinished: UnfinishedAnalysis) -> AnalysisCancelRequested | None:
    """Return the cancellation that an analysis still waits for, or None if none was requested.

    The user who cancelled is not stored, so the event names the user who requested the analysis.
    """
    analysis = unfinished.analysis
    if analysis.cancel_requested_at is None:
        return None
    return cancel_requested(
        analysis,
        by=analysis.requested_by,
        at=analysis.cancel_requested_at,
        emission=unfinished.emissions + 1,
    )


def expired(analysis: Analysis, *, at: datetime) -> AnalysisExpired:
    """Return the event that ends an analysis because its deadline has passed."""
    return AnalysisExpired(version=2, analysis=_context(analysis), expired_at=at)


def erase_requested(analysis: Analysis, *, at: datetime) -> AnalysisEraseRequested:
    """Return the event that erases an analysis and its results."""
    return AnalysisEraseRequested(version=3, analysis=_context(analysis), erased_at=at)


def _context(analysis: Analysis) -> AnalysisContext:
    # The legacy backend accepted any text as an industry. Events carry none that is not a plain word.
    industry = analysis.industry
    if industry and not INDUSTRY_PATTERN.fullmatch(industry):
        industry = None
    return AnalysisContext(
        analysis_id=analysis.analysis_id,
        resume_id=analysis.resume_id,
        candidate_id=analysis.candidate_id,
        requested_by=analysis.requested_by,
        candidate_name=analysis.candidate_name,
        file_name=analysis.file_name,
        industry=industry or None,
        depth=analysis.depth,
        review_type=analysis.review_type,
        requested_at=analysis.requested_at,
        resume_version=analysis.resume_version,
    )


def match_requested(
    match: Match, resume: ResumeText, requirements: Sequence[Requirement], *, emission: int = 1
) -> MatchRequested:
    """Return the event that starts a match."""
    return MatchRequested(
        version=1,
        match=_match_context(match),
        text=resume.text,
        signals=resume.signals,
        requirements=tuple(requirements),
        emission=min(emission, MAX_EMISSION),
    )


def match_cancel_requested(
    match: Match, *, by: UUID, at: datetime, emission: int = 1
) -> MatchCancelRequested:
    """Return the event that cancels a match."""
    return MatchCancelRequested(
        version=2,
        match=_match_context(match),
        cancelled_by=by,
        cancelled_at=at,
        emission=min(emission, MAX_EMISSION),
    )


def repeated_match_cancellation(unfinished: UnfinishedMatch) -> MatchCancelRequested | None:
    """Return the cancellation that a match still waits for, or None if none was requested."""
    match = unfinished.match
    if match.cancel_requested_at is None:
        return None
    return match_cancel_requested(
        match, by=match.requested_by, at=match.cancel_requested_at, emission=unfinished.emissions + 1
    )


def match_expired(match: Match, *, at: datetime) -> MatchExpired:
    """Return the event that ends a match because its deadline has passed."""
    return MatchExpired(version=2, match=_match_context(match), expired_at=at)


def match_erase_requested(match: Match, *, at: datetime) -> MatchEraseRequested:
    """Return the event that erases a match and its result."""
    return MatchEraseRequested(version=3, match=_match_context(match), erased_at=at)


def _match_context(match: Match) -> MatchContext:
    return MatchContext(
        match_id=match.match_id,
        job_id=match.job_id,
        job_version=match.job_version,
        resume_id=match.resume_id,
        resume_version=match.resume_version,
        candidate_id=match.candidate_id,
        requested_by=match.requested_by,
        candidate_name=match.candidate_name,
        file_name=match.file_name,
        requested_at=match.requested_at,
    )
