"""The shapes that the frontend reads, and the words for a status: this is the one place that decides them.

But for the shape of a comparison, which stands beside its making.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.plain import ModelName, PlainLine
from contracts.vocabulary import AnalysisStatus
from pydantic import BaseModel, Field

from results_api.compare import Changes
from results_api.domain import Result, View
from results_api.requests_client import KnownRequest


class FailureView(BaseModel):
    """Why there is no result: a code for programs, one sentence for people."""

    code: str
    detail: str


class ResultView(BaseModel):
    """A result; results of the old backend may lack anything but ids."""

    analysis_id: UUID
    overall_score: int | None = Field(description="0 to 100")
    ats_score: int | None = Field(description="0 to 100")
    content_score: int | None = Field(description="0 to 100")
    formatting_score: int | None = Field(description="0 to 100")
    industry: str | None
    executive_summary: str | None
    detailed_scores: dict[str, Any] | None
    ai_model_used: ModelName | None
    processing_time_ms: int | None
    completed_at: datetime | None
    changes: Changes | None = Field(
        description="since the last analysis of an earlier version of the resume, if the caller may see one"
    )


class StatusView(BaseModel):
    """A status; `result` once it is completed, `failure` once it failed."""

    analysis_id: UUID
    status: str
    requested_at: datetime
    completed_at: datetime | None
    result: ResultView | None
    failure: FailureView | None


class ListedView(BaseModel):
    """One line of a list."""

    id: UUID
    file_name: PlainLine
    candidate_name: PlainLine
    candidate_id: UUID
    industry: str | None
    overall_score: int | None
    market_tier: str | None
    status: str
    created_at: datetime


# Reasons that come without a sentence: of analyses that the existing backend ran.
_REASONS = {
    "abandoned": "The analysis was given up by the system that ran it; ask for it again.",
    "not_recorded": "The analysis failed, and the system that ran it kept no reason; ask for it again.",
    "result_missing": "The system that ran the analysis lost its result; ask for it again.",
}


class Presenter:
    """`failed_word` stands for what ended without a result: `failed`, or `error` for the old frontend."""

    def __init__(self, *, failed_word: str) -> None:
        self._failed_word = failed_word

    def word(self, status: AnalysisStatus) -> str:
        """The frontend of today knows no cancelled either, and would poll it for ever."""
        if status is AnalysisStatus.FAILED:
            return self._failed_word
        if status is AnalysisStatus.CANCELLED and self._failed_word == "error":
            return self._failed_word
        return status

    def statuses(self, word: str) -> list[AnalysisStatus]:
        """The statuses that a word stands for: the inverse of `word`, with both words for failed."""
        words = {self._failed_word, "failed", "error"}
        if word in words:
            return [status for status in AnalysisStatus if self.word(status) in words]
        return [status for status in AnalysisStatus if self.word(status) == word]

    def status(
        self, analysis: View | KnownRequest, result: Result | None, changes: Changes | None
    ) -> StatusView:
        """A status from the view, or from request-api before there is one."""
        if isinstance(analysis, KnownRequest):
            return StatusView(
                analysis_id=analysis.analysis_id,
                status=self.word(analysis.status),
                requested_at=analysis.requested_at,
                completed_at=analysis.completed_at,
                result=None,
                failure=None,
            )
        failure = None
        if analysis.failure_code is not None:
            detail = analysis.failure_detail or _REASONS.get(analysis.failure_code, "The analysis failed.")
            failure = FailureView(code=analysis.failure_code, detail=detail)
        return StatusView(
            analysis_id=analysis.analysis_id,
            status=self.word(analysis.status),
            requested_at=analysis.requested_at,
            completed_at=analysis.ended_at,
            result=self.result(analysis, result, changes) if result is not None else None,
            failure=failure,
        )

    def result(self, view: View, result: Result, changes: Changes | None) -> ResultView:
        """A result alone."""
        return ResultView(
            analysis_id=view.analysis_id,
            overall_score=result.overall_score,
            ats_score=result.ats_score,
            content_score=result.content_score,
            formatting_score=result.formatting_score,
            industry=view.industry,
            executive_summary=result.executive_summary,
            detailed_scores=result.detailed_scores,
            ai_model_used=result.ai_model_used,
            processing_time_ms=result.processing_time_ms,
            completed_at=view.ended_at,
            changes=changes,
        )

    def listed(self, view: View) -> ListedView:
        """One line of a list."""
        return ListedView(
            id=view.analysis_id,
            file_name=view.file_name,
            candidate_name=view.candidate_name,
            candidate_id=view.candidate_id,
            industry=view.industry,
            overall_score=view.overall_score,
            market_tier=view.market_tier,
            status=self.word(view.status),
            created_at=view.requested_at,
        )
