"""What results-api is about: the status of an analysis, who may see it, what is told of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.events import (
    AnalysisCancelRequested,
    AnalysisEraseRequested,
    AnalysisExpired,
    AnalysisFailedToRun,
    AnalysisRequested,
    AnalysisStarted,
    AnalysisSucceeded,
    Failure,
    PrivateEvent,
)
from contracts.vocabulary import AnalysisStatus, FailureCode


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """An analysis as it is listed; `version` counts the changes of its status, 0 before any was heard of.

    `resume_version` is None for what was asked for before versions were told.
    """

    analysis_id: UUID
    resume_id: UUID
    resume_version: int | None
    candidate_id: UUID
    requested_by: UUID
    candidate_name: str
    file_name: str
    industry: str | None
    status: AnalysisStatus
    version: int
    requested_at: datetime
    ended_at: datetime | None
    overall_score: int | None
    market_tier: str | None
    failure_code: str | None
    failure_detail: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A row of `review_results`; those of the legacy backend may hold nothing but their ids.

    `detailed_scores` is whatever JSON is stored, and `detailed_json` the text of the same.
    """

    overall_score: int | None
    ats_score: int | None
    content_score: int | None
    formatting_score: int | None
    executive_summary: str | None
    detailed_scores: Any
    ai_model_used: str | None
    processing_time_ms: int | None
    detailed_json: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """What is told of a result."""

    overall_score: int
    ats_score: int
    content_score: int
    formatting_score: int
    market_tier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How an analysis ended; `scores` are None without a result, `failure_code` where it did not fail."""

    status: AnalysisStatus
    version: int
    ended_at: datetime
    failure_code: str | None
    scores: Scores | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """The place of an analysis in a list that is newest first."""

    requested_at: datetime
    analysis_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Analyses that are alike in status, industry and tier; `scored` of them have an overall score."""

    status: str
    industry: str | None
    market_tier: str | None
    analyses: int
    scored: int
    total_score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Counts; `average_score` of those that have one, 0 where none has."""

    total_analyses: int
    completed_analyses: int
    failed_analyses: int
    average_score: float
    industry_breakdown: dict[str, int]
    tier_breakdown: dict[str, int]


# Stands for the industry of analyses that the legacy backend kept none for.
NO_INDUSTRY = "unspecified"


def statistics(groups: Sequence[Group]) -> Statistics:
    """Add groups up."""
    by_status: Counter[str] = Counter()
    industries: Counter[str] = Counter()
    tiers: Counter[str] = Counter()
    for group in groups:
        by_status[group.status] += group.analyses
        industries[group.industry or NO_INDUSTRY] += group.analyses
        if group.market_tier is not None:
            tiers[group.market_tier] += group.analyses
    scored = sum(group.scored for group in groups)
    total_score = sum(group.total_score for group in groups)
    return Statistics(
        total_analyses=by_status.total(),
        completed_analyses=by_status[AnalysisStatus.COMPLETED],
        failed_analyses=by_status[AnalysisStatus.FAILED],
        average_score=round(total_score / scored, 1) if scored else 0,
        industry_breakdown=dict(industries.most_common()),
        tier_breakdown=dict(tiers.most_common()),
    )


_RUNNING = (AnalysisStatus.PENDING, AnalysisStatus.PROCESSING)


def next_status(status: AnalysisStatus, event: PrivateEvent) -> AnalysisStatus | None:
    """Where an event moves an analysis; None where it moves nothing.

    A status only moves forward and an end is final, so repeats and events that come late or out of order
    change nothing. Erasure alone follows an end.
    """
    match event:
        case AnalysisEraseRequested() if status is not AnalysisStatus.ERASED:
            return AnalysisStatus.ERASED
        case AnalysisStarted() if status is AnalysisStatus.PENDING:
            return AnalysisStatus.PROCESSING
        case AnalysisSucceeded() if status in _RUNNING:
            return AnalysisStatus.COMPLETED
        case AnalysisFailedToRun() | AnalysisExpired() if status in _RUNNING:
            return AnalysisStatus.FAILED
        case AnalysisCancelRequested() if status in _RUNNING:
            return AnalysisStatus.CANCELLED
        case _:
            return None


def failure_of(event: PrivateEvent) -> Failure | None:
    """Why an event ends an analysis without a result; None where it says of no failure."""
    match event:
        case AnalysisFailedToRun():
            return event.failure
        case AnalysisExpired():
            return Failure(
                code=FailureCode.DEADLINE_EXCEEDED,
                detail="The analysis did not end in time; please ask for it again.",
            )
        case _:
            return None


def asks_again(event: PrivateEvent) -> bool:
    """Whether the writer has waited in vain for news of the analysis's end."""
    match event:
        case AnalysisExpired():
            return True
        case AnalysisRequested() | AnalysisCancelRequested():
            return event.emission > 1
        case _:
            return False
