"""Every event of the three topics, version 1.

Within a major version fields are only ever added, with a default; anything else is a new type and topic.
Golden files in `contracts/golden` hold what was once written, and every reader must go on reading it.
"""

from abc import ABC, abstractmethod
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.document import DocumentSignals
from contracts.plain_text import PlainLine
from contracts.report import Report
from contracts.topics import ANALYSIS_EVENTS, ANALYSIS_REQUESTS, ANALYSIS_RESULTS
from contracts.vocabulary import (
    MAX_TEXT_CHARACTERS,
    AnalysisStatus,
    Depth,
    Industry,
    MarketTier,
    OpenFailureCode,
    OpenReportLanguage,
    Ordinal,
    ReportLanguage,
    ReviewType,
    Score,
    Timestamp,
)

# An analysis passes at most four statuses: pending, processing, an end, erased. The version of a public event
# counts them. Readers keep the highest version they saw: one that no analysis reaches would freeze a status
# for ever, and is poison.
Version1 = Annotated[int, Field(ge=1, le=1)]
VersionUpTo2 = Annotated[int, Field(ge=1, le=2)]
VersionUpTo3 = Annotated[int, Field(ge=1, le=3)]
VersionUpTo4 = Annotated[int, Field(ge=1, le=4)]
# Counts how often an event was put on its topic on purpose; from 2 on, the writer has heard of no end and
# asks to be told again. A writer that counts further says the largest.
MAX_EMISSION: Final = 1_000_000
Emission = Annotated[int, Field(ge=1, le=MAX_EMISSION)]


class AnalysisContext(BaseModel):
    """Identifiers and settings of an analysis that are fixed when it is requested.

    Every private event repeats them, so a reader can start from whichever event arrives first.
    """

    # The published schemas and the AsyncAPI document name this component by its title.
    model_config = ConfigDict(frozen=True, extra="ignore", title="Facts")

    analysis_id: UUID
    resume_id: UUID
    candidate_id: UUID
    requested_by: UUID
    candidate_name: Annotated[PlainLine, Field(max_length=201)]
    file_name: Annotated[PlainLine, Field(max_length=255)]
    industry: Industry | None
    depth: Depth
    review_type: ReviewType
    requested_at: Timestamp
    # The place of the resume among the candidate's; None from a writer of before it was told.
    resume_version: Ordinal | None = None


class Event(BaseModel, ABC):
    """What all events share: a type, the topic they travel on, and the analysis they are about."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: ClassVar[str]
    topic: ClassVar[str]

    # Orders the events of one analysis on one topic; wall clocks order nothing.
    version: VersionUpTo4

    @property
    @abstractmethod
    def subject(self) -> UUID:
        """The analysis id, which is also the record's key."""


class PrivateEvent(Event):
    """An event between our own services."""

    analysis: AnalysisContext

    @property
    def subject(self) -> UUID:
        return self.analysis.analysis_id


class AnalysisRequested(PrivateEvent):
    """An analysis was accepted. `text` is the visible text; `signals` is None for older resumes."""

    type: ClassVar[str] = "com.resume-review.analysis-requests.requested.v1"
    topic: ClassVar[str] = ANALYSIS_REQUESTS

    version: Version1
    text: Annotated[str, Field(max_length=MAX_TEXT_CHARACTERS)]
    signals: DocumentSignals | None
    focus_areas: Annotated[tuple[Annotated[str, Field(max_length=100)], ...], Field(max_length=20)] = ()
    compare_to_market: bool = False
    report_language: OpenReportLanguage = ReportLanguage.RESUME
    emission: Emission = 1


class AnalysisCancelRequested(PrivateEvent):
    """Somebody who may asked for the analysis to end."""

    type: ClassVar[str] = "com.resume-review.analysis-requests.cancelled.v1"
    topic: ClassVar[str] = ANALYSIS_REQUESTS

    version: VersionUpTo2
    cancelled_by: UUID
    cancelled_at: Timestamp
    emission: Emission = 1


class AnalysisEraseRequested(PrivateEvent):
    """The resume was deleted: whatever was derived from it has to go."""

    type: ClassVar[str] = "com.resume-review.analysis-requests.erased.v1"
    topic: ClassVar[str] = ANALYSIS_REQUESTS

    version: VersionUpTo3
    erased_at: Timestamp


class AnalysisExpired(PrivateEvent):
    """Nobody heard of the analysis's end within its deadline; it is said again until somebody does."""

    type: ClassVar[str] = "com.resume-review.analysis-requests.expired.v1"
    topic: ClassVar[str] = ANALYSIS_REQUESTS

    version: VersionUpTo2
    expired_at: Timestamp


class AnalysisStarted(PrivateEvent):
    """The analyzer has been at work for a moment.

    A short analysis ends without this event, and a repeated one may publish it again.
    """

    type: ClassVar[str] = "com.resume-review.analysis-results.started.v1"
    topic: ClassVar[str] = ANALYSIS_RESULTS

    version: Version1
    started_at: Timestamp


class AnalysisSucceeded(PrivateEvent):
    """The whole report."""

    type: ClassVar[str] = "com.resume-review.analysis-results.succeeded.v1"
    topic: ClassVar[str] = ANALYSIS_RESULTS

    version: VersionUpTo2
    report: Report
    finished_at: Timestamp


class Failure(BaseModel):
    """Why there is no report: a code for programs, one sentence for people."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: OpenFailureCode
    detail: Annotated[str, Field(max_length=500)]


class AnalysisFailedToRun(PrivateEvent):
    """The analyzer gave the job up for good."""

    type: ClassVar[str] = "com.resume-review.analysis-results.failed.v1"
    topic: ClassVar[str] = ANALYSIS_RESULTS

    version: VersionUpTo2
    failure: Failure
    finished_at: Timestamp


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
    requested_at: Timestamp
    occurred_at: Timestamp

    @property
    def subject(self) -> UUID:
        return self.analysis_id


class AnalysisPending(PublicEvent):
    """Accepted, and waiting for an analyzer."""

    type: ClassVar[str] = "com.resume-review.analysis.pending.v1"
    status: ClassVar[AnalysisStatus] = AnalysisStatus.PENDING

    version: Version1


class AnalysisProcessing(PublicEvent):
    """Being analyzed. A short analysis ends without this event."""

    type: ClassVar[str] = "com.resume-review.analysis.processing.v1"
    status: ClassVar[AnalysisStatus] = AnalysisStatus.PROCESSING

    version: VersionUpTo2


class AnalysisCompleted(PublicEvent):
    """The result can be read."""

    type: ClassVar[str] = "com.resume-review.analysis.completed.v1"
    status: ClassVar[AnalysisStatus] = AnalysisStatus.COMPLETED

    version: VersionUpTo3
    overall_score: Score
    ats_score: Score
    content_score: Score
    formatting_score: Score
    market_tier: MarketTier


class AnalysisFailed(PublicEvent):
    """Ended without a result."""

    type: ClassVar[str] = "com.resume-review.analysis.failed.v1"
    status: ClassVar[AnalysisStatus] = AnalysisStatus.FAILED

    version: VersionUpTo3
    failure_code: OpenFailureCode


class AnalysisCancelled(PublicEvent):
    """Ended because somebody who may asked for it."""

    type: ClassVar[str] = "com.resume-review.analysis.cancelled.v1"
    status: ClassVar[AnalysisStatus] = AnalysisStatus.CANCELLED

    version: VersionUpTo3


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
