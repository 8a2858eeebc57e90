"""An analysis of a resume, from its request to its end. results-api decides the status."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from contracts.vocabulary import AnalysisStatus, Depth, ReportLanguage, ReviewType

from request_api.domain.errors import AnalysisHasEnded
from request_api.domain.resume import Resume

UNFINISHED = (AnalysisStatus.PENDING, AnalysisStatus.PROCESSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisOptions:
    """Options of a request. `report_language` is None if the deployment chooses the language."""

    industry: str
    depth: Depth
    review_type: ReviewType
    compare_to_market: bool
    focus_areas: tuple[str, ...]
    report_language: ReportLanguage | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """An analysis with its last known status. `version` counts the changes of the status."""

    analysis_id: UUID
    resume_id: UUID
    resume_version: int
    candidate_id: UUID
    requested_by: UUID
    candidate_name: str
    file_name: str
    industry: str | None
    depth: Depth
    review_type: ReviewType
    compare_to_market: bool
    focus_areas: tuple[str, ...]
    report_language: ReportLanguage
    status: AnalysisStatus
    version: int
    failure_code: str | None
    cancel_requested_at: datetime | None
    requested_at: datetime
    completed_at: datetime | None

    @classmethod
    def request(
        cls,
        analysis_id: UUID,
        resume: Resume,
        options: AnalysisOptions,
        *,
        report_language: ReportLanguage,
        requested_by: UUID,
        at: datetime,
    ) -> Self:
        """Return a new, pending analysis of a resume."""
        return cls(
            analysis_id=analysis_id,
            resume_id=resume.id,
            resume_version=resume.version,
            candidate_id=resume.candidate_id,
            requested_by=requested_by,
            candidate_name=resume.candidate_name,
            file_name=resume.file_name,
            industry=options.industry,
            depth=options.depth,
            review_type=options.review_type,
            compare_to_market=options.compare_to_market,
            focus_areas=options.focus_areas,
            report_language=report_language,
            status=AnalysisStatus.PENDING,
            version=0,
            failure_code=None,
            cancel_requested_at=None,
            requested_at=at,
            completed_at=None,
        )

    def can_request_cancellation(self) -> bool:
        """Return whether a cancellation has an effect. It has none if one was requested before.

        Raises:
            AnalysisHasEnded: the analysis ended in another way.
        """
        if self.status == AnalysisStatus.CANCELLED:
            return False
        if self.status not in UNFINISHED:
            raise AnalysisHasEnded
        return self.cancel_requested_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """A status that results-api published. `version` counts the changes of the analysis's status."""

    analysis_id: UUID
    status: AnalysisStatus
    version: int
    failure_code: str | None
    ended_at: datetime | None
