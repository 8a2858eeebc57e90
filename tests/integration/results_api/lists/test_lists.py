"""Lists in both layouts: filters, orders, pages and visibility, compared with plain Python."""

from collections.abc import Mapping

import pytest
from chassis.db.statement import Statement
from results_api.domain.listing import Sort
from results_api.storage.lists import After, count_statement, positions_statement

from tests.integration.results_api.lists.conftest import Listing
from tests.integration.results_api.lists.generated import generate
from tests.integration.results_api.lists.reference import every_filter


async def _read_all(
    listing: Listing, who: str, parameters: Mapping[str, str], *, page_size: int
) -> list[str]:
    """Read a list page by page with the cursor."""
    ids: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = await listing.get(
            who, {**parameters, "page_size": str(page_size), **({"cursor": cursor} if cursor else {})}
        )
        assert answer.status_code == 200, answer.text
        body = answer.json()
        ids += [each["id"] for each in body["analyses"]]
        assert body["total_count"] == len(listing.expected(who, parameters))
        cursor = body["next_cursor"]
    return ids


async def test_every_list_equals_the_reference(listing: Listing) -> None:
    sizes = (50, 11, 30)
    for number, parameters in enumerate(every_filter(listing.rows, seed=2)):
        for who in ("junior", "senior"):
            found = await _read_all(listing, who, parameters, page_size=sizes[number % 3])
            assert found == listing.expected(who, parameters), (who, parameters)


async def test_pages_by_number_follow_each_other(listing: Listing) -> None:
    for parameters in ({}, {"sort": "score"}, {"text": "mina", "industry": "general"}):
        pages = [
            (await listing.get("admin", {**parameters, "page": str(page), "page_size": "9"})).json()
            for page in (1, 2, 3)
        ]
        found = [each["id"] for page in pages for each in page["analyses"]]
        assert found == listing.expected("admin", parameters)[:27]


async def test_user_without_analyses_finds_nothing(listing: Listing) -> None:
    for parameters in ({}, {"text": "mina"}, {"min_score": "0"}, {"sort": "candidate_name"}):
        body = (await listing.get("junior without analyses", parameters)).json()
        assert (body["analyses"], body["total_count"]) == ([], 0)
        exported = await listing.get("junior without analyses", {**parameters, "format": "csv"})
        assert len(exported.text.splitlines()) == 1


@pytest.mark.parametrize("sort", [*Sort])
@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_pages_have_no_gaps_and_no_repetitions_while_analyses_are_added(
    listing: Listing, sort: str, order: str
) -> None:
    parameters = {"sort": sort, "order": order}
    before = listing.expected("senior", parameters)
    ids: list[str] = []
    cursor: str | None = ""
    number = 0
    while cursor is not None:
        page = {**parameters, "page_size": "50", **({"cursor": cursor} if cursor else {})}
        body = (await listing.get("senior", page)).json()
        ids += [each["id"] for each in body["analyses"]]
        cursor = body["next_cursor"]
        number += 1
        seed = hash((number, *map(ord, sort + order)))
        users = [listing.users["senior"].id]
        added = generate(seed, number=5, users=users, legacy=listing.is_adopted)
        await listing.store(added)
        listing.rows.extend(added)
    assert [each for each in ids if each in set(before)] == before
    assert len(ids) == len(set(ids))


async def test_cursor_of_another_list_is_invalid(listing: Listing) -> None:
    cursor = (await listing.get("senior", {"sort": "score", "page_size": "5"})).json()["next_cursor"]
    for parameters in (
        {},
        {"sort": "candidate_name"},
        {"sort": "score", "order": "asc"},
        {"sort": "score", "tier": "mid"},
    ):
        answer = await listing.get("senior", {**parameters, "cursor": cursor})
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor")
        assert answer.json()["detail"].startswith("Invalid cursor.")


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("min_score=60&max_score=59", "min_score must not be greater than max_score."),
        (
            "requested_from=2026-01-02&requested_to=2026-01-01",
            "requested_from must not be later than requested_to.",
        ),
        ("format=csv&cursor=abc", "A CSV export has no pages; leave out cursor."),
    ],
)
async def test_contradictory_parameters_are_rejected_with_a_sentence(
    listing: Listing, query: str, detail: str
) -> None:
    answer = await listing.get("senior", dict(each.split("=") for each in query.split("&")))
    assert (answer.status_code, answer.json()["detail"]) == (422, detail)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sort", "name"),
        ("order", "up"),
        ("tier", "junior"),
        ("min_score", "-1"),
        ("max_score", "101"),
        ("requested_from", "yesterday"),
        ("requested_from", "2026-01-02T03:04:05"),
        ("requested_to", "1767225600"),
        ("requested_to", "0001-01-01T00:00:00+14:00"),
        ("text", "x" * 101),
        ("format", "xlsx"),
    ],
)
async def test_invalid_parameter_is_named(listing: Listing, name: str, value: str) -> None:
    answer = await listing.get("senior", {name: value})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(f"{name}: ")


async def test_blank_parameters_and_control_characters_are_ignored(listing: Listing) -> None:
    names = (
        "min_score",
        "max_score",
        "tier",
        "requested_from",
        "requested_to",
        "text",
        "sort",
        "order",
        "format",
    )
    everything = listing.expected("senior", {})
    for parameters in (dict.fromkeys(names, ""), {"text": " \x00\n"}):
        answer = await listing.get("senior", {**parameters, "page_size": "3"})
        assert [each["id"] for each in answer.json()["analyses"]] == everything[:3]


async def test_day_in_utc_is_whole(listing: Listing) -> None:
    day = {"requested_from": "2026-01-05", "requested_to": "2026-01-05"}
    moments = {
        "requested_from": "2026-01-05T00:00:00+00:00",
        "requested_to": "2026-01-05T23:59:59.999999+00:00",
    }
    answer = await listing.get("senior", {**day, "page_size": "50"})
    found = [each["id"] for each in answer.json()["analyses"]]
    assert found == listing.expected("senior", moments)
    assert found


# The index that serves each filter and order, by layout.
_INDEXES = {
    "own": {
        "sort=score": "idx_analysis_views_score",
        "sort=candidate_name": "idx_analysis_views_name",
        "sort=requested_at": "idx_analysis_views_requested_at",
        "min_score": "idx_analysis_views_score",
        "market_tier": "idx_analysis_views_tier",
        "industry": "idx_analysis_views_industry",
        "requested_from": "idx_analysis_views_requested_at",
    },
    "adopted": {
        "sort=score": "idx_review_results_score",
        "sort=candidate_name": "idx_candidates_name",
        "sort=requested_at": "idx_review_requests_requested_at",
        "min_score": "idx_review_results_score",
        "market_tier": "idx_review_results_tier",
        "industry": "idx_review_requests_industry",
        "requested_from": "idx_review_requests_requested_at",
    },
}


@pytest.mark.parametrize("filter_or_order", [*_INDEXES["own"]])
async def test_filter_or_order_has_an_index(listing: Listing, filter_or_order: str) -> None:
    index = _INDEXES["adopted" if listing.is_adopted else "own"][filter_or_order]
    if filter_or_order.startswith("sort="):
        sort = Sort(filter_or_order.removeprefix("sort="))
        statement = positions_statement(
            frozenset(), sort, After.NOTHING, descending=True, sees_everything=True
        )
    else:
        statement = count_statement(frozenset({filter_or_order}), sees_everything=True)
    assert index in await _plan(listing, statement)


async def _plan(listing: Listing, statement: Statement) -> str:
    """Return the plan of a statement for a large table: without reading or sorting everything."""
    avoided = ("seqscan", "sort", "hashjoin", "mergejoin")
    settings = {f"enable_{each}": "off" for each in avoided}
    return await listing.explain(str(statement), plan_cache_mode="force_generic_plan", **settings)
