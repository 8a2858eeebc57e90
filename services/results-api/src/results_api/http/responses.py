"""The shapes that the frontend reads, and the words for a status: this is the one place that decides them.

But for the shape of a comparison, which stands beside its making.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from contracts.plain_text import ModelName, PlainLine
from contracts.vocabulary import AnalysisStatus
from pydantic import BaseModel, Field, PrivateAttr

from results_api.domain.analysis import NO_INDUSTRY, Result, View
from results_api.http.detailed_scores import appeal_text, complete, structure_text
from results_api.queries.compare_versions import Changes
from results_api.request_api_client import KnownRequest


class FailureView(BaseModel):
    """Why there is no result: a code for programs, one sentence for people."""

    code: str
    detail: str


class ResultView(BaseModel):
    """A result. Numbers and the market tier are null where the legacy backend stored none.

    The last eight fields repeat what `executive_summary` and `detailed_scores` say, in the words and at the
    place in which older frontends look for it.
    """

    analysis_id: UUID
    overall_score: int | None = Field(description="0 to 100")
    ats_score: int | None = Field(description="0 to 100")
    content_score: int | None = Field(description="0 to 100")
    formatting_score: int | None = Field(description="0 to 100")
    industry: str = Field(description=f"`{NO_INDUSTRY}` where the legacy backend stored none")
    executive_summary: str
    detailed_scores: dict[str, Any]
    ai_model_used: ModelName
    processing_time_ms: int | None
    completed_at: datetime
    changes: Changes | None = Field(
        description="since the last analysis of an earlier version of the resume, if the caller may see one"
    )
    market_tier: str | None
    analysis_summary: str
    structure_feedback: str = Field(description="strengths, then what to improve: a sentence a line")
    appeal_feedback: str = Field(description="strengths, then what to improve: a sentence a line")
    issues: list[str]
    recommendations: list[str]
    missing_sections: list[str]
    priority_improvements: list[str]

    _stored_details: str | None = PrivateAttr(None)

    def to_json(self) -> str:
        """Write the answer; `detailed_scores` stored in full go on as the text that they are."""
        if self._stored_details is None:
            return self.model_dump_json()
        rest = self.model_dump_json(exclude={"detailed_scores"})
        return f'{rest[:-1]},"detailed_scores":{self._stored_details}}}'


class StatusView(BaseModel):
    """A status; `result` once it is completed, `failure` once it failed.

    `detail` and `message` both say in one sentence why there will be no result; they are empty otherwise.
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
        """Write the answer, with the result as that writes itself."""
        if self.result is None:
            return self.model_dump_json()
        rest = self.model_dump_json(exclude={"result"})
        return f'{rest[:-1]},"result":{self.result.to_json()}}}'


class ListedView(BaseModel):
    """One line of a list."""

    id: UUID
    file_name: PlainLine
    candidate_name: PlainLine
    candidate_id: UUID
    industry: str = Field(description=f"`{NO_INDUSTRY}` where the legacy backend stored none")
    overall_score: int | None
    market_tier: str | None
    status: str
    created_at: datetime


# Reasons that come without a sentence: of analyses that the legacy backend ran.
_REASONS: Final = {
    "abandoned": "The analysis was given up by the system that ran it; ask for it again.",
    "not_recorded": "The analysis failed, and the system that ran it kept no reason; ask for it again.",
    "result_missing": "The system that ran the analysis lost its result; ask for it again.",
}
_FAILED: Final = "The analysis failed."
_CANCELLED: Final = FailureView(code="cancelled", detail="The analysis was cancelled.")
_NOT_YET: Final = FailureView(
    code="result_not_found", detail="The analysis is still running; its result is not there yet."
)
_UNKNOWN_MODEL: Final = "unknown"


def failure_view(analysis: View | KnownRequest) -> FailureView | None:
    """Return why an analysis failed; None of one that did not, or that request-api alone knows of."""
    if isinstance(analysis, KnownRequest) or analysis.failure_code is None:
        return None
    detail = analysis.failure_detail or _REASONS.get(analysis.failure_code, _FAILED)
    return FailureView(code=analysis.failure_code, detail=detail)


def why_no_result(analysis: View | KnownRequest) -> FailureView:
    """Return what to tell a caller who asks for a result that does not exist."""
    if analysis.status is AnalysisStatus.CANCELLED:
        return _CANCELLED
    if analysis.status is AnalysisStatus.FAILED:
        return failure_view(analysis) or FailureView(code="failed", detail=_FAILED)
    return _NOT_YET


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
        """Return the statuses that a filter's word stands for.

        Both words for failed find cancelled analyses too: the legacy backend lists those as failed.
        """
        if word in ("failed", "error"):
            return [AnalysisStatus.FAILED, AnalysisStatus.CANCELLED]
        return [status for status in AnalysisStatus if self.word(status) == word]

    def status(
        self, analysis: View | KnownRequest, result: Result | None, changes: Changes | None
    ) -> StatusView:
        """A status from the view, or from request-api before there is one."""
        shown = None
        if isinstance(analysis, View) and result is not None:
            shown = self.result(analysis, result, changes)
        has_none = analysis.status in (AnalysisStatus.FAILED, AnalysisStatus.CANCELLED)
        reason = why_no_result(analysis).detail if has_none else ""
        return StatusView(
            analysis_id=analysis.analysis_id,
            status=self.word(analysis.status),
            requested_at=analysis.requested_at,
            completed_at=analysis.ended_at if isinstance(analysis, View) else analysis.completed_at,
            result=shown,
            failure=failure_view(analysis),
            detail=reason,
            message=reason,
        )

    def result(self, view: View, result: Result, changes: Changes | None) -> ResultView:
        """A result alone."""
        completed_at = view.ended_at or view.requested_at
        details = complete(result.detailed_scores, analysis_id=view.analysis_id, completed_at=completed_at)
        older = details["structure_analysis"]["feedback"]
        summary = result.executive_summary or ""
        shown = ResultView(
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
            issues=older["issues"],
            recommendations=older["recommendations"],
            missing_sections=older["missing_sections"],
            priority_improvements=older["priority_improvements"],
        )
        if details == result.detailed_scores:
            shown._stored_details = result.detailed_json
        return shown

    def listed(self, view: View) -> ListedView:
        """One line of a list."""
        return ListedView(
            id=view.analysis_id,
            file_name=view.file_name,
            candidate_name=view.candidate_name,
            candidate_id=view.candidate_id,
            industry=view.industry or NO_INDUSTRY,
            overall_score=view.overall_score,
            market_tier=view.market_tier,
            status=self.word(view.status),
            created_at=view.requested_at,
        )
