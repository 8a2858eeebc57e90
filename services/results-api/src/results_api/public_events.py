"""The public event that says what a private one did: ids, status, scores and times, no free text."""

from dataclasses import asdict
from datetime import datetime
from typing import TypedDict
from uuid import UUID

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
    AnalysisStarted,
    AnalysisSucceeded,
    PrivateEvent,
    PublicEvent,
)
from contracts.vocabulary import AnalysisStatus

from results_api.domain.analysis import End, failure_of


class _Common(TypedDict):
    version: int
    analysis_id: UUID
    resume_id: UUID
    candidate_id: UUID
    requested_by: UUID
    industry: str | None
    requested_at: datetime
    occurred_at: datetime


def happened_at(event: PrivateEvent) -> datetime:
    """When it happened, as its writer's clock had it: shown to people, never used to order."""
    match event:
        case AnalysisStarted():
            return event.started_at
        case AnalysisSucceeded() | AnalysisFailedToRun():
            return event.finished_at
        case AnalysisCancelRequested():
            return event.cancelled_at
        case AnalysisEraseRequested():
            return event.erased_at
        case AnalysisExpired():
            return event.expired_at
        case _:
            return event.analysis.requested_at


def news_of(status: AnalysisStatus, event: PrivateEvent, *, version: int) -> PublicEvent:
    """What to tell of an analysis that `event` brought to `status`."""
    facts = event.analysis
    occurred_at = facts.requested_at if status is AnalysisStatus.PENDING else happened_at(event)
    common = _common(facts, version=version, occurred_at=occurred_at)
    match status, event:
        case AnalysisStatus.PENDING, _:
            return AnalysisPending(**common)
        case AnalysisStatus.PROCESSING, _:
            return AnalysisProcessing(**common)
        case AnalysisStatus.CANCELLED, _:
            return AnalysisCancelled(**common)
        case AnalysisStatus.ERASED, _:
            return AnalysisErased(**common)
        case AnalysisStatus.FAILED, _ if failure := failure_of(event):
            return AnalysisFailed(**common, failure_code=failure.code)
        case AnalysisStatus.COMPLETED, AnalysisSucceeded():
            report = event.report
            return AnalysisCompleted(
                **common,
                overall_score=report.overall_score,
                ats_score=report.ats_score,
                content_score=report.content_score,
                formatting_score=report.formatting_score,
                market_tier=report.detailed_scores.market_tier,
            )
        case _:
            raise ValueError(f"{event.type} does not lead to {status}")


def news_again(facts: AnalysisContext, end: End) -> PublicEvent | None:
    """What was told of an analysis that has ended, for who missed it; None of one that is gone, or runs."""
    common = _common(facts, version=end.version, occurred_at=end.ended_at)
    match end.status:
        case AnalysisStatus.CANCELLED:
            return AnalysisCancelled(**common)
        case AnalysisStatus.FAILED if end.failure_code:
            return AnalysisFailed(**common, failure_code=end.failure_code)
        case AnalysisStatus.COMPLETED if end.scores:
            return AnalysisCompleted(**common, **asdict(end.scores))
        case _:
            return None


def _common(facts: AnalysisContext, *, version: int, occurred_at: datetime) -> _Common:
    return _Common(
        version=version,
        analysis_id=facts.analysis_id,
        resume_id=facts.resume_id,
        candidate_id=facts.candidate_id,
        requested_by=facts.requested_by,
        industry=facts.industry,
        requested_at=facts.requested_at,
        occurred_at=occurred_at,
    )
