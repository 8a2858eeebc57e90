"""Events of matches: statuses from private events, and the public events that results-api writes."""

from typing import Any

from contracts.match_events import (
    MatchCancelled,
    MatchCancelRequested,
    MatchCompleted,
    MatchContext,
    MatchErased,
    MatchEraseRequested,
    MatchExpired,
    MatchFailed,
    MatchFailedToRun,
    MatchPending,
    MatchRequested,
    MatchSucceeded,
    PrivateMatchEvent,
    PublicMatchEvent,
)
from contracts.vocabulary import AnalysisStatus, FailureCode

from results_api.domain.analysis import Failure
from results_api.domain.match import MatchChange, MatchScores


def match_change(event: PrivateMatchEvent) -> MatchChange:
    """Return the status that an event reports."""
    match event:
        case MatchSucceeded():
            scores = MatchScores(score=event.result.score, assessed=event.result.assessed)
            return MatchChange(status=AnalysisStatus.COMPLETED, occurred_at=event.finished_at, scores=scores)
        case MatchFailedToRun():
            failure = Failure(code=event.failure.code, detail=event.failure.detail)
            return MatchChange(status=AnalysisStatus.FAILED, occurred_at=event.finished_at, failure=failure)
        case MatchExpired():
            failure = Failure(
                code=FailureCode.DEADLINE_EXCEEDED,
                detail="The match did not end in time; please ask for it again.",
            )
            return MatchChange(status=AnalysisStatus.FAILED, occurred_at=event.expired_at, failure=failure)
        case MatchCancelRequested():
            return MatchChange(status=AnalysisStatus.CANCELLED, occurred_at=event.cancelled_at)
        case MatchEraseRequested():
            return MatchChange(status=AnalysisStatus.ERASED, occurred_at=event.erased_at)
        case _:
            return pending_match(event.match)


def pending_match(context: MatchContext) -> MatchChange:
    """Return the first status of a match."""
    return MatchChange(status=AnalysisStatus.PENDING, occurred_at=context.requested_at)


def asks_for_end(event: PrivateMatchEvent) -> bool:
    """Return True if the event was emitted because its writer still waits for the end of the match."""
    match event:
        case MatchExpired():
            return True
        case MatchRequested() | MatchCancelRequested():
            return event.emission > 1
        case _:
            return False


def public_match_event(context: MatchContext, change: MatchChange, *, version: int) -> PublicMatchEvent:
    """Return the public event of a status change: ids, status, score and times, no free text."""
    fields: dict[str, Any] = {
        "version": version,
        "match_id": context.match_id,
        "job_id": context.job_id,
        "job_version": context.job_version,
        "resume_id": context.resume_id,
        "candidate_id": context.candidate_id,
        "requested_by": context.requested_by,
        "requested_at": context.requested_at,
        "occurred_at": change.occurred_at,
    }
    match change.status:
        case AnalysisStatus.PENDING:
            return MatchPending(**fields)
        case AnalysisStatus.CANCELLED:
            return MatchCancelled(**fields)
        case AnalysisStatus.ERASED:
            return MatchErased(**fields)
        case AnalysisStatus.FAILED if change.failure:
            return MatchFailed(**fields, failure_code=change.failure.code)
        case AnalysisStatus.COMPLETED if change.scores:
            return MatchCompleted(**fields, score=change.scores.score, assessed=change.scores.assessed)
        case _:
            raise ValueError(f"a change to {change.status} lacks its failure or scores")
