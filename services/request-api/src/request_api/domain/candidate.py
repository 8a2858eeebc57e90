"""Candidates: the people whose resumes are analysed."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

MAX_YEARS_EXPERIENCE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCandidate:
    """The details with which a user registers a candidate."""

    first_name: str
    last_name: str
    email: str | None
    phone: str | None
    current_company: str | None
    current_position: str | None
    years_experience: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate(NewCandidate):
    """A candidate with a summary of its resumes. `latest_resume_version` is None without a resume."""

    id: UUID
    status: str
    created_at: datetime
    total_resumes: int
    latest_resume_version: int | None

    @classmethod
    def register(cls, candidate_id: UUID, new: NewCandidate, *, at: datetime) -> Self:
        """Return a new candidate, which has no resume yet."""
        return cls(
            **asdict(new),
            id=candidate_id,
            status="active",
            created_at=at,
            total_resumes=0,
            latest_resume_version=None,
        )
