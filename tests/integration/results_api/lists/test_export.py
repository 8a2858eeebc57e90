"""Lists as CSV."""

import csv
import io

import pytest
from results_api.queries import export_analyses

from tests.integration.results_api.lists.conftest import Listing


@pytest.mark.parametrize("who", ["junior", "senior"])
@pytest.mark.parametrize("sort", ["requested_at", "score"])
async def test_export_has_all_analyses_that_the_list_has(listing: Listing, who: str, sort: str) -> None:
    parameters = {"sort": sort, "text": "a"}
    answer = await listing.get(who, {**parameters, "format": "csv", "page": "2", "page_size": "1"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="analyses.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert [row["id"] for row in rows] == listing.expected(who, parameters)
    first = (await listing.get(who, parameters)).json()["analyses"][0]
    as_text = {name: "" if value is None else str(value) for name, value in first.items()}
    assert {name: cell.removeprefix("'") for name, cell in rows[0].items()} == as_text


async def test_export_that_is_read_in_parts_keeps_its_order(
    listing: Listing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_analyses, "READ_AT_A_TIME", 7)
    answer = await listing.get("senior", {"sort": "candidate_name", "format": "csv"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert [row["id"] for row in rows] == listing.expected("senior", {"sort": "candidate_name"})


async def test_names_are_never_formulas(listing: Listing) -> None:
    answer = await listing.get("senior", {"format": "csv"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert {"'=SUM(A1) X"} <= {row["candidate_name"] for row in rows}
    assert {"'+1.txt"} <= {row["file_name"] for row in rows}
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/csv", "text/csv"),
        ("text/html, text/csv;q=0.9", "text/csv"),
        ("application/json, text/plain, */*", "application/json"),
        ("application/json, text/csv", "application/json"),
        ("*/*", "application/json"),
        ("application/json;q=0.5, text/csv", "text/csv"),
    ],
)
async def test_accept_selects_the_format(listing: Listing, accept: str, kind: str) -> None:
    answer = await listing.get("senior", {}, headers={"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == kind


async def test_parameter_precedes_accept(listing: Listing) -> None:
    answer = await listing.get("senior", {"format": "json"}, headers={"Accept": "text/csv"})
    assert answer.headers["content-type"] == "application/json"


async def test_export_above_the_limit_is_refused(listing: Listing, monkeypatch: pytest.MonkeyPatch) -> None:
    parameters = {"format": "csv", "tier": "mid"}
    number = len(listing.expected("senior", parameters))
    monkeypatch.setattr(export_analyses, "MAX_EXPORTED", number)
    assert (await listing.get("senior", parameters)).status_code == 200
    monkeypatch.setattr(export_analyses, "MAX_EXPORTED", number - 1)
    answer = await listing.get("senior", parameters)
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_to_export")
    assert answer.json()["detail"] == (
        f"More than {number - 1:,} analyses match, which is too many for one export; narrow the filters."
    )
