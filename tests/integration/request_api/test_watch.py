"""The watchdog emits overdue events again and expires analyses, once among several replicas."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest
import pytest_asyncio
from chassis.db.database import Database as ServiceDatabase
from chassis.settings import DatabaseAddress
from contracts.events import AnalysisCancelRequested, AnalysisExpired, AnalysisRequested
from contracts.topics import ANALYSIS_REQUESTS
from request_api.commands.expire_analysis import ExpireAnalysis
from request_api.commands.matches.emit_match_again import EmitMatchAgain
from request_api.commands.matches.erase_matches import EraseMatches
from request_api.commands.reemit_analysis import ReemitAnalysis
from request_api.commands.watch_analyses import WatchAnalyses
from request_api.domain.watchdog import WatchdogPolicy
from request_api.events import create_outbox
from request_api.storage import Repository

from tests.integration.conftest import User
from tests.integration.request_api.calls import analyze, new_resume
from tests.support.polling import eventually
from tests.support.servers.databases import Database
from tests.support.servers.kafka import read_events

# Shorter than the policy of the running service, which therefore ignores the analyses of these tests.
POLICY = WatchdogPolicy(reemit_after=timedelta(minutes=10), deadline=timedelta(hours=2))


@pytest_asyncio.fixture
async def database(request_database: Database) -> AsyncIterator[ServiceDatabase]:
    address = DatabaseAddress(url=request_database.url, tls="disable")
    database = ServiceDatabase(address=address, pool_size=4, application_name="test-watch")
    yield database
    await database.close()


@pytest.fixture
def reemit(database: ServiceDatabase) -> ReemitAnalysis:
    return ReemitAnalysis(database=database, repository=Repository(), outbox=create_outbox())


@pytest.fixture
def watch(database: ServiceDatabase, reemit: ReemitAnalysis) -> WatchAnalyses:
    repository, expire = Repository(), create_outbox()
    return WatchAnalyses(
        database=database,
        repository=repository,
        reemit=reemit,
        expire=ExpireAnalysis(database=database, repository=repository, outbox=expire),
        emit_match=EmitMatchAgain(database=database, repository=repository, outbox=expire),
        erase_matches=EraseMatches(database=database, repository=repository, outbox=expire),
        policy=POLICY,
    )


async def accepted(api: httpx2.AsyncClient, user: User, **body: Any) -> str:
    answer = await analyze(api, user, await new_resume(api, user), **body)
    assert answer.status_code == 202, answer.text
    analysis_id: str = answer.json()["analysis_id"]
    return analysis_id


async def sent(database: Database, analysis_id: str) -> None:
    """Wait until the events of an analysis have left the outbox, because the watchdog skips it until then."""

    async def unsent() -> list[Any]:
        return await database.fetch("SELECT 1 FROM request_outbox WHERE aggregateid = $1", analysis_id)

    await eventually(unsent, until=lambda rows: not rows)


async def age(database: Database, analysis_id: str, *, emitted: int, accepted: int = 0, n: int = 1) -> None:
    """Backdate the acceptance and the last of `n` emissions of an analysis, in minutes.

    The high version makes request-api ignore public events of a results-api that also runs.
    """
    await sent(database, analysis_id)
    await database.fetch(
        "UPDATE analysis_details SET emitted_at = now() - make_interval(mins => $2),"
        " accepted_at = now() - make_interval(mins => $3), emissions = $4, version = 1000000"
        " WHERE review_request_id = $1",
        analysis_id,
        emitted,
        max(accepted, emitted),
        n,
    )


async def emissions(database: Database, analysis_id: str) -> int:
    (row,) = await database.fetch(
        "SELECT emissions FROM analysis_details WHERE review_request_id = $1", analysis_id
    )
    return int(row["emissions"])


async def test_analysis_with_an_event_in_the_outbox_is_not_due(
    request_api: httpx2.AsyncClient, request_database: Database, user: User, database: ServiceDatabase
) -> None:
    analysis_id = await accepted(request_api, user)
    await age(request_database, analysis_id, emitted=11)
    async with database.transaction() as connection:
        for refused, is_due in ((None, False), ("MessageSizeTooLargeError", True)):
            await connection.execute(
                "INSERT INTO request_outbox"
                " (id, aggregatetype, aggregateid, type, payload, headers, refused)"
                " VALUES (gen_random_uuid(), 't', $1, 't', '', '{}', $2)",
                analysis_id,
                refused,
            )
            found = await Repository().emissions.due(connection, POLICY, limit=1000)
            assert (UUID(analysis_id) in {each.analysis_id for each in found}) is is_due
            await connection.execute("DELETE FROM request_outbox WHERE type = 't'")


async def test_concurrent_rounds_emit_the_same_event_again_once(
    request_api: httpx2.AsyncClient,
    request_database: Database,
    kafka_bootstrap: str,
    user: User,
    watch: WatchAnalyses,
) -> None:
    analysis_id = await accepted(
        request_api, user, focus_areas=["leadership"], compare_to_market=True, analysis_depth="deep"
    )
    await age(request_database, analysis_id, emitted=11)
    await asyncio.gather(*(watch() for _ in range(4)))
    first, second = await read_events(kafka_bootstrap, ANALYSIS_REQUESTS, analysis_id, count=2)
    assert isinstance(first, AnalysisRequested)
    assert first.emission == 1
    assert second == first.model_copy(update={"emission": 2})
    assert await emissions(request_database, analysis_id) == 2
    assert watch.backlog is not None
    assert watch.backlog.analyses >= 1
    assert watch.backlog.oldest_seconds >= 11 * 60


@pytest.mark.parametrize(
    ("emitted", "accepted_ago", "n", "again"),
    [(9, 9, 1, False), (11, 11, 1, True), (39, 50, 3, False), (41, 50, 3, True), (11, 121, 9, True)],
)
async def test_gap_between_emissions_doubles_until_the_deadline(
    request_api: httpx2.AsyncClient,
    request_database: Database,
    user: User,
    watch: WatchAnalyses,
    emitted: int,
    accepted_ago: int,
    n: int,
    again: bool,
) -> None:
    analysis_id = await accepted(request_api, user)
    await age(request_database, analysis_id, emitted=emitted, accepted=accepted_ago, n=n)
    await watch()
    assert await emissions(request_database, analysis_id) == n + again


async def test_cancellation_is_emitted_again_even_after_the_deadline(
    request_api: httpx2.AsyncClient,
    request_database: Database,
    kafka_bootstrap: str,
    user: User,
    watch: WatchAnalyses,
) -> None:
    analysis_id = await accepted(request_api, user)
    await age(request_database, analysis_id, emitted=11)
    answer = await request_api.delete(f"/api/v1/analysis/{analysis_id}/cancel", headers=user.headers)
    assert answer.is_success
    await sent(request_database, analysis_id)
    await watch()
    await age(request_database, analysis_id, emitted=11, accepted=121, n=2)
    await watch()
    published = await read_events(kafka_bootstrap, ANALYSIS_REQUESTS, analysis_id, count=4)
    cancelled = [one for one in published if isinstance(one, AnalysisCancelRequested)]
    assert [one.emission for one in cancelled] == [1, 2, 3]
    assert cancelled[0] == cancelled[2].model_copy(update={"emission": 1})


async def test_overdue_analysis_is_expired_in_every_round(
    request_api: httpx2.AsyncClient,
    request_database: Database,
    kafka_bootstrap: str,
    user: User,
    watch: WatchAnalyses,
) -> None:
    analysis_id = await accepted(request_api, user)
    for _ in range(2):
        await age(request_database, analysis_id, emitted=11, accepted=121)
        await watch()
    first, *rest = await read_events(kafka_bootstrap, ANALYSIS_REQUESTS, analysis_id, count=3)
    assert [type(one) for one in rest] == [AnalysisExpired, AnalysisExpired]
    assert isinstance(first, AnalysisRequested)
    assert all(isinstance(one, AnalysisExpired) and one.analysis == first.analysis for one in rest)


async def test_analysis_without_text_expires_and_does_not_block_others(
    request_api: httpx2.AsyncClient,
    request_database: Database,
    kafka_bootstrap: str,
    user: User,
    watch: WatchAnalyses,
) -> None:
    lost, good = await accepted(request_api, user), await accepted(request_api, user)
    await request_database.fetch(
        "UPDATE resumes SET extracted_text = NULL"
        " WHERE id = (SELECT resume_id FROM review_requests WHERE id = $1)",
        lost,
    )
    await age(request_database, lost, emitted=12)
    await age(request_database, good, emitted=11)
    await watch()
    _, ended = await read_events(kafka_bootstrap, ANALYSIS_REQUESTS, lost, count=2)
    assert isinstance(ended, AnalysisExpired)
    assert await emissions(request_database, good) == 2


async def test_ended_and_legacy_analyses_are_ignored(
    request_api: httpx2.AsyncClient,
    request_database: Database,
    user: User,
    watch: WatchAnalyses,
    reemit: ReemitAnalysis,
    database: ServiceDatabase,
) -> None:
    ended, legacy = await accepted(request_api, user), await accepted(request_api, user)
    await age(request_database, ended, emitted=11)
    await request_database.fetch(
        "UPDATE analysis_details SET status = 'failed' WHERE review_request_id = $1", ended
    )
    await request_database.fetch("DELETE FROM analysis_details WHERE review_request_id = $1", legacy)
    await watch()
    assert await emissions(request_database, ended) == 1
    assert not await reemit(UUID(ended))
    assert not await reemit(UUID(legacy))
    async with database.transaction() as connection:
        stuck = await Repository().emissions.stuck(connection, older_than=timedelta(0))
    assert not {UUID(ended), UUID(legacy)} & {one.analysis_id for one in stuck}


async def test_analysis_of_a_resume_that_is_being_deleted_is_not_emitted(
    request_api: httpx2.AsyncClient,
    user: User,
    reemit: ReemitAnalysis,
    database: ServiceDatabase,
) -> None:
    resume_id = await new_resume(request_api, user)
    analysis_id = UUID((await analyze(request_api, user, resume_id)).json()["analysis_id"])
    async with database.transaction() as deleting:
        await deleting.execute("SELECT FROM resumes WHERE id = $1 FOR UPDATE", UUID(resume_id))
        async with asyncio.timeout(2):
            assert not await reemit(analysis_id)
    answer = await request_api.delete(f"/api/v1/resume_upload/{resume_id}", headers=user.headers)
    assert answer.is_success
    assert not await reemit(analysis_id)


async def test_stuck_analyses_are_listed_with_their_emissions(
    request_api: httpx2.AsyncClient, request_database: Database, user: User, database: ServiceDatabase
) -> None:
    old, new = await accepted(request_api, user), await accepted(request_api, user)
    await age(request_database, old, emitted=9, accepted=40, n=4)
    async with database.transaction() as connection:
        stuck = await Repository().emissions.stuck(connection, older_than=timedelta(minutes=30))
    (found,) = [one for one in stuck if one.analysis_id == UUID(old)]
    assert (found.status, found.emissions) == ("pending", 4)
    assert found.emitted_at < found.requested_at
    assert UUID(new) not in {one.analysis_id for one in stuck}


async def test_metrics_have_numbers_but_no_ids(request_api: httpx2.AsyncClient, user: User) -> None:
    analysis_id = await accepted(request_api, user)
    text_of = (await request_api.get("/metrics")).text
    for name in ("subscriber_in_flight", "outbox_rows", "outbox_oldest_seconds", "analyses_pending"):
        assert f"\n{name} " in text_of
    assert "\nanalyses_oldest_pending_seconds " in text_of
    assert analysis_id not in text_of
    assert str(user.id) not in text_of
