"""What request-api is about: people who may see things, candidates, resumes, analysis requests."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from contracts.document import DocumentSignals
from contracts.events import (
    MAX_EMISSION,
    AnalysisCancelRequested,
    AnalysisContext,
    AnalysisExpired,
    AnalysisRequested,
)
from contracts.vocabulary import INDUSTRY_PATTERN, AnalysisStatus, Depth, ReportLanguage, ReviewType

# The file types that are read, with their media types.
MIME_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "txt": "text/plain",
}
MAX_YEARS_EXPERIENCE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCandidate:
    """What a consultant says of a candidate."""

    first_name: str
    last_name: str
    email: str | None
    phone: str | None
    current_company: str | None
    current_position: str | None
    years_experience: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A candidate as listed; `latest_resume_version` is None without a resume."""

    id: UUID
    first_name: str
    last_name: str
    email: str | None
    phone: str | None
    current_company: str | None
    current_position: str | None
    years_experience: int | None
    status: str
    created_at: datetime
    total_resumes: int
    latest_resume_version: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """A resume that was read, with what an analysis needs of its candidate; `version` counts theirs."""

    id: UUID
    version: int
    candidate_id: UUID
    candidate_name: str
    file_name: str
    text: str
    signals: DocumentSignals | None


class UploadStatus(StrEnum):
    """What `resumes.status` may hold; what is uploaded now is read before the answer, and completed."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A resume as it was uploaded; `extracted_text` is None where it was not read, or not asked for."""

    id: UUID
    candidate_id: UUID
    uploaded_by_user_id: UUID
    original_filename: str
    file_size: int
    mime_type: str
    version_number: int
    status: str
    extracted_text: str | None
    uploaded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisOptions:
    """The options of a request; `report_language` is None where the caller leaves it to the deployment."""

    industry: str
    depth: Depth
    review_type: ReviewType
    compare_to_market: bool
    focus_areas: tuple[str, ...]
    report_language: ReportLanguage | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisRequest:
    """A request, with the status last heard of; `failure_code` where that is failed."""

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

    @property
    def has_ended(self) -> bool:
        """As far as was heard."""
        return self.status not in (AnalysisStatus.PENDING, AnalysisStatus.PROCESSING)

    def context(self) -> AnalysisContext:
        """What every private event repeats, without an industry that is no word: the old backend took any."""
        industry = self.industry if self.industry and INDUSTRY_PATTERN.fullmatch(self.industry) else None
        return AnalysisContext(
            analysis_id=self.analysis_id,
            resume_id=self.resume_id,
            candidate_id=self.candidate_id,
            requested_by=self.requested_by,
            candidate_name=self.candidate_name,
            file_name=self.file_name,
            industry=industry,
            depth=self.depth,
            review_type=self.review_type,
            requested_at=self.requested_at,
            resume_version=self.resume_version,
        )

    def requested(self, resume: Resume, *, emission: int = 1) -> AnalysisRequested:
        """The event that has it analysed."""
        return AnalysisRequested(
            version=1,
            analysis=self.context(),
            text=resume.text,
            signals=resume.signals,
            focus_areas=self.focus_areas,
            compare_to_market=self.compare_to_market,
            report_language=self.report_language,
            emission=min(emission, MAX_EMISSION),
        )

    def cancelled(self, *, by: UUID, at: datetime, emission: int = 1) -> AnalysisCancelRequested:
        """The event that ends it because somebody asked for that."""
        return AnalysisCancelRequested(
            version=2,
            analysis=self.context(),
            cancelled_by=by,
            cancelled_at=at,
            emission=min(emission, MAX_EMISSION),
        )

    def expired(self, *, at: datetime) -> AnalysisExpired:
        """The event that ends it because it took too long."""
        return AnalysisExpired(version=2, analysis=self.context(), expired_at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for an end: until the event is emitted again, twice as long each time; and in all."""

    reemit_after: timedelta
    deadline: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """An analysis that was waited for long enough; `is_overdue` where its deadline has passed."""

    analysis_id: UUID
    is_overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An analysis that has not ended, held; `now` is the database's clock."""

    request: AnalysisRequest
    emissions: int
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """An analysis that has not ended, as on-call sees it."""

    analysis_id: UUID
    status: AnalysisStatus
    requested_at: datetime
    emitted_at: datetime
    emissions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """How many analyses have not ended, and since when the oldest waits; 0 without any."""

    analyses: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyKey:
    """A caller's own name for one POST: the same name must mean the same request."""

    user_id: UUID
    key: str
    # SHA-256, hexadecimal, of what was asked for.
    fingerprint: str


# A JSON answer as it was first given.
Answer = dict[str, Any]
