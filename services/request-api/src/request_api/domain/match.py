"""Matches of resumes with a job. results-api decides their status."""

from dataclasses import InitVar, dataclass
from datetime import datetime
from typing import Final, Self
from uuid import UUID

from contracts.document import DocumentSignals
from contracts.vocabulary import MAX_TEXT_CHARACTERS, AnalysisStatus

from request_api.domain.errors import ResumeNotYetRead
from request_api.domain.job import Job

# Its events take some MB, and storing them less than the 9 s after which the gateway gives up.
MAX_MATCHES_PER_REQUEST: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchableResume:
    """A resume to match, without its text. `version` counts the candidate's resumes.

    Raises:
        ResumeNotYetRead: the legacy backend will store the text later. A match without it would be final.
    """

    id: UUID
    version: int
    candidate_id: UUID
    candidate_name: str
    file_name: str
    is_read: InitVar[bool]

    def __post_init__(self, is_read: bool) -> None:
        if not is_read:
            raise ResumeNotYetRead


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeText:
    """The text of a resume with its signals, which older resumes do not have."""

    text: str
    signals: DocumentSignals | None

    @classmethod
    def of(cls, text: str | None, signals: DocumentSignals | None) -> Self:
        """Return the text, or "" for one of the legacy backend that no event can carry."""
        return cls(text=text if text and len(text) <= MAX_TEXT_CHARACTERS else "", signals=signals)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A match of a resume with a version of a job, and its last known status."""

    match_id: UUID
    job_id: UUID
    job_version: int
    resume_id: UUID
    resume_version: int
    candidate_id: UUID
    candidate_name: str
    file_name: str
    requested_by: UUID
    status: AnalysisStatus
    cancel_requested_at: datetime | None
    requested_at: datetime

    @classmethod
    def request(
        cls, match_id: UUID, resume: MatchableResume, job: Job, *, requested_by: UUID, at: datetime
    ) -> Self:
        """Return a new, pending match with the newest version of a job."""
        return cls(
            match_id=match_id,
            job_id=job.id,
            job_version=job.version,
            resume_id=resume.id,
            resume_version=resume.version,
            candidate_id=resume.candidate_id,
            candidate_name=resume.candidate_name,
            file_name=resume.file_name,
            requested_by=requested_by,
            status=AnalysisStatus.PENDING,
            cancel_requested_at=None,
            requested_at=at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedMatches:
    """The answer to a request for matches. `matches` are the new ones and those requested before."""

    job_id: UUID
    job_version: int
    accepted: int
    already_requested: int
    matches: list[Match]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchCounts:
    """Matches of a user that are unfinished, and that were requested within a day, at the time `now`."""

    unfinished: int
    recent: int
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DueMatch:
    """A match to emit again, or to expire if it `is_overdue`."""

    match_id: UUID
    is_overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfinishedMatch:
    """A locked match that has not ended. `now` is the time of the database's clock."""

    match: Match
    emissions: int
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchEnd:
    """The end of a match as results-api published it. `version` counts the changes of its status."""

    match_id: UUID
    status: AnalysisStatus
    version: int
    ended_at: datetime
