"""The public event that says what a private one did: ids, status, scores and times, no free text."""

from datetime import datetime
from typing import TypedDict
from uuid import UUID

from contracts.events import (
    AnalysisCancelled,
    AnalysisCancelRequested,
    AnalysisCompleted,
    AnalysisErased,
    AnalysisEraseRequested,
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
        case _:
            return event.analysis.requested_at


def news_of(status: AnalysisStatus, event: PrivateEvent, *, version: int) -> PublicEvent:
    """What to tell of an analysis that `event` brought to `status`."""
    facts = event.analysis
    common = _Common(
        version=version,
        analysis_id=facts.analysis_id,
        resume_id=facts.resume_id,
        candidate_id=facts.candidate_id,
        requested_by=facts.requested_by,
        industry=facts.industry,
        requested_at=facts.requested_at,
        occurred_at=facts.requested_at if status is AnalysisStatus.PENDING else happened_at(event),
    )
    match status, event:
        case AnalysisStatus.PENDING, _:
            return AnalysisPending(**common)
        case AnalysisStatus.PROCESSING, _:
            return AnalysisProcessing(**common)
        case AnalysisStatus.CANCELLED, _:
            return AnalysisCancelled(**common)
        case AnalysisStatus.ERASED, _:
            return AnalysisErased(**common)
        case AnalysisStatus.FAILED, AnalysisFailedToRun():
            return AnalysisFailed(**common, failure_code=event.failure.code)
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
