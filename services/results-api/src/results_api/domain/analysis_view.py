"""The read model: analyses and results as clients see them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from contracts.vocabulary import AnalysisStatus

# Shown as the industry of analyses for which the legacy backend stored none.
NO_INDUSTRY: Final = "unspecified"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisView:
    """A row of the combined view. `version` is 0 for analyses that the legacy backend runs.

    `resume_version` is None for analyses requested before events carried it.
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
    """A row of `review_results`. Rows of the legacy backend may lack everything except their ids.

    `detailed_scores` is any JSON value, and `detailed_json` is its stored text.
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
