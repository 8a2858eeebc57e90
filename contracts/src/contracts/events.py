"""Events of analyses, version 1.

Within a major version, fields may only be added, with a default. Any other change is a new event type on a
new topic. Golden files in `contracts/golden` hold records written in the past, which every reader must still
read.
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

# The version of a public event counts the statuses of its analysis. There are at most four: pending,
# processing, one final status, erased. Readers keep the highest version they saw, so an event with an
# unreachable version would freeze a status forever. Such events are rejected.
Version1 = Annotated[int, Field(ge=1, le=1)]
VersionUpTo2 = Annotated[int, Field(ge=1, le=2)]
VersionUpTo3 = Annotated[int, Field(ge=1, le=3)]
VersionUpTo4 = Annotated[int, Field(ge=1, le=4)]
# Counts the deliberate emissions of an event. From 2 on, the writer has not received the final status and
# asks for it again. Writers stop counting at the maximum.
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
    # Ordinal of the resume among the candidate's resumes. None in events of writers older than the field.
    resume_version: Ordinal | None = None


class Event(BaseModel, ABC):
    """Base of all events: a type, a topic, and the analysis or match they concern."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: ClassVar[str]
    topic: ClassVar[str]

    # Orders the events of one subject on one topic. Wall-clock times do not.
    version: VersionUpTo4

    @property
    @abstractmethod
    def subject(self) -> UUID:
        """Analysis id, which is also the record key."""


class PrivateEvent(Event):
    """An event between the services of this product."""

    analysis: AnalysisContext

    @property
    def subject(self) -> UUID:
        return self.analysis.analysis_id


class AnalysisRequested(PrivateEvent):
    """An analysis was accepted. `text` is the visible text. `signals` is None for older resumes."""

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
    """An authorized user cancelled the analysis."""

    type: ClassVar[str] = "com.resume-review.analysis-requests.cancelled.v1"
    topic: ClassVar[str] = ANALYSIS_REQUESTS

    version: VersionUpTo2
    cancelled_by: UUID
    cancelled_at: Timestamp
    emission: Emission = 1


class AnalysisEraseRequested(PrivateEvent):
    """The resume was deleted, so everything derived from it must be deleted."""

    type: ClassVar[str] = "com.resume-review.analysis-requests.erased.v1"
    topic: ClassVar[str] = ANALYSIS_REQUESTS

    version: VersionUpTo3
    erased_at: Timestamp


class AnalysisExpired(PrivateEvent):
    """The analysis did not end within its deadline. The event is emitted again until its end is known."""

    type: ClassVar[str] = "com.resume-review.analysis-requests.expired.v1"
    topic: ClassVar[str] = ANALYSIS_REQUESTS

    version: VersionUpTo2
    expired_at: Timestamp


class AnalysisStarted(PrivateEvent):
    """The analyzer is working on the analysis.

    A short analysis ends without this event, and a redelivered request may publish it again.
    """

    type: ClassVar[str] = "com.resume-review.analysis-results.started.v1"
    topic: ClassVar[str] = ANALYSIS_RESULTS

    version: Version1
    started_at: Timestamp


class AnalysisSucceeded(PrivateEvent):
    """The analysis succeeded. The event carries the whole report."""

    type: ClassVar[str] = "com.resume-review.analysis-results.succeeded.v1"
    topic: ClassVar[str] = ANALYSIS_RESULTS

    version: VersionUpTo2
    report: Report
    finished_at: Timestamp


class Failure(BaseModel):
    """Reason for a missing report: a code for programs and one sentence for people."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: OpenFailureCode
    detail: Annotated[str, Field(max_length=500)]


class AnalysisFailedToRun(PrivateEvent):
    """The analysis failed and is not retried."""

    type: ClassVar[str] = "com.resume-review.analysis-results.failed.v1"
    topic: ClassVar[str] = ANALYSIS_RESULTS

    version: VersionUpTo2
    failure: Failure
    finished_at: Timestamp


class PublicEvent(Event):
    """A status change, for any subscriber. It holds ids, status, scores and times, and no free text.

    It is published only after the change is visible over HTTP.
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
    """The analysis was accepted and waits for an analyzer."""

    type: ClassVar[str] = "com.resume-review.analysis.pending.v1"
    status: ClassVar[AnalysisStatus] = AnalysisStatus.PENDING

    version: Version1


class AnalysisProcessing(PublicEvent):
    """The analysis is running. A short analysis ends without this event."""

    type: ClassVar[str] = "com.resume-review.analysis.processing.v1"
    status: ClassVar[AnalysisStatus] = AnalysisStatus.PROCESSING

    version: VersionUpTo2


class AnalysisCompleted(PublicEvent):
    """The result is available."""

    type: ClassVar[str] = "com.resume-review.analysis.completed.v1"
    status: ClassVar[AnalysisStatus] = AnalysisStatus.COMPLETED

    version: VersionUpTo3
    overall_score: Score
    ats_score: Score
    content_score: Score
    formatting_score: Score
    market_tier: MarketTier


class AnalysisFailed(PublicEvent):
    """The analysis ended without a result."""

    type: ClassVar[str] = "com.resume-review.analysis.failed.v1"
    status: ClassVar[AnalysisStatus] = AnalysisStatus.FAILED

    version: VersionUpTo3
    failure_code: OpenFailureCode


class AnalysisCancelled(PublicEvent):
    """The analysis was cancelled by an authorized user."""

    type: ClassVar[str] = "com.resume-review.analysis.cancelled.v1"
    status: ClassVar[AnalysisStatus] = AnalysisStatus.CANCELLED

    version: VersionUpTo3


class AnalysisErased(PublicEvent):
    """All data of the analysis was deleted. Subscribers delete their copies."""

    type: ClassVar[str] = "com.resume-review.analysis.erased.v1"
    status: ClassVar[AnalysisStatus] = AnalysisStatus.ERASED
