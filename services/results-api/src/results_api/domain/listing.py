"""Lists of analyses: what they are filtered and sorted by, and positions in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from contracts.vocabulary import AnalysisStatus

from results_api.domain.analysis_view import AnalysisView
from results_api.domain.errors import InvalidFilters


class Sort(StrEnum):
    """Values that a list is sorted by. Analyses with the same value are sorted by id."""

    REQUESTED_AT = "requested_at"
    # Analyses without a score come last, in both directions.
    SCORE = "score"
    # Upper and lower case count as equal.
    CANDIDATE_NAME = "candidate_name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The order of a list."""

    sort: Sort = Sort.REQUESTED_AT
    descending: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Filters of a list. None means no filter. `NO_INDUSTRY` finds analyses without an industry.

    Both ends of a range belong to it. `text` is a part of the candidate's name or of the file's name, in any
    letter case.

    Raises:
        InvalidFilters: if a range is empty.
    """

    statuses: Sequence[AnalysisStatus] | None = None
    industry: str | None = None
    candidate_id: UUID | None = None
    resume_id: UUID | None = None
    min_score: int | None = None
    max_score: int | None = None
    market_tier: str | None = None
    requested_from: datetime | None = None
    requested_to: datetime | None = None
    text: str | None = None

    def __post_init__(self) -> None:
        if self.min_score is not None and self.max_score is not None and self.min_score > self.max_score:
            raise InvalidFilters("min_score must not be greater than max_score.")
        if (
            self.requested_from is not None
            and self.requested_to is not None
            and self.requested_from > self.requested_to
        ):
            raise InvalidFilters("requested_from must not be later than requested_to.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """The position of an analysis in a list: the value that the list is sorted by, and the id."""

    key: datetime | int | str | None
    analysis_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of a list. `last` is the position that the next page starts behind, or None on the last page."""

    views: Sequence[AnalysisView]
    total: int
    last: Position | None
