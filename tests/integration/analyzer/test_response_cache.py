"""The cache of responses: hits, misses, an unavailable database and erasure."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from analyzer.consumers import GROUP
from analyzer.llm.client.response_cache import ResponseCache
from analyzer.main import create_app
from analyzer.pipeline.erase_responses import EraseResponses
from analyzer.settings import Settings
from analyzer.storage.cached_responses import CachedResponses
from chassis.db.database import Database, DatabaseUnavailable
from chassis.settings import DatabaseAddress
from contracts.report import Report
from contracts.topics import ANALYSIS_REQUESTS, ANALYSIS_RESULTS
from contracts.vocabulary import Depth, ReportLanguage
from pydantic import HttpUrl, SecretStr

from tests.support import events
from tests.support.analyses import (
    BY_RULES,
    LINES,
    TEXT,
    analyses,
    writing_completion,
)
from tests.support.fakes.labels import is_about_writing, labelled, labels_json
from tests.support.fakes.model import FakeModel, FakeReply, Json, Reply, completion, fake_model
from tests.support.http.in_process import run_app
from tests.support.polling import eventually
from tests.support.servers import databases
from tests.support.servers.kafka import publish, read_events, skip_to_end, wait_until_committed
from tests.support.servers.provision import PostgresServer
from tests.support.telemetry.logs import CapturedLogs

REWRITE = {"original": LINES[0], "rewrite": f"{LINES[0]} By [date].", "reason": "It says when."}


def deep(request: Json) -> Reply:
    return writing_completion(REWRITE) if is_about_writing(request) else labelled()


@pytest_asyncio.fixture
async def model() -> AsyncIterator[FakeModel]:
    async with fake_model() as server:
        server.replies = deep
        yield server


@pytest_asyncio.fixture
async def new_database(analyzer_database: databases.Database) -> AsyncIterator[Callable[[], Database]]:
    """Return a factory of connection pools, one for each replica, on an initially empty database."""
    await analyzer_database.fetch("TRUNCATE model_answers, erased_resumes")
    made: list[Database] = []

    def make(url: str = analyzer_database.url) -> Database:
        made.append(Database(address=DatabaseAddress(url=url), pool_size=2, application_name="analyzer-test"))
        return made[-1]

    yield make
    for each in made:
        await each.close()


def new_cache(database: Database, *, days: int = 30) -> ResponseCache:
    return ResponseCache(database=database, responses=CachedResponses(), days=days)


def new_erase(database: Database) -> EraseResponses:
    return EraseResponses(database=database, responses=CachedResponses())


def without_cost_and_time(report: Report) -> str:
    content = report.model_dump(mode="json")
    content["processing_time_ms"] = content["detailed_scores"]["conversion_timestamp"] = None
    for name in ("is_cached", "requests", "input_tokens", "output_tokens", "cost_usd"):
        content["detailed_scores"]["model_run"][name] = None
    return json.dumps(content)


@pytest.mark.parametrize("depth", [Depth.STANDARD, Depth.DEEP])
async def test_repetition_on_another_replica_uses_the_cached_responses(
    model: FakeModel, new_database: Any, depth: Depth
) -> None:
    about = {"depth": depth, "analysis_id": uuid4()}
    prices = {"model_input_price": 2.0, "model_output_price": 8.0}
    async with analyses(model.url, cache=new_cache(new_database()), **prices) as analyze:
        first = await analyze(about=about)
    asked = len(model.requests)
    async with analyses(model.url, cache=new_cache(new_database()), **prices) as analyze:
        second = await analyze(about=about)
        again = await analyze(about={**about, "analysis_id": uuid4(), "resume_id": uuid4()})
    assert asked == len(model.requests) == (5 if depth is Depth.DEEP else 2)
    assert without_cost_and_time(first) == without_cost_and_time(second)
    before, after = (each.detailed_scores.model_run for each in (first, second))
    assert before
    assert after
    assert (before.is_cached, after.is_cached) == (False, True)
    assert before.cost_usd
    assert (after.requests, after.input_tokens, after.output_tokens, after.cost_usd) == (0, 0, 0, 0)
    # The same resume uploaded again leads to the same key.
    assert again.detailed_scores.model_run
    assert again.detailed_scores.model_run.is_cached


@pytest.mark.parametrize(
    ("settings", "about", "changes"),
    [
        ({"model": "another"}, {}, {}),
        ({"model_output_tokens": 999}, {}, {}),
        ({}, {"industry": "finance"}, {}),
        ({}, {"depth": Depth.DEEP}, {}),
        # Only the question about the writing depends on the focus areas and on the language.
        ({}, {"depth": Depth.DEEP}, {"focus_areas": ("leadership",)}),
        ({}, {"depth": Depth.DEEP}, {"report_language": ReportLanguage.JAPANESE}),
    ],
)
async def test_different_question_misses_the_cache(
    model: FakeModel, new_database: Any, settings: Json, about: Json, changes: Json
) -> None:
    cache = new_cache(new_database())
    async with analyses(model.url, cache=cache) as analyze:
        await analyze(about=about if changes else {})
    async with analyses(model.url, cache=cache, **settings) as analyze:
        assert not (await analyze(about=about, **changes)).detailed_scores.model_run.is_cached
    assert len(model.requests) > 1


async def test_crash_before_publishing_costs_no_second_call(
    model: FakeModel, new_database: Any, analyzer_database: databases.Database
) -> None:
    async with analyses(model.url, cache=new_cache(new_database())) as analyze:
        await analyze()
    # The table is all that survives the process.
    ((stored,),) = await analyzer_database.fetch("SELECT answers FROM model_answers")
    assert [each["model"] for each in json.loads(stored)] == ["fake-model-2026"] * 2
    async with analyses(model.url, cache=new_cache(new_database())) as analyze:
        assert (await analyze()).detailed_scores.model_run.is_cached


async def test_only_complete_responses_are_cached(
    model: FakeModel, new_database: Any, analyzer_database: databases.Database
) -> None:
    model.replies = lambda request: (
        completion(None, refusal="No.") if is_about_writing(request) else labelled()
    )
    async with analyses(model.url, cache=new_cache(new_database())) as analyze:
        await analyze(about={"depth": Depth.DEEP})
        model.replies = [completion("Well.")]
        await analyze()
    assert (await analyzer_database.counts())["model_answers"] == 0


async def test_old_responses_are_ignored_and_deleted(
    model: FakeModel, new_database: Any, analyzer_database: databases.Database
) -> None:
    async with analyses(model.url, cache=new_cache(new_database(), days=2)) as analyze:
        await analyze()
        await analyze(about={"industry": "finance"})
        await analyzer_database.fetch("UPDATE model_answers SET created_at = now() - interval '49 hours'")
        assert not (await analyze()).detailed_scores.model_run.is_cached
        assert (await analyze()).detailed_scores.model_run.is_cached
    assert (await analyzer_database.counts())["model_answers"] == 1


async def test_unparsable_cached_response_is_requested_again(
    model: FakeModel, new_database: Any, analyzer_database: databases.Database
) -> None:
    async with analyses(model.url, cache=new_cache(new_database())) as analyze:
        await analyze()
        for stored in ("[]", '[{"model": "m", "content": "of another version"}]'):
            await analyzer_database.fetch("UPDATE model_answers SET answers = $1", stored)
            assert not (await analyze()).detailed_scores.model_run.is_cached


async def test_characters_that_json_cannot_store_are_removed(model: FakeModel, new_database: Any) -> None:
    def reply(request: Json) -> FakeReply:
        return completion(
            'Here\x00 it is: {"note": "\\u0000\\ud800", ' + json.dumps(labels_json(request))[1:]
        )

    model.replies = reply
    async with analyses(model.url, cache=new_cache(new_database())) as analyze:
        first, second = await analyze(), await analyze()
    assert second.detailed_scores.model_run.is_cached
    assert first.raw_ai_response == second.raw_ai_response
    raw, _ = first.raw_ai_response.answers
    assert raw.startswith("Here it is: {")
    first.raw_ai_response.model_dump_json()


# -- unavailable database ------------------------------------------------------------------------------


async def test_unavailable_database_counts_as_a_miss(
    model: FakeModel, new_database: Any, postgres: PostgresServer
) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(8)
        port = silent.getsockname()[1]
        refusing = new_database("postgresql+asyncpg://nobody:nothing@127.0.0.1:1/nowhere")
        unresponsive = new_database(f"postgresql+asyncpg://nobody:nothing@127.0.0.1:{port}/nowhere")
        unmigrated = new_database(postgres.url("postgres", role="postgres"))
        for database in (refusing, unresponsive, unmigrated):
            cache = new_cache(database)
            async with analyses(model.url, cache=cache, model_budget_seconds=20) as analyze:
                # The first analysis waits for the full timeout, the next for the shorter one.
                for at_most_seconds in (8, 3):
                    began = time.monotonic()
                    report = await analyze()
                    assert report.ai_model_used == "fake-model-2026"
                    assert not report.detailed_scores.model_run.is_cached
                    assert time.monotonic() - began < at_most_seconds


async def test_cache_waits_for_a_database_that_recovers_soon(
    model: FakeModel, new_database: Any, postgres: PostgresServer
) -> None:
    superuser = await postgres.connect("analyzer")

    async def recover() -> None:
        await asyncio.sleep(2)
        await superuser.execute("ALTER ROLE analyzer LOGIN")

    try:
        cache = new_cache(new_database())
        async with analyses(model.url, cache=cache, model_budget_seconds=20) as analyze:
            await superuser.execute("ALTER ROLE analyzer NOLOGIN")
            recovery = asyncio.create_task(recover())
            await analyze()
            await recovery
            assert (await analyze()).detailed_scores.model_run.is_cached
    finally:
        await superuser.execute("ALTER ROLE analyzer LOGIN")
        await superuser.close()


async def test_cached_responses_are_not_logged(
    model: FakeModel,
    new_database: Any,
    analyzer_database: databases.Database,
    captured_logs: CapturedLogs,
) -> None:
    captured_logs.include_debug()
    model.replies = lambda request: completion({**labels_json(request), "note": "Canary of the answer"})
    async with analyses(model.url, cache=new_cache(new_database())) as analyze:
        for _ in range(2):
            report = await analyze()
        assert report.detailed_scores.model_run.is_cached
        await analyzer_database.fetch("ALTER TABLE model_answers ADD CHECK (answers IS NULL) NOT VALID")
        try:
            await analyze(about={"industry": "finance"})
        finally:
            await analyzer_database.fetch(
                "ALTER TABLE model_answers DROP CONSTRAINT model_answers_answers_check"
            )
    assert "response cache failed" in captured_logs.text
    for word in ("Canary", LINES[0]):
        assert word not in captured_logs.text


# -- erasure -------------------------------------------------------------------------------------------


async def test_erasure_deletes_only_the_responses_about_the_resume(
    model: FakeModel, new_database: Any, analyzer_database: databases.Database
) -> None:
    database, kept, gone = new_database(), uuid4(), uuid4()
    async with analyses(model.url, cache=new_cache(database)) as analyze:
        await analyze(about={"resume_id": kept})
        await analyze(about={"resume_id": gone, "industry": "finance"})
        for _ in range(2):
            await new_erase(database)(gone)
        # A second delivery of the request does not reach the model.
        asked = len(model.requests)
        again = await analyze(about={"resume_id": gone, "industry": "finance"})
        assert (again.ai_model_used, len(model.requests)) == (BY_RULES, asked)
    rows = await analyzer_database.fetch("SELECT resume_id FROM model_answers")
    assert [UUID(str(resume_id)) for (resume_id,) in rows] == [kept]


async def test_running_analysis_stores_nothing_after_erasure(
    model: FakeModel, new_database: Any, analyzer_database: databases.Database
) -> None:
    database, resume_id = new_database(), uuid4()
    model.replies = [labelled(wait=0.3)]
    async with analyses(model.url, cache=new_cache(database), model_request_seconds=5) as analyze:
        analysis = asyncio.create_task(analyze(about={"resume_id": resume_id}))

        async def count_requests() -> int:
            return len(model.requests)

        await eventually(count_requests)
        await new_erase(database)(resume_id)
        await analysis
    assert (await analyzer_database.counts())["model_answers"] == 0


async def test_concurrent_storing_and_erasing_leave_nothing(
    new_database: Any, analyzer_database: databases.Database
) -> None:
    storing, erase = new_database(), new_erase(new_database())
    for number in range(20):
        resume_id = uuid4()

        async def store(key: str, resume_id: UUID = resume_id) -> None:
            await new_cache(storing).put(key, [], resume_id=resume_id)

        await asyncio.gather(store(f"{number}"), erase(resume_id), store(f"{number} again"))
    assert (await analyzer_database.counts())["model_answers"] == 0


async def test_erasure_is_retried_until_the_database_is_back(
    model: FakeModel,
    new_database: Any,
    analyzer_database: databases.Database,
    postgres: PostgresServer,
    kafka_bootstrap: str,
    captured_logs: CapturedLogs,
) -> None:
    settings = Settings(
        kafka_bootstrap_servers=kafka_bootstrap,
        database_url=SecretStr(analyzer_database.url),
        openai_api_key=SecretStr("sk-canary-key"),
        openai_base_url=HttpUrl(model.url),
        drain_seconds=5,
        started_after_seconds=60,
    )
    about = events.analysis_context(resume_id=uuid4())
    superuser = await postgres.connect("analyzer")
    # Requests of other tests would be cached as well.
    await skip_to_end(kafka_bootstrap, ANALYSIS_REQUESTS, group=GROUP)
    async with run_app(create_app(settings)) as client:
        await publish(kafka_bootstrap, events.requested(about, text=TEXT))
        await read_events(kafka_bootstrap, ANALYSIS_RESULTS, about.analysis_id, count=1)
        assert (await analyzer_database.counts())["model_answers"] == 1
        try:
            await superuser.execute("ALTER ROLE analyzer NOLOGIN")
            await superuser.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'analyzer'"
            )
            with pytest.raises(DatabaseUnavailable):
                await new_erase(new_database())(about.resume_id)
            await publish(kafka_bootstrap, events.erase_requested(about))

            async def was_retried() -> bool:
                return "record failed, retrying" in captured_logs.text

            await eventually(was_retried)
            assert (await client.get("/health/ready")).status_code == 200
            assert await superuser.fetchval("SELECT count(*) FROM model_answers") == 1
        finally:
            await superuser.execute("ALTER ROLE analyzer LOGIN")
            await superuser.close()

        async def count_responses() -> int:
            return (await analyzer_database.counts())["model_answers"]

        await eventually(count_responses, until=lambda count: count == 0)
        await wait_until_committed(kafka_bootstrap, ANALYSIS_REQUESTS, group=GROUP)
