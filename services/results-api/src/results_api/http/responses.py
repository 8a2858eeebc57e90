"""Response models for the frontend, and the conversion of analyses and results to them.

The model of a comparison is in `queries.compare_versions`.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from contracts.plain_text import ModelName, PlainLine
from contracts.vocabulary import AnalysisStatus
from pydantic import BaseModel, Field, PrivateAttr

from results_api.domain.analysis_view import NO_INDUSTRY, AnalysisView, Result
from results_api.http.detailed_scores import appeal_text, complete_detailed_scores, structure_text
from results_api.queries.compare_versions import Changes
from results_api.queries.read_analysis import AnalysisDetails
from results_api.request_api_client import AcceptedAnalysis


class FailureView(BaseModel):
    """Reason for a missing result: a code for programs and one sentence for people."""

    code: str
    detail: str


class ResultView(BaseModel):
    """A result. Numbers and the market tier are null if the legacy backend stored none.

    The last eight fields repeat parts of `executive_summary` and `detailed_scores` for older frontends.
    """

    analysis_id: UUID
    overall_score: int | None = Field(description="0 to 100")
    ats_score: int | None = Field(description="0 to 100")
    content_score: int | None = Field(description="0 to 100")
    formatting_score: int | None = Field(description="0 to 100")
    industry: str = Field(description=f"`{NO_INDUSTRY}` if the legacy backend stored none")
    executive_summary: str
    detailed_scores: dict[str, Any]
    ai_model_used: ModelName
    processing_time_ms: int | None
    completed_at: datetime
    changes: Changes | None = Field(
        description="changes since the last visible analysis of an earlier version of the resume"
    )
    market_tier: str | None
    analysis_summary: str
    structure_feedback: str = Field(
        description="strengths, then possible improvements, one sentence per line"
    )
    appeal_feedback: str = Field(description="strengths, then possible improvements, one sentence per line")
    issues: list[str]
    recommendations: list[str]
    missing_sections: list[str]
    priority_improvements: list[str]

    _stored_details: str | None = PrivateAttr(None)

    def to_json(self) -> str:
        """Serialize the model. Complete `detailed_scores` are copied as the stored text."""
        if self._stored_details is None:
            return self.model_dump_json()
        rest = self.model_dump_json(exclude={"detailed_scores"})
        return f'{rest[:-1]},"detailed_scores":{self._stored_details}}}'


class StatusView(BaseModel):
    """The status of an analysis, with its `result` if it is completed and its `failure` if it failed.

    `detail` and `message` both explain a missing result in one sentence. Otherwise they are empty.
    """

    analysis_id: UUID
    status: str
    requested_at: datetime
    completed_at: datetime | None
    result: ResultView | None
    failure: FailureView | None
    detail: str
    message: str

    def to_json(self) -> str:
        """Serialize the model, with the result as `ResultView.to_json` serializes it."""
        if self.result is None:
            return self.model_dump_json()
        rest = self.model_dump_json(exclude={"result"})
        return f'{rest[:-1]},"result":{self.result.to_json()}}}'


class ListedView(BaseModel):
    """An analysis in a list."""

    id: UUID
    file_name: PlainLine
    candidate_name: PlainLine
    candidate_id: UUID
    industry: str = Field(description=f"`{NO_INDUSTRY}` if the legacy backend stored none")
    overall_score: int | None
    market_tier: str | None
    status: str
    created_at: datetime


# Sentences for the failure codes of analyses that the legacy backend ran.
_LEGACY_FAILURES: Final = {
    "abandoned": "The analysis was given up by the system that ran it; ask for it again.",
    "not_recorded": "The analysis failed, and the system that ran it kept no reason; ask for it again.",
    "result_missing": "The system that ran the analysis lost its result; ask for it again.",
}
_FAILED: Final = "The analysis failed."
_CANCELLED: Final = FailureView(code="cancelled", detail="The analysis was cancelled.")
_STILL_RUNNING: Final = FailureView(
    code="result_not_found", detail="The analysis is still running; its result is not there yet."
)
_UNKNOWN_MODEL: Final = "unknown"


def failure_view(analysis: AnalysisView | AcceptedAnalysis) -> FailureView | None:
    """Return the reason for a failed analysis, or None. An accepted analysis has no known reason."""
    if isinstance(analysis, AcceptedAnalysis) or analysis.failure_code is None:
        return None
    detail = analysis.failure_detail or _LEGACY_FAILURES.get(analysis.failure_code, _FAILED)
    return FailureView(code=analysis.failure_code, detail=detail)


def reason_for_missing_result(analysis: AnalysisView | AcceptedAnalysis) -> FailureView:
    """Return the reason for the missing result of an analysis."""
    if analysis.status is AnalysisStatus.CANCELLED:
        return _CANCELLED
    if analysis.status is AnalysisStatus.FAILED:
        return failure_view(analysis) or FailureView(code="failed", detail=_FAILED)
    return _STILL_RUNNING


class Presenter:
    """Converts analyses and results to response models.

    `failed_word` is the status of analyses that ended without a result: `failed`, or `error` for the old
    frontend.
    """

    def __init__(self, *, failed_word: str) -> None:
        self._failed_word = failed_word

    def status_word(self, status: AnalysisStatus) -> str:
        """Return the word for a status.

        The old frontend does not know `cancelled` and would poll forever, so it gets `error`.
        """
        if status is AnalysisStatus.FAILED:
            return self._failed_word
        if status is AnalysisStatus.CANCELLED and self._failed_word == "error":
            return self._failed_word
        return status

    def statuses_of(self, word: str) -> list[AnalysisStatus]:
        """Return the statuses that match the word of a filter.

        `failed` and `error` match cancelled analyses, too, because the legacy backend lists them as failed.
        """
        if word in ("failed", "error"):
            return [AnalysisStatus.FAILED, AnalysisStatus.CANCELLED]
        return [status for status in AnalysisStatus if self.status_word(status) == word]

    def status(self, details: AnalysisDetails) -> StatusView:
        """Return the response for the status of an analysis."""
        analysis, result = details.analysis, None
        if isinstance(analysis, AnalysisView) and details.result is not None:
            result = self.result(analysis, details.result, details.changes)
        has_none = analysis.status in (AnalysisStatus.FAILED, AnalysisStatus.CANCELLED)
        reason = reason_for_missing_result(analysis).detail if has_none else ""
        return StatusView(
            analysis_id=analysis.analysis_id,
            status=self.status_word(analysis.status),
            requested_at=analysis.requested_at,
            completed_at=analysis.ended_at if isinstance(analysis, AnalysisView) else analysis.completed_at,
            result=result,
            failure=failure_view(analysis),
            detail=reason,
            message=reason,
        )

    def result(self, view: AnalysisView, result: Result, changes: Changes | None) -> ResultView:
        """Return the response for a result."""
        completed_at = view.ended_at or view.requested_at
        details = complete_detailed_scores(
            result.detailed_scores, analysis_id=view.analysis_id, completed_at=completed_at
        )
        feedback = details["structure_analysis"]["feedback"]
        summary = result.executive_summary or ""
        response = ResultView(
            analysis_id=view.analysis_id,
            overall_score=result.overall_score,
            ats_score=result.ats_score,
            content_score=result.content_score,
            formatting_score=result.formatting_score,
            industry=view.industry or NO_INDUSTRY,
            executive_summary=summary,
            detailed_scores=details,
            ai_model_used=result.ai_model_used or _UNKNOWN_MODEL,
            processing_time_ms=result.processing_time_ms,
            completed_at=completed_at,
            changes=changes,
            market_tier=details["market_tier"],
            analysis_summary=summary,
            structure_feedback=structure_text(details),
            appeal_feedback=appeal_text(details),
            issues=feedback["issues"],
            recommendations=feedback["recommendations"],
            missing_sections=feedback["missing_sections"],
            priority_improvements=feedback["priority_improvements"],
        )
        if details == result.detailed_scores:
            response._stored_details = result.detailed_json
        return response

    def list_item(self, view: AnalysisView) -> ListedView:
        """Return the list entry of an analysis."""
        return ListedView(
            id=view.analysis_id,
            file_name=view.file_name,
            candidate_name=view.candidate_name,
            candidate_id=view.candidate_id,
            industry=view.industry or NO_INDUSTRY,
            overall_score=view.overall_score,
            market_tier=view.market_tier,
            status=self.status_word(view.status),
            created_at=view.requested_at,
        )
