"""What came back from a model, and what it took: values that also those know who never ask one."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from analyzer.llm.prompting.checklist import Judgements
from analyzer.llm.prompting.writing import Writing

Value = TypeVar("Value")


class Reason(StrEnum):
    """Why the model did not answer; each has a sentence in the catalogue."""

    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    REJECTED = "rejected"
    REDIRECTED = "redirected"
    TOO_LARGE = "too_large"
    ENCODED = "encoded"
    PAUSED = "paused"
    REFUSED = "refused"
    FILTERED = "filtered"
    TRUNCATED = "truncated"
    EMPTY = "empty"
    MALFORMED = "malformed"
    INTERNAL = "internal"
    ERASED = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """An answer word for word; `model` as the provider names it."""

    model: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply(Generic[Value]):
    """A readable answer."""

    value: Value
    raw: Raw


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What came back; `failures` are the reasons why answers to the checklist are missing."""

    checklists: Sequence[Reply[Judgements]]
    writing: Reply[Writing] | None
    failures: Sequence[Reason] = ()
    is_cached: bool = False

    @property
    def raw(self) -> list[Raw]:
        """Every answer: those to the checklist, then the one on the writing."""
        return [each.raw for each in self.checklists] + ([self.writing.raw] if self.writing else [])


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What the answers took; `cost_usd` is None where no price is known."""

    requests: int
    input_tokens: int
    output_tokens: int
    cost_usd: float | None
