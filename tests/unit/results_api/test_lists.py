"""Parameters and CSV of lists."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError
from results_api.domain.errors import InvalidFilters
from results_api.domain.listing import Filters, Order, Sort
from results_api.http.lists.csv_export import COLUMNS, is_requested, to_csv
from results_api.http.lists.parameters import ListParameters
from results_api.http.responses import Presenter
from starlette.datastructures import Headers

from tests.support.views import VIEW

PRESENTER = Presenter(failed_word="failed")


def filters_of(**parameters: Any) -> Filters:
    return ListParameters(**parameters).filters(PRESENTER)


def line_of(**changes: Any) -> str:
    """Return the line of an analysis without its ids and its time."""
    csv = asyncio.run(to_csv([PRESENTER.list_item(replace(VIEW, **changes))]))
    lines = csv.decode("utf-8-sig").split("\r\n")
    assert lines[0] == ",".join(COLUMNS)
    assert lines[2:] == [""]
    return lines[1].removeprefix(f"{VIEW.analysis_id},").removesuffix(",2026-01-02T00:00:00Z")


def test_day_stands_for_all_of_it_in_utc() -> None:
    filters = filters_of(requested_from="2026-01-31", requested_to="2026-01-31")
    assert filters.requested_from == datetime(2026, 1, 31, tzinfo=UTC)
    assert filters.requested_to == datetime(2026, 1, 31, 23, 59, 59, 999_999, tzinfo=UTC)


def test_time_is_converted_to_utc() -> None:
    filters = filters_of(requested_from="2026-01-31T08:00:00+09:00", requested_to="2026-01-31T00:00:00Z")
    assert (filters.requested_from, filters.requested_to) == (
        datetime(2026, 1, 30, 23, tzinfo=UTC),
        datetime(2026, 1, 31, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    "value",
    ["1767225600", "2026-01-31T08:00:00", "2026-13-01", "2026-W05-1", "0001-01-01T00:00:00+14:00", "a-b-c"],
)
def test_ambiguous_time_is_rejected(value: str) -> None:
    with pytest.raises(ValidationError, match="must be a date, or a time with its offset from UTC"):
        filters_of(requested_from=value)


def test_defaults_are_those_of_the_legacy_frontend() -> None:
    parameters = ListParameters()
    assert (parameters.page, parameters.page_size) == (1, 10)
    assert parameters.list_order() == Order(sort=Sort.REQUESTED_AT, descending=True)
    assert parameters.filters(PRESENTER) == Filters()


def test_range_of_one_value_is_accepted() -> None:
    assert filters_of(min_score="60", max_score="60").min_score == 60
    with pytest.raises(InvalidFilters):
        filters_of(min_score="61", max_score="60")


def test_cells_are_quoted_where_needed() -> None:
    line = line_of(candidate_name='Mina "M", Example', file_name="cv.pdf")
    assert line == f'cv.pdf,"Mina ""M"", Example",{VIEW.candidate_id},strategy_tech,61,mid,completed'


def test_missing_values_are_empty_cells() -> None:
    line = line_of(overall_score=None, market_tier=None, industry=None, candidate_name="山田")
    assert line.endswith(f"山田,{VIEW.candidate_id},unspecified,,,completed")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_formula_is_text(start: str) -> None:
    assert f",'{start}1," in line_of(candidate_name=f"{start}1")
    assert line_of(file_name=f"{start}1").startswith(f"'{start}1,")
    assert f",'{start}1," in line_of(industry=f"{start}1")


def test_formula_behind_a_control_character_is_text() -> None:
    assert ",'=1," in line_of(candidate_name="\t=1")
    assert ',"\'\r=1",' in line_of(industry="\r=1")


@pytest.mark.parametrize(
    ("format_", "accept", "is_csv"),
    [
        (None, None, False),
        (None, "Text/CSV; header=present", True),
        (None, "text/csv, application/json", False),
        ("csv", "application/json", True),
        ("json", "text/csv", False),
    ],
)
def test_format_is_chosen_by_the_parameter_then_by_accept(
    format_: str | None, accept: str | None, *, is_csv: bool
) -> None:
    headers = Headers({} if accept is None else {"Accept": accept})
    assert is_requested(format_, headers) is is_csv
