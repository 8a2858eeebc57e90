"""What request-api is about: people who may see things, candidates, resumes, analysis requests."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from contracts.document import DocumentSignals
from contracts.vocabulary import AnalysisStatus, Depth, ReviewType


class Role(StrEnum):
    """What `users.role` may hold."""

    JUNIOR_RECRUITER = "junior_recruiter"
    SENIOR_RECRUITER = "senior_recruiter"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Whoever a read or a write is done for."""

    user_id: UUID
    role: Role

    @property
    def sees_everything(self) -> bool:
        """Seniors and admins do; juniors see what is theirs or assigned to them."""
        return self.role in (Role.SENIOR_RECRUITER, Role.ADMIN)

    @staticmethod
    def of(*, user_id: UUID, role: str | None) -> "Principal":
        """A token without a role, or with one that is unknown here, gets the least."""
        known = {str(one): one for one in Role}
        return Principal(user_id=user_id, role=known.get(role or "", Role.JUNIOR_RECRUITER))


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


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisOptions:
    """What was asked for."""

    industry: str
    depth: Depth
    review_type: ReviewType
    compare_to_market: bool
    focus_areas: tuple[str, ...]


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
    status: AnalysisStatus
    version: int
    failure_code: str | None
    requested_at: datetime
    completed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyKey:
    """A caller's own name for one POST: the same name must mean the same request."""

    user_id: UUID
    key: str
    # SHA-256, hexadecimal, of what was asked for.
    fingerprint: str


# A JSON answer as it was first given.
Answer = dict[str, Any]
