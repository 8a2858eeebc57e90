"""Query parameters of lists."""

from datetime import UTC, date, datetime, time
from typing import Annotated, Final, Literal
from uuid import UUID

from chassis.http.forms import blank_or
from contracts.plain_text import plain_line
from contracts.vocabulary import Industry, MarketTier
from fastapi import Query
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    Field,
    TypeAdapter,
    ValidationError,
)

from results_api.domain.errors import InvalidFilters
from results_api.domain.listing import Filters, Order, Sort
from results_api.http.lists.cursors import CursorParameter
from results_api.http.responses import Presenter

Page = Annotated[int, Query(ge=1, le=10_000)]
PageSize = Annotated[int, Query(ge=1, le=50)]
StatusWord = Literal["pending", "processing", "completed", "failed", "error", "cancelled"]
_Score = Annotated[int, Field(ge=0, le=100)]
_Direction = Literal["asc", "desc"]
_Format = Literal["json", "csv"]
# Long enough for every name that a person types.
_MAX_TEXT: Final = 100
_Text = Annotated[str, Field(max_length=_MAX_TEXT), AfterValidator(lambda text: plain_line(text).strip())]
_Moment = AwareDatetime | date
_MOMENT: Final = TypeAdapter[datetime | date](_Moment)


def _moment(value: object, *, of_day: time) -> object:
    """Convert a date or a time to UTC. A date stands for `of_day` in UTC."""
    if value is None or value == "":
        return None
    try:
        # A number would be read as seconds since 1970.
        moment = _MOMENT.validate_python(value if str(value).count("-") >= 2 else "")
        if not isinstance(moment, datetime):
            return datetime.combine(moment, of_day, tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValidationError, OverflowError):
        raise ValueError("must be a date, or a time with its offset from UTC") from None


def _begin(value: object) -> object:
    return _moment(value, of_day=time.min)


def _end(value: object) -> object:
    return _moment(value, of_day=time.max)


class ListParameters(BaseModel):
    """Filters, order and format of a list. An empty filter, order or format means the default."""

    page: Page = 1
    page_size: PageSize = 10
    status: Annotated[StatusWord | None, blank_or(StatusWord)] = None
    industry: Annotated[Industry | None, blank_or(Industry)] = None
    candidate_id: Annotated[UUID | None, blank_or(UUID)] = None
    cursor: CursorParameter = None
    min_score: Annotated[_Score | None, blank_or(_Score)] = Field(
        None, description="lowest `overall_score`; analyses without a score are left out"
    )
    max_score: Annotated[_Score | None, blank_or(_Score)] = Field(
        None, description="highest `overall_score`; analyses without a score are left out"
    )
    tier: Annotated[MarketTier | None, blank_or(MarketTier)] = None
    requested_from: Annotated[
        datetime | None, BeforeValidator(_begin, json_schema_input_type=_Moment | Literal[""] | None)
    ] = Field(None, description="first moment, or first day in UTC")
    requested_to: Annotated[
        datetime | None, BeforeValidator(_end, json_schema_input_type=_Moment | Literal[""] | None)
    ] = Field(None, description="last moment, or last day in UTC")
    text: Annotated[_Text | None, blank_or(_Text)] = Field(
        None, description="part of the candidate's name or of the file's name, in any letter case"
    )
    sort: Annotated[Sort | None, blank_or(Sort)] = Field(
        None,
        description="`requested_at` by default. With `score`, analyses without one come last."
        " Analyses with the same value are sorted by id",
    )
    order: Annotated[_Direction | None, blank_or(_Direction)] = Field(None, description="`desc` by default")
    format: Annotated[_Format | None, blank_or(_Format)] = Field(
        None, description="`json` by default, unless `Accept` prefers `text/csv`"
    )

    def filters(self, presenter: Presenter) -> Filters:
        """Return the filters. Raises InvalidFilters."""
        return Filters(
            statuses=tuple(presenter.statuses_of(self.status)) if self.status else None,
            industry=self.industry,
            candidate_id=self.candidate_id,
            min_score=self.min_score,
            max_score=self.max_score,
            market_tier=self.tier,
            requested_from=self.requested_from,
            requested_to=self.requested_to,
            text=self.text or None,
        )

    def list_order(self) -> Order:
        """Return the order."""
        return Order(sort=self.sort or Sort.REQUESTED_AT, descending=self.order != "asc")

    def check_export(self) -> None:
        """Raise InvalidFilters if the parameters make no sense for an export, which has no pages."""
        if self.cursor:
            raise InvalidFilters("A CSV export has no pages; leave out cursor.")
