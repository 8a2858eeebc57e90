"""From private events of matches to the read model and to public events."""

from collections.abc import Callable, Sequence
from itertools import permutations
from uuid import uuid4

import asyncpg
import httpx2
import pytest
from contracts.events import Event
from contracts.match_events import MatchCompleted, MatchContext, PublicMatchEvent
from contracts.topics import ANALYSIS_EVENTS

from tests.integration.conftest import User
from tests.integration.results_api.reading import status_of
from tests.support import events
from tests.support.match_events import (
    match_cancel_requested,
    match_context,
    match_erase_requested,
    match_expired,
    match_failed_to_run,
    match_requested,
    match_succeeded,
    result,
)
from tests.support.polling import eventually
from tests.support.servers.databases import Database
from tests.support.servers.kafka import publish, read_events

# The service, which these tests reach through Kafka alone.
pytestmark = pytest.mark.usefixtures("results_api")


async def row_of(database: Database, about: MatchContext, *, until: str) -> asyncpg.Record:
    """Return the row of a match as soon as it has a status."""

    async def read() -> list[asyncpg.Record]:
        return await database.fetch("SELECT * FROM match_views WHERE match_id = $1", about.match_id)

    (row,) = await eventually(read, until=lambda rows: bool(rows) and rows[0]["status"] == until)
    return row


async def published(kafka_bootstrap: str, about: MatchContext, *, count: int) -> list[tuple[str, int]]:
    found: Sequence[Event] = await read_events(kafka_bootstrap, ANALYSIS_EVENTS, about.match_id, count=count)
    return [(one.status, one.version) for one in found if isinstance(one, PublicMatchEvent)]


async def test_match_is_stored_and_published_in_order(
    results_database: Database, kafka_bootstrap: str
) -> None:
    about = match_context()
    await publish(kafka_bootstrap, match_requested(about))
    assert (await row_of(results_database, about, until="pending"))["ended_at"] is None
    await publish(kafka_bootstrap, match_succeeded(about, result=result(score=62.5)))
    row = await row_of(results_database, about, until="completed")
    assert (row["score"], row["assessed"], row["matcher_version"]) == (62.5, 1, "1/1")
    assert (row["candidate_name"], row["job_id"]) == (about.candidate_name, about.job_id)
    assert await published(kafka_bootstrap, about, count=2) == [("pending", 1), ("completed", 2)]
    (_, end) = await read_events(kafka_bootstrap, ANALYSIS_EVENTS, about.match_id, count=2)
    assert isinstance(end, MatchCompleted)
    assert (end.score, end.assessed) == (62.5, 1)


ORDERS = list(permutations([match_requested, match_succeeded, match_cancel_requested]))


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: "-".join(each.__name__ for each in order))
async def test_repeated_and_reordered_events_change_nothing(
    results_database: Database, kafka_bootstrap: str, order: Sequence[Callable[[MatchContext], Event]]
) -> None:
    about = match_context()
    is_completed = order.index(match_succeeded) < order.index(match_cancel_requested)
    end = "completed" if is_completed else "cancelled"
    for number, build in enumerate(order, start=1):
        await publish(kafka_bootstrap, build(about), build(about))
        # Topics have no common order, so each event is recorded before the next one is sent.
        has_ended = build is not match_requested or number > 1
        await row_of(results_database, about, until=end if has_ended else "pending")
    assert (await row_of(results_database, about, until=end))["version"] == 2
    await publish(kafka_bootstrap, match_requested(about, emission=2))
    assert await published(kafka_bootstrap, about, count=3) == [("pending", 1), (end, 2), (end, 2)]


@pytest.mark.parametrize("ask", ["requested", "cancelled", "expired"])
async def test_writer_that_waits_for_the_end_is_told_again(
    results_database: Database, kafka_bootstrap: str, ask: str
) -> None:
    about = match_context()
    await publish(kafka_bootstrap, match_requested(about), match_failed_to_run(about))
    await row_of(results_database, about, until="failed")
    asks = {
        "requested": match_requested(about, emission=2),
        "cancelled": match_cancel_requested(about, emission=2),
        "expired": match_expired(about),
    }
    await publish(kafka_bootstrap, asks[ask])
    told = await published(kafka_bootstrap, about, count=3)
    assert told == [("pending", 1), ("failed", 2), ("failed", 2)]


async def test_erased_match_keeps_no_data_and_is_not_restored(
    results_database: Database, kafka_bootstrap: str
) -> None:
    about = match_context()
    await publish(kafka_bootstrap, match_requested(about), match_succeeded(about))
    await row_of(results_database, about, until="completed")
    await publish(kafka_bootstrap, match_erase_requested(about), match_succeeded(about))
    await publish(kafka_bootstrap, match_requested(about, emission=2))
    row = dict(await row_of(results_database, about, until="erased"))
    kept = ("match_id", "job_id", "job_version", "resume_id", "resume_version", "candidate_id")
    empty = {name: value for name, value in row.items() if name not in (*kept, "requested_by")}
    assert empty == {
        **dict.fromkeys(empty),
        "candidate_name": "",
        "file_name": "",
        "status": "erased",
        "version": 3,
        "requested_at": about.requested_at,
        "ended_at": events.NOW,
    }
    told = await published(kafka_bootstrap, about, count=3)
    assert told == [("pending", 1), ("completed", 2), ("erased", 3)]


async def test_erasure_may_be_the_first_event(results_database: Database, kafka_bootstrap: str) -> None:
    about = match_context()
    await publish(kafka_bootstrap, match_erase_requested(about), match_requested(about))
    row = await row_of(results_database, about, until="erased")
    assert (row["version"], row["candidate_name"]) == (2, "")
    assert await published(kafka_bootstrap, about, count=2) == [("pending", 1), ("erased", 2)]


async def test_matches_and_analyses_of_one_batch_are_recorded(
    results_api: httpx2.AsyncClient, results_database: Database, kafka_bootstrap: str, user: User
) -> None:
    job_id, analyses = uuid4(), [events.analysis_context(requested_by=user.id) for _ in range(5)]
    matches = [match_context(job_id=job_id, requested_by=user.id) for _ in range(5)]
    pairs = zip(analyses, matches, strict=True)
    mixed = [one for analysis, match in pairs for one in (events.succeeded(analysis), match_succeeded(match))]
    await publish(kafka_bootstrap, *mixed)
    for match in matches:
        await row_of(results_database, match, until="completed")
    for analysis in analyses:
        await status_of(results_api, analysis.analysis_id, user, until="completed")
