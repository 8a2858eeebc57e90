"""Every event of the three topics, version 1.

Within a major version fields are only ever added, with a default; anything else is a new type and topic.
Golden files in `contracts/golden` hold what was once written, and every reader must go on reading it.
"""

from abc import ABC, abstractmethod
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from contracts.document import DocumentSignals
from contracts.report import Report
from contracts.topics import ANALYSIS_EVENTS, ANALYSIS_REQUESTS, ANALYSIS_RESULTS
from contracts.vocabulary import (
    MAX_TEXT_CHARACTERS,
    AnalysisStatus,
    Depth,
    FailureWord,
    Industry,
    MarketTier,
    ReviewType,
    Score,
)

Version = Annotated[int, Field(ge=1)]
# Counts how often an event was put on its topic on purpose; from 2 on, the writer has heard of no end and
# asks to be told again.
Emission = Annotated[int, Field(ge=1)]


class Facts(BaseModel):
    """What is known of an analysis from the moment it is asked for.

    Every private event repeats them, so that a reader can start from whichever event reaches it first.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    analysis_id: UUID
    resume_id: UUID
    candidate_id: UUID
    requested_by: UUID
    candidate_name: Annotated[str, Field(max_length=201)]
    file_name: Annotated[str, Field(max_length=255)]
    industry: Industry | None
    depth: Depth
    review_type: ReviewType
    requested_at: AwareDatetime
    # The place of the resume among the candidate's; None from a writer of before it was told.
    resume_version: Annotated[int, Field(ge=1)] | None = None


class Event(BaseModel, ABC):
    """What all events share: a type, the topic they travel on, and the analysis they are about."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: ClassVar[str]
    topic: ClassVar[str]

    # Orders the events of one analysis on one topic; wall clocks order nothing.
    version: Version

    @property
    @abstractmethod
    def subject(self) -> UUID:
        """The analysis id, which is also the record's key."""


class PrivateEvent(Event):
    """An event between our own services."""

    analysis: Facts

    @property
    def subject(self) -> UUID:
        return self.analysis.analysis_id


class AnalysisRequested(PrivateEvent):
    """An analysis was accepted. `text` is the visible text; `signals` is None for older resumes."""

    type: ClassVar[str] = "com.resume-review.analysis-requests.requested.v1"
    topic: ClassVar[str] = ANALYSIS_REQUESTS

    text: Annotated[str, Field(max_length=MAX_TEXT_CHARACTERS)]
    signals: DocumentSignals | None
    focus_areas: Annotated[tuple[Annotated[str, Field(max_length=100)], ...], Field(max_length=20)] = ()
    compare_to_market: bool = False
    emission: Emission = 1


class AnalysisCancelRequested(PrivateEvent):
    """Somebody who may asked for the analysis to end."""

    type: ClassVar[str] = "com.resume-review.analysis-requests.cancelled.v1"
    topic: ClassVar[str] = ANALYSIS_REQUESTS

    cancelled_by: UUID
    cancelled_at: AwareDatetime
    emission: Emission = 1


class AnalysisEraseRequested(PrivateEvent):
    """The resume was deleted: whatever was derived from it has to go."""

    type: ClassVar[str] = "com.resume-review.analysis-requests.erased.v1"
    topic: ClassVar[str] = ANALYSIS_REQUESTS

    erased_at: AwareDatetime


class AnalysisExpired(PrivateEvent):
    """Nobody heard of the analysis's end within its deadline; it is said again until somebody does."""

    type: ClassVar[str] = "com.resume-review.analysis-requests.expired.v1"
    topic: ClassVar[str] = ANALYSIS_REQUESTS

    expired_at: AwareDatetime


class AnalysisStarted(PrivateEvent):
    """The analyzer took the job up; it may say so again after a crash."""

    type: ClassVar[str] = "com.resume-review.analysis-results.started.v1"
    topic: ClassVar[str] = ANALYSIS_RESULTS

    started_at: AwareDatetime


class AnalysisSucceeded(PrivateEvent):
    """The whole report."""

    type: ClassVar[str] = "com.resume-review.analysis-results.succeeded.v1"
    topic: ClassVar[str] = ANALYSIS_RESULTS

    report: Report
    finished_at: AwareDatetime


class Failure(BaseModel):
    """Why there is no report: a code for programs, one sentence for people."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: FailureWord
    detail: Annotated[str, Field(max_length=500)]


class AnalysisFailedToRun(PrivateEvent):
    """The analyzer gave the job up for good."""

    type: ClassVar[str] = "com.resume-review.analysis-results.failed.v1"
    topic: ClassVar[str] = ANALYSIS_RESULTS

    failure: Failure
    finished_at: AwareDatetime


class PublicEvent(Event):
    """A change of status, for anyone. No free text: ids, status, scores, times.

    It is written only after the change can be read over HTTP.
    """

    topic: ClassVar[str] = ANALYSIS_EVENTS
    status: ClassVar[AnalysisStatus]

    analysis_id: UUID
    resume_id: UUID
    candidate_id: UUID
    requested_by: UUID
    industry: Industry | None
    requested_at: AwareDatetime
    occurred_at: AwareDatetime

    @property
    def subject(self) -> UUID:
        return self.analysis_id


class AnalysisPending(PublicEvent):
    """Accepted, and waiting for an analyzer."""

    type: ClassVar[str] = "com.resume-review.analysis.pending.v1"
    status: ClassVar[AnalysisStatus] = AnalysisStatus.PENDING


class AnalysisProcessing(PublicEvent):
    """Being analysed."""

    type: ClassVar[str] = "com.resume-review.analysis.processing.v1"
    status: ClassVar[AnalysisStatus] = AnalysisStatus.PROCESSING


class AnalysisCompleted(PublicEvent):
    """The result can be read."""

    type: ClassVar[str] = "com.resume-review.analysis.completed.v1"
    status: ClassVar[AnalysisStatus] = AnalysisStatus.COMPLETED

    overall_score: Score
    ats_score: Score
    content_score: Score
    formatting_score: Score
    market_tier: MarketTier


class AnalysisFailed(PublicEvent):
    """Ended without a result."""

    type: ClassVar[str] = "com.resume-review.analysis.failed.v1"
    status: ClassVar[AnalysisStatus] = AnalysisStatus.FAILED

    failure_code: FailureWord


class AnalysisCancelled(PublicEvent):
    """Ended because somebody who may asked for it."""

    type: ClassVar[str] = "com.resume-review.analysis.cancelled.v1"
    status: ClassVar[AnalysisStatus] = AnalysisStatus.CANCELLED


class AnalysisErased(PublicEvent):
    """Everything about it was deleted; subscribers delete their copies."""

    type: ClassVar[str] = "com.resume-review.analysis.erased.v1"
    status: ClassVar[AnalysisStatus] = AnalysisStatus.ERASED


EVENTS: tuple[type[Event], ...] = (
    AnalysisRequested,
    AnalysisCancelRequested,
    AnalysisEraseRequested,
    AnalysisExpired,
    AnalysisStarted,
    AnalysisSucceeded,
    AnalysisFailedToRun,
    AnalysisPending,
    AnalysisProcessing,
    AnalysisCompleted,
    AnalysisFailed,
    AnalysisCancelled,
    AnalysisErased,
)
