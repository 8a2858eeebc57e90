"""From private events to HTTP responses and public events."""

from collections.abc import Sequence
from itertools import permutations

import httpx2
import pytest
from contract_tools.files import event_schema
from contracts.envelope import encode
from contracts.events import AnalysisSucceeded, Event, PrivateEvent, PublicEvent
from contracts.topics import ANALYSIS_EVENTS, ANALYSIS_RESULTS, dead_letter_topic

from tests.integration.conftest import User
from tests.integration.results_api.reading import status_of
from tests.support import events
from tests.support.largest_values import largest_value
from tests.support.polling import eventually
from tests.support.servers.databases import Database
from tests.support.servers.kafka import headers_of, producer_for, publish, read_events, read_records


def statuses_of(public_events: Sequence[Event]) -> list[tuple[str, int]]:
    return [(one.status, one.version) for one in public_events if isinstance(one, PublicEvent)]


async def test_successful_analysis_is_readable_and_published_in_order(
    results_api: httpx2.AsyncClient, results_database: Database, kafka_bootstrap: str, user: User
) -> None:
    context = events.analysis_context(requested_by=user.id)
    await publish(kafka_bootstrap, events.requested(context))
    assert (await status_of(results_api, context.analysis_id, user, until="pending"))["result"] is None
    await publish(kafka_bootstrap, events.started(context))
    await status_of(results_api, context.analysis_id, user, until="processing")
    missing = await results_api.get(f"/api/v1/analysis/analysis/{context.analysis_id}", headers=user.headers)
    assert (missing.status_code, missing.json()["code"]) == (404, "result_not_found")
    assert "still running" in missing.json()["detail"]

    await publish(kafka_bootstrap, events.succeeded(context))
    body = await status_of(results_api, context.analysis_id, user, until="completed")
    read = await results_api.get(f"/api/v1/analysis/analysis/{context.analysis_id}", headers=user.headers)
    assert read.status_code == 200
    assert read.json() == body["result"]
    report = events.report()
    assert read.json()["overall_score"] == report.overall_score
    assert read.json()["detailed_scores"] == report.detailed_scores.model_dump(mode="json")
    assert body["failure"] is None
    assert body["completed_at"] == "2026-01-02T03:04:05Z"

    public_events = await read_events(kafka_bootstrap, ANALYSIS_EVENTS, context.analysis_id, count=3)
    assert statuses_of(public_events) == [("pending", 1), ("processing", 2), ("completed", 3)]


@pytest.mark.parametrize("order", list(permutations(["requested", "started", "succeeded"])))
async def test_reordered_events_lead_to_the_same_result(
    results_api: httpx2.AsyncClient,
    results_database: Database,
    kafka_bootstrap: str,
    user: User,
    order: tuple[str, ...],
) -> None:
    context = events.analysis_context(requested_by=user.id)
    for name in order:  # one at a time, so that the order is kept
        event: PrivateEvent = getattr(events, name)(context)
        await publish(kafka_bootstrap, event, event)
    await status_of(results_api, context.analysis_id, user, until="completed")
    rows = await results_database.fetch(
        "SELECT id FROM review_results WHERE review_request_id = $1", context.analysis_id
    )
    assert len(rows) == 1
    (view,) = await results_database.fetch(
        "SELECT version FROM analysis_views WHERE analysis_id = $1", context.analysis_id
    )
    public_events = await read_events(
        kafka_bootstrap, ANALYSIS_EVENTS, context.analysis_id, count=view["version"]
    )
    assert [one.version for one in public_events] == list(range(1, view["version"] + 1))
    assert statuses_of(public_events)[0] == ("pending", 1)
    assert statuses_of(public_events)[-1][0] == "completed"


async def test_failure_has_a_code_and_a_sentence(
    results_api: httpx2.AsyncClient, kafka_bootstrap: str, user: User
) -> None:
    context = events.analysis_context(requested_by=user.id)
    await publish(kafka_bootstrap, events.requested(context), events.failed_to_run(context))
    body = await status_of(results_api, context.analysis_id, user, until="failed")
    reason = "There is no text to analyse."
    assert body["failure"] == {"code": "no_text", "detail": reason}
    assert (body["result"], body["detail"], body["message"]) == (None, reason, reason)
    missing = await results_api.get(f"/api/v1/analysis/analysis/{context.analysis_id}", headers=user.headers)
    assert missing.status_code == 404
    assert (missing.json()["code"], missing.json()["detail"]) == ("no_text", reason)


async def test_result_after_cancellation_is_ignored(
    results_api: httpx2.AsyncClient, results_database: Database, kafka_bootstrap: str, user: User
) -> None:
    context = events.analysis_context(requested_by=user.id)
    await publish(kafka_bootstrap, events.requested(context), events.cancel_requested(context))
    await status_of(results_api, context.analysis_id, user, until="cancelled")
    other = events.analysis_context(requested_by=user.id)
    await publish(kafka_bootstrap, events.succeeded(context), events.succeeded(other))
    await status_of(results_api, other.analysis_id, user, until="completed")
    assert (await status_of(results_api, context.analysis_id, user, until="cancelled"))["result"] is None
    rows = await results_database.fetch(
        "SELECT 1 FROM review_results WHERE review_request_id = $1", context.analysis_id
    )
    assert rows == []


async def test_erased_analysis_is_not_restored_by_a_late_event(
    results_api: httpx2.AsyncClient, results_database: Database, kafka_bootstrap: str, user: User
) -> None:
    context = events.analysis_context(requested_by=user.id)
    await publish(kafka_bootstrap, events.requested(context), events.succeeded(context))
    await status_of(results_api, context.analysis_id, user, until="completed")
    await publish(kafka_bootstrap, events.erase_requested(context))

    async def status_code() -> int:
        address = f"/api/v1/analysis/analysis/{context.analysis_id}/status"
        return (await results_api.get(address, headers=user.headers)).status_code

    await eventually(status_code, until=lambda code: code == 404)
    await publish(kafka_bootstrap, events.succeeded(context))
    public_events = await read_events(kafka_bootstrap, ANALYSIS_EVENTS, context.analysis_id, count=3)
    assert statuses_of(public_events)[-1] == ("erased", 3)
    rows = await results_database.fetch(
        "SELECT 1 FROM review_results WHERE review_request_id = $1", context.analysis_id
    )
    (view,) = await results_database.fetch(
        "SELECT candidate_name, file_name FROM analysis_views WHERE analysis_id = $1", context.analysis_id
    )
    assert (rows, tuple(view)) == ([], ("", ""))


TEXTS = """
    SELECT detailed_scores FROM result_texts
    WHERE review_result_id IN (SELECT id FROM review_results WHERE review_request_id = ANY($1))
"""


async def test_large_details_are_served_as_stored_text(
    results_api: httpx2.AsyncClient, results_database: Database, kafka_bootstrap: str, user: User
) -> None:
    report = AnalysisSucceeded.model_validate(largest_value(event_schema(AnalysisSucceeded))).report
    large, small = (events.analysis_context(requested_by=user.id) for _ in range(2))
    await publish(kafka_bootstrap, events.succeeded(large, report=report), events.succeeded(small))
    for context in (large, small):
        await status_of(results_api, context.analysis_id, user, until="completed")
    read = await results_api.get(f"/api/v1/analysis/analysis/{large.analysis_id}", headers=user.headers)
    assert read.json()["detailed_scores"] == report.detailed_scores.model_dump(mode="json")
    details = report.detailed_scores.model_dump_json()
    assert details in read.text

    ids = [large.analysis_id, small.analysis_id]
    assert [row["detailed_scores"] for row in await results_database.fetch(TEXTS, ids)] == [details]
    before = (await results_database.counts())["result_texts"]
    await publish(kafka_bootstrap, events.erase_requested(large))

    async def texts() -> int:
        return (await results_database.counts())["result_texts"]

    await eventually(texts, until=lambda count: count == before - 1)


BREAKS_A_COLUMN = {
    "a number beyond an integer": ('"processing_time_ms":12', f'"processing_time_ms":{2**31}'),
    "a resume's version beyond an integer": ('"resume_version":1', f'"resume_version":{2**31}'),
    "infinity": ('"industry_fit":10', '"industry_fit":Infinity'),
    "not a number": ('"industry_fit":10', '"industry_fit":NaN'),
    "a time before year 1": ('"2026-01-02T03:04:05Z"', '"0001-01-01T00:00:00+14:00"'),
    "a time after year 9999": ('"2026-01-02T03:04:05Z"', '"9999-12-31T23:59:59-14:00"'),
    "an unreachable version": ('"version":2', '"version":3'),
}


@pytest.mark.parametrize("kind", BREAKS_A_COLUMN)
async def test_unstorable_record_becomes_a_dead_letter(
    results_api: httpx2.AsyncClient, kafka_bootstrap: str, user: User, kind: str
) -> None:
    context = events.analysis_context(requested_by=user.id, resume_version=1)
    good = encode(events.succeeded(context), source="/forger", traceparent=None)
    forged = good.value.replace(*BREAKS_A_COLUMN[kind]).encode()
    assert forged != good.value.encode()
    async with producer_for(kafka_bootstrap) as producer:
        headers = [(name, text.encode()) for name, text in good.headers.items()]
        await producer.send_and_wait(good.topic, forged, key=good.key.encode(), headers=headers)
    await publish(kafka_bootstrap, events.succeeded(context))

    await status_of(results_api, context.analysis_id, user, until="completed")
    (dead,) = await read_records(
        kafka_bootstrap,
        dead_letter_topic(ANALYSIS_RESULTS, "results-api"),
        wanted=lambda record: record.key == good.key.encode(),
        until=lambda found: len(found) >= 1,
    )
    assert dead.value == forged
    assert headers_of(dead)["dlq_attempts"] == "1"
