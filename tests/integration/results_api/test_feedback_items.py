"""Storage of feedback items and raw model answers in a real database."""

import json
from uuid import UUID

import asyncpg
import httpx2
import pytest
from contracts.report import Report
from contracts.topics import ANALYSIS_RESULTS
from results_api.consumers import GROUP

from tests.integration.conftest import User
from tests.integration.results_api.reading import status_of
from tests.support import events
from tests.support.polling import eventually
from tests.support.servers.databases import Database
from tests.support.servers.kafka import publish, wait_until_committed

ITEMS = """
    SELECT items.* FROM review_feedback_items AS items
    JOIN review_results AS results ON results.id = items.review_result_id
    WHERE results.review_request_id = $1
"""


async def rows_of(database: Database, analysis_id: UUID) -> list[asyncpg.Record]:
    return await database.fetch(ITEMS, analysis_id)


@pytest.mark.parametrize(("name", "count"), [("4-deep", 9), ("3-japanese", 2), ("2-minimal", 0)])
async def test_feedback_items_are_stored_once(
    results_api: httpx2.AsyncClient,
    results_database: Database,
    kafka_bootstrap: str,
    user: User,
    name: str,
    count: int,
) -> None:
    context = events.analysis_context(requested_by=user.id)
    done = events.succeeded(context, report=events.golden_report(name))
    await publish(kafka_bootstrap, done, done)
    await status_of(results_api, context.analysis_id, user, until="completed")
    await publish(kafka_bootstrap, done)
    await wait_until_committed(kafka_bootstrap, ANALYSIS_RESULTS, group=GROUP)
    assert len(await rows_of(results_database, context.analysis_id)) == count


async def test_feedback_items_keep_the_language_of_the_report(
    results_api: httpx2.AsyncClient, results_database: Database, kafka_bootstrap: str, user: User
) -> None:
    context = events.analysis_context(requested_by=user.id)
    await publish(kafka_bootstrap, events.succeeded(context, report=events.golden_report("3-japanese")))
    await status_of(results_api, context.analysis_id, user, until="completed")
    rows = await rows_of(results_database, context.analysis_id)
    strength, suggestion = sorted(rows, key=lambda row: row["feedback_type"])
    assert (strength["feedback_type"], strength["category"]) == ("strength", "content")
    assert strength["feedback_text"] == "金額と件数が示されています。"
    assert strength["original_text"] == "案件12件（総額約350億円）を主担当として成約。"
    assert (strength["severity_level"], strength["confidence_score"]) == (1, 75)
    assert (suggestion["feedback_type"], suggestion["category"]) == ("suggestion", "content")
    assert suggestion["suggested_text"] == "育成後の成果を書き足してください。"
    assert (suggestion["severity_level"], suggestion["confidence_score"]) == (3, None)
    assert suggestion["resume_section_id"] is None


async def raw_of(database: Database, analysis_id: UUID) -> str | None:
    (row,) = await database.fetch(
        "SELECT raw_ai_response FROM review_results WHERE review_request_id = $1", analysis_id
    )
    raw: str | None = row["raw_ai_response"]
    return raw


async def test_raw_model_answers_are_stored_verbatim_or_null(
    results_api: httpx2.AsyncClient, results_database: Database, kafka_bootstrap: str, user: User
) -> None:
    by_model, by_rules = (events.analysis_context(requested_by=user.id) for _ in range(2))
    report = events.golden_report("4-deep")
    await publish(kafka_bootstrap, events.succeeded(by_model, report=report), events.succeeded(by_rules))
    for context in (by_model, by_rules):
        await status_of(results_api, context.analysis_id, user, until="completed")
    assert report.raw_ai_response is not None
    raw = await raw_of(results_database, by_model.analysis_id)
    assert json.loads(raw or "") == report.raw_ai_response.model_dump(mode="json")
    assert await raw_of(results_database, by_rules.analysis_id) is None


async def test_nul_characters_are_replaced(
    results_api: httpx2.AsyncClient, results_database: Database, kafka_bootstrap: str, user: User
) -> None:
    """A model answer may contain NUL and the six characters of its JSON escape."""
    context = events.analysis_context(requested_by=user.id)
    deep = events.golden_report("4-deep").model_dump(mode="json")
    answer = "a\x00\x00b \\u0000 c\\\x00"
    deep["raw_ai_response"]["answers"] = [answer]
    deep["detailed_scores"]["criteria"][0]["reason"] = "One\x00 bullet."
    await publish(kafka_bootstrap, events.succeeded(context, report=Report.model_validate(deep)))
    body = await status_of(results_api, context.analysis_id, user, until="completed")
    assert isinstance(body["result"], dict)
    assert body["result"]["detailed_scores"]["criteria"][0]["reason"] == "One\ufffd bullet."
    raw = await raw_of(results_database, context.analysis_id)
    assert json.loads(raw or "")["answers"] == ["a\ufffd\ufffdb \\u0000 c\\\ufffd"]


async def test_erasure_deletes_feedback_items(
    results_api: httpx2.AsyncClient, results_database: Database, kafka_bootstrap: str, user: User
) -> None:
    context, other = (
        events.analysis_context(requested_by=user.id),
        events.analysis_context(requested_by=user.id),
    )
    for each in (context, other):
        await publish(kafka_bootstrap, events.succeeded(each, report=events.golden_report("4-deep")))
        await status_of(results_api, each.analysis_id, user, until="completed")
    assert len(await rows_of(results_database, context.analysis_id)) == 9
    (result,) = await results_database.fetch(
        "SELECT id FROM review_results WHERE review_request_id = $1", context.analysis_id
    )
    await publish(kafka_bootstrap, events.erase_requested(context))

    async def left() -> int:
        rows = await results_database.fetch(
            "SELECT 1 FROM review_feedback_items WHERE review_result_id = $1", result["id"]
        )
        return len(rows)

    await eventually(left, until=lambda count: count == 0)
    assert len(await rows_of(results_database, other.analysis_id)) == 9
