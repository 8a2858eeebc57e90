"""Responses of the model, and the reasons why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from analyzer.llm.prompting.controls import ControlsFailed
from analyzer.llm.prompting.json_output import MalformedOutput
from analyzer.llm.prompting.labels import LabelsResponse
from analyzer.llm.prompting.topics import TopicsResponse
from analyzer.llm.prompting.writing import WritingResponse

Value = TypeVar("Value")


class FailureReason(StrEnum):
    """Reason why a request to the model brought no usable response; the catalogue has a sentence for each."""

    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    REJECTED = "rejected"
    REDIRECTED = "redirected"
    TOO_LARGE = "too_large"
    ENCODED = "encoded"
    PAUSED = "paused"
    BUSY = "busy"
    CONTEXT = "context"
    REFUSED = "refused"
    FILTERED = "filtered"
    TRUNCATED = "truncated"
    EMPTY = "empty"
    MALFORMED = "malformed"
    CONTROLS_FAILED = "controls_failed"
    INTERNAL = "internal"
    ERASED = "erased"


def reason_of(malformed: MalformedOutput) -> FailureReason:
    """Return the reason for which output was discarded."""
    if isinstance(malformed, ControlsFailed):
        return FailureReason.CONTROLS_FAILED
    return FailureReason.MALFORMED


@dataclass(frozen=True, slots=True, kw_only=True)
class RawResponse:
    """The verbatim content of a response, and the model's name as the provider reports it."""

    model: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Response(Generic[Value]):
    """A parsed response."""

    value: Value
    raw: RawResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelResponses:
    """The responses to the questions of one analysis.

    `failures` are the reasons why labels are missing, one for each call without a response.
    """

    labels: Sequence[Response[LabelsResponse]] = ()
    label_calls: int = 0
    topics: Response[TopicsResponse] | None = None
    asked_about_topics: bool = False
    writing: Response[WritingResponse] | None = None
    asked_about_writing: bool = False
    failures: Sequence[FailureReason] = ()
    is_cached: bool = False

    @property
    def is_complete(self) -> bool:
        """Tell whether every question has a response."""
        return (
            len(self.labels) == self.label_calls
            and self.asked_about_topics == (self.topics is not None)
            and self.asked_about_writing == (self.writing is not None)
        )

    @property
    def raw(self) -> list[RawResponse]:
        """Return all raw responses: labels, topics, writing."""
        return [
            *(each.raw for each in self.labels),
            *([self.topics.raw] if self.topics else []),
            *([self.writing.raw] if self.writing else []),
        ]
