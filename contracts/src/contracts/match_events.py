"""Events of matches, version 1. A match compares one resume with one version of a job.

They travel on the topics of analyses, keyed by the id of the match.
"""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.document import DocumentSignals
from contracts.events import Emission, Event, Failure, Version1, VersionUpTo2, VersionUpTo3
from contracts.matching import MAX_REQUIREMENTS, Match, MatchScore, Requirement, Share
from contracts.plain_text import PlainLine
from contracts.topics import ANALYSIS_EVENTS, ANALYSIS_REQUESTS, ANALYSIS_RESULTS
from contracts.vocabulary import MAX_TEXT_CHARACTERS, AnalysisStatus, OpenFailureCode, Ordinal, Timestamp


class MatchContext(BaseModel):
    """Identifiers of a match that are fixed when it is requested. Every private event repeats them."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    match_id: UUID
    job_id: UUID
    job_version: Ordinal
    resume_id: UUID
    # Ordinal of the resume among the candidate's resumes.
    resume_version: Ordinal
    candidate_id: UUID
    requested_by: UUID
    candidate_name: Annotated[PlainLine, Field(max_length=201)]
    file_name: Annotated[PlainLine, Field(max_length=255)]
    requested_at: Timestamp


class PrivateMatchEvent(Event):
    """An event of a match between the services of this product."""

    match: MatchContext

    @property
    def subject(self) -> UUID:
        return self.match.match_id


class MatchRequested(PrivateMatchEvent):
    """A match was accepted.

    `text` is the visible text, or "" if the resume could not be read. `signals` is None for older resumes.
    """

    type: ClassVar[str] = "com.resume-review.analysis-requests.match-requested.v1"
    topic: ClassVar[str] = ANALYSIS_REQUESTS

    version: Version1
    text: Annotated[str, Field(max_length=MAX_TEXT_CHARACTERS)]
    signals: DocumentSignals | None
    requirements: Annotated[tuple[Requirement, ...], Field(max_length=MAX_REQUIREMENTS)]
    emission: Emission = 1


class MatchCancelRequested(PrivateMatchEvent):
    """An authorized user cancelled the match."""

    type: ClassVar[str] = "com.resume-review.analysis-requests.match-cancelled.v1"
    topic: ClassVar[str] = ANALYSIS_REQUESTS

    version: VersionUpTo2
    cancelled_by: UUID
    cancelled_at: Timestamp
    emission: Emission = 1


class MatchExpired(PrivateMatchEvent):
    """The match did not end within its deadline. The event is emitted again until its end is known."""

    type: ClassVar[str] = "com.resume-review.analysis-requests.match-expired.v1"
    topic: ClassVar[str] = ANALYSIS_REQUESTS

    version: VersionUpTo2
    expired_at: Timestamp


class MatchEraseRequested(PrivateMatchEvent):
    """The resume or the job was deleted, so everything derived from the match must be deleted."""

    type: ClassVar[str] = "com.resume-review.analysis-requests.match-erased.v1"
    topic: ClassVar[str] = ANALYSIS_REQUESTS

    version: VersionUpTo3
    erased_at: Timestamp


class MatchSucceeded(PrivateMatchEvent):
    """The resume was compared with the job. The event carries the outcome of every requirement."""

    type: ClassVar[str] = "com.resume-review.analysis-results.match-succeeded.v1"
    topic: ClassVar[str] = ANALYSIS_RESULTS

    version: VersionUpTo2
    result: Match
    finished_at: Timestamp


class MatchFailedToRun(PrivateMatchEvent):
    """The match failed and is not retried."""

    type: ClassVar[str] = "com.resume-review.analysis-results.match-failed.v1"
    topic: ClassVar[str] = ANALYSIS_RESULTS

    version: VersionUpTo2
    failure: Failure
    finished_at: Timestamp


class PublicMatchEvent(Event):
    """A status change of a match, for any subscriber: ids, status, score and times, and no free text.

    It is published only after the change is visible over HTTP.
    """

    topic: ClassVar[str] = ANALYSIS_EVENTS
    status: ClassVar[AnalysisStatus]

    match_id: UUID
    job_id: UUID
    job_version: Ordinal
    resume_id: UUID
    candidate_id: UUID
    requested_by: UUID
    requested_at: Timestamp
    occurred_at: Timestamp

    @property
    def subject(self) -> UUID:
        return self.match_id


class MatchPending(PublicMatchEvent):
    """The match was accepted and waits for an analyzer."""

    type: ClassVar[str] = "com.resume-review.match.pending.v1"
    status: ClassVar[AnalysisStatus] = AnalysisStatus.PENDING

    version: Version1


class MatchCompleted(PublicMatchEvent):
    """The match is available. `score` is None where it cannot be told."""

    type: ClassVar[str] = "com.resume-review.match.completed.v1"
    status: ClassVar[AnalysisStatus] = AnalysisStatus.COMPLETED

    version: VersionUpTo2
    score: MatchScore | None
    assessed: Share


class MatchFailed(PublicMatchEvent):
    """The match ended without a result."""

    type: ClassVar[str] = "com.resume-review.match.failed.v1"
    status: ClassVar[AnalysisStatus] = AnalysisStatus.FAILED

    version: VersionUpTo2
    failure_code: OpenFailureCode


class MatchCancelled(PublicMatchEvent):
    """The match was cancelled by an authorized user."""

    type: ClassVar[str] = "com.resume-review.match.cancelled.v1"
    status: ClassVar[AnalysisStatus] = AnalysisStatus.CANCELLED

    version: VersionUpTo2


class MatchErased(PublicMatchEvent):
    """All data of the match was deleted. Subscribers delete their copies."""

    type: ClassVar[str] = "com.resume-review.match.erased.v1"
    status: ClassVar[AnalysisStatus] = AnalysisStatus.ERASED

    version: VersionUpTo3
