"""From private events to HTTP responses and public events."""

from collections.abc import Sequence
from itertools import permutations
from uuid import uuid4

import httpx2
import pytest
from contract_tools.files import event_schema
from contracts.envelope import encode
from contracts.events import AnalysisContext, AnalysisSucceeded, Event, PrivateEvent, PublicEvent
from contracts.topics import ANALYSIS_EVENTS, ANALYSIS_RESULTS, dead_letter_topic

from tests.integration.conftest import FakeRequestApi, User
from tests.integration.results_api.reading import status_of
from tests.support import events
from tests.support.http.frontend_pages import HISTORY, OPTIONAL, RESULT_OF, draw
from tests.support.largest_values import largest_value
from tests.support.polling import eventually
from tests.support.servers.databases import Database
from tests.support.servers.kafka import headers_of, producer_for, publish, read_events, read_records


def statuses_of(public_events: Sequence[Event]) -> list[tuple[str, int]]:
    return [(one.status, one.version) for one in public_events if isinstance(one, PublicEvent)]


async def test_successful_analysis_is_readable_and_published_in_order(
    results_api: httpx2.AsyncClient, results_database: Database, kafka_bootstrap: str, user: User
) -> None:
    about = events.analysis_context(requested_by=user.id)
    await publish(kafka_bootstrap, events.requested(about))
    assert (await status_of(results_api, about.analysis_id, user, until="pending"))["result"] is None
    await publish(kafka_bootstrap, events.started(about))
    await status_of(results_api, about.analysis_id, user, until="processing")
    missing = await results_api.get(f"/api/v1/analysis/analysis/{about.analysis_id}", headers=user.headers)
    assert (missing.status_code, missing.json()["code"]) == (404, "result_not_found")
    assert "still running" in missing.json()["detail"]

    await publish(kafka_bootstrap, events.succeeded(about))
    body = await status_of(results_api, about.analysis_id, user, until="completed")
    read = await results_api.get(f"/api/v1/analysis/analysis/{about.analysis_id}", headers=user.headers)
    assert read.status_code == 200
    assert read.json() == body["result"]
    report = events.report()
    assert read.json()["overall_score"] == report.overall_score
    assert read.json()["detailed_scores"] == report.detailed_scores.model_dump(mode="json")
    assert body["failure"] is None
    assert body["completed_at"] == "2026-01-02T03:04:05Z"

    public_events = await read_events(kafka_bootstrap, ANALYSIS_EVENTS, about.analysis_id, count=3)
    assert statuses_of(public_events) == [("pending", 1), ("processing", 2), ("completed", 3)]


@pytest.mark.parametrize("order", list(permutations(["requested", "started", "succeeded"])))
async def test_reordered_events_lead_to_the_same_result(
    results_api: httpx2.AsyncClient,
    results_database: Database,
    kafka_bootstrap: str,
    user: User,
    order: tuple[str, ...],
) -> None:
    about = events.analysis_context(requested_by=user.id)
    for name in order:  # one at a time, so that the order is kept
        event: PrivateEvent = getattr(events, name)(about)
        await publish(kafka_bootstrap, event, event)
    await status_of(results_api, about.analysis_id, user, until="completed")
    rows = await results_database.fetch(
        "SELECT id FROM review_results WHERE review_request_id = $1", about.analysis_id
    )
    assert len(rows) == 1
    (view,) = await results_database.fetch(
        "SELECT version FROM analysis_views WHERE analysis_id = $1", about.analysis_id
    )
    public_events = await read_events(
        kafka_bootstrap, ANALYSIS_EVENTS, about.analysis_id, count=view["version"]
    )
    assert [one.version for one in public_events] == list(range(1, view["version"] + 1))
    assert statuses_of(public_events)[0] == ("pending", 1)
    assert statuses_of(public_events)[-1][0] == "completed"


async def test_failure_has_a_code_and_a_sentence(
    results_api: httpx2.AsyncClient, kafka_bootstrap: str, user: User
) -> None:
    about = events.analysis_context(requested_by=user.id)
    await publish(kafka_bootstrap, events.requested(about), events.failed_to_run(about))
    body = await status_of(results_api, about.analysis_id, user, until="failed")
    reason = "There is no text to analyse."
    assert body["failure"] == {"code": "no_text", "detail": reason}
    assert (body["result"], body["detail"], body["message"]) == (None, reason, reason)
    missing = await results_api.get(f"/api/v1/analysis/analysis/{about.analysis_id}", headers=user.headers)
    assert missing.status_code == 404
    assert (missing.json()["code"], missing.json()["detail"]) == ("no_text", reason)


async def test_result_after_cancellation_is_ignored(
    results_api: httpx2.AsyncClient, results_database: Database, kafka_bootstrap: str, user: User
) -> None:
    about = events.analysis_context(requested_by=user.id)
    await publish(kafka_bootstrap, events.requested(about), events.cancel_requested(about))
    await status_of(results_api, about.analysis_id, user, until="cancelled")
    other = events.analysis_context(requested_by=user.id)
    await publish(kafka_bootstrap, events.succeeded(about), events.succeeded(other))
    await status_of(results_api, other.analysis_id, user, until="completed")
    assert (await status_of(results_api, about.analysis_id, user, until="cancelled"))["result"] is None
    rows = await results_database.fetch(
        "SELECT 1 FROM review_results WHERE review_request_id = $1", about.analysis_id
    )
    assert rows == []


async def test_erased_analysis_is_not_restored_by_a_late_event(
    results_api: httpx2.AsyncClient, results_database: Database, kafka_bootstrap: str, user: User
) -> None:
    about = events.analysis_context(requested_by=user.id)
    await publish(kafka_bootstrap, events.requested(about), events.succeeded(about))
    await status_of(results_api, about.analysis_id, user, until="completed")
    await publish(kafka_bootstrap, events.erase_requested(about))

    async def status_code() -> int:
        address = f"/api/v1/analysis/analysis/{about.analysis_id}/status"
        return (await results_api.get(address, headers=user.headers)).status_code

    await eventually(status_code, until=lambda code: code == 404)
    await publish(kafka_bootstrap, events.succeeded(about))
    public_events = await read_events(kafka_bootstrap, ANALYSIS_EVENTS, about.analysis_id, count=3)
    assert statuses_of(public_events)[-1] == ("erased", 3)
    rows = await results_database.fetch(
        "SELECT 1 FROM review_results WHERE review_request_id = $1", about.analysis_id
    )
    (view,) = await results_database.fetch(
        "SELECT candidate_name, file_name FROM analysis_views WHERE analysis_id = $1", about.analysis_id
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
    for about in (large, small):
        await status_of(results_api, about.analysis_id, user, until="completed")
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


async def test_analyses_of_other_users_are_not_found(
    results_api: httpx2.AsyncClient, kafka_bootstrap: str, user: User, other: User, senior: User
) -> None:
    about = events.analysis_context(requested_by=user.id, resume_id=uuid4())
    await publish(kafka_bootstrap, events.requested(about), events.succeeded(about))
    await status_of(results_api, about.analysis_id, user, until="completed")
    await status_of(results_api, about.analysis_id, senior, until="completed")
    for path in ("/status", ""):
        foreign = await results_api.get(
            f"/api/v1/analysis/analysis/{about.analysis_id}{path}", headers=other.headers
        )
        unknown = await results_api.get(f"/api/v1/analysis/analysis/{uuid4()}{path}", headers=other.headers)
        assert foreign.status_code == 404
        assert (foreign.status_code, foreign.json()) == (unknown.status_code, unknown.json())
    for path in ("", f"resumes/{about.resume_id}/analyses"):
        listed = await results_api.get(f"/api/v1/analysis/{path}", headers=other.headers)
        assert (listed.json()["analyses"], listed.json()["total_count"]) == ([], 0)


async def list_ids(api: httpx2.AsyncClient, user: User, query: str) -> list[str]:
    answer = await api.get(f"/api/v1/analysis/{query}", headers=user.headers)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["analyses"]]


async def test_lists_are_paged_newest_first_and_filtered(
    results_api: httpx2.AsyncClient, kafka_bootstrap: str, user: User
) -> None:
    resume_id = uuid4()
    made: list[AnalysisContext] = []
    for number in range(3):
        about = events.analysis_context(
            requested_by=user.id,
            resume_id=resume_id if number else uuid4(),
            industry="general" if number == 2 else "consulting",
            requested_at=events.NOW.replace(minute=number),
        )
        await publish(kafka_bootstrap, events.requested(about))
        made.append(about)
    await publish(kafka_bootstrap, events.succeeded(made[0]), events.failed_to_run(made[1]))
    await status_of(results_api, made[0].analysis_id, user, until="completed")
    await status_of(results_api, made[1].analysis_id, user, until="failed")
    ids = [str(one.analysis_id) for one in reversed(made)]

    async def first_page() -> httpx2.Response:
        return await results_api.get("/api/v1/analysis/", headers=user.headers)

    # The third event may be in another partition and arrive later.
    answer = await eventually(first_page, until=lambda page: page.json()["total_count"] == len(made))
    body = answer.json()
    assert (body["total_count"], body["page"], body["page_size"]) == (3, 1, 10)
    assert [item["id"] for item in body["analyses"]] == ids
    newest, _, oldest = body["analyses"]
    assert newest == {
        "id": ids[0],
        "file_name": "mina-example.pdf",
        "candidate_name": "Mina Example",
        "candidate_id": str(made[2].candidate_id),
        "industry": "general",
        "overall_score": None,
        "market_tier": None,
        "status": "pending",
        "created_at": "2026-01-02T03:02:05Z",
    }
    assert (oldest["overall_score"], oldest["market_tier"], oldest["status"]) == (61, "mid", "completed")

    assert await list_ids(results_api, user, "?page=2&page_size=2") == ids[2:]
    assert await list_ids(results_api, user, "?page=3&page_size=2") == []
    assert await list_ids(results_api, user, "?status=failed") == [ids[1]]
    assert await list_ids(results_api, user, "?status=error") == [ids[1]]
    assert await list_ids(results_api, user, "?industry=general") == [ids[0]]
    assert await list_ids(results_api, user, "?status=&industry=&candidate_id=") == ids
    assert await list_ids(results_api, user, f"?candidate_id={uuid4()}") == []
    assert await list_ids(results_api, user, f"resumes/{resume_id}/analyses") == ids[:2]


@pytest.mark.parametrize(
    "query",
    ["page=0", "page_size=0", "page_size=51", "page=x", "status=odd", "industry=A", "candidate_id=1"],
)
async def test_invalid_list_parameter_is_rejected_with_a_sentence(
    results_api: httpx2.AsyncClient, user: User, query: str
) -> None:
    answer = await results_api.get(f"/api/v1/analysis/?{query}", headers=user.headers)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(query.split("=", maxsplit=1)[0] + ": ")


async def test_unknown_analysis_is_read_from_request_api_with_the_caller_s_token(
    results_api: httpx2.AsyncClient, fake_request_api: FakeRequestApi, user: User
) -> None:
    analysis_id = uuid4()
    known = {
        "analysis_id": str(analysis_id),
        "status": "pending",
        "requested_at": "2026-01-02T03:04:05Z",
        "completed_at": None,
    }
    fake_request_api.answers[str(analysis_id)] = (200, known)
    body = await status_of(results_api, analysis_id, user, until="pending")
    assert (body["requested_at"], body["result"]) == ("2026-01-02T03:04:05Z", None)
    assert fake_request_api.asked[-1] == (str(analysis_id), user.headers["Authorization"])

    # A completed analysis must have a result, and the result has not arrived yet.
    fake_request_api.answers[str(analysis_id)] = (200, {**known, "status": "completed"})
    assert (await status_of(results_api, analysis_id, user, until="processing"))["completed_at"] is None

    unknown = await results_api.get(f"/api/v1/analysis/analysis/{uuid4()}/status", headers=user.headers)
    assert unknown.status_code == 404


async def test_unavailable_request_api_causes_503_instead_of_404(
    results_api: httpx2.AsyncClient, fake_request_api: FakeRequestApi, user: User
) -> None:
    async def poll() -> httpx2.Response:
        return await results_api.get(f"/api/v1/analysis/analysis/{uuid4()}/status", headers=user.headers)

    fake_request_api.away = True
    try:
        requests_before = len(fake_request_api.asked)
        answers = [await poll() for _ in range(10)]
        assert {answer.status_code for answer in answers} == {503}
        assert {answer.headers["retry-after"] for answer in answers} == {"1"}
        # The circuit breaker opens after five failures.
        assert len(fake_request_api.asked) - requests_before == 5
    finally:
        fake_request_api.away = False
    await eventually(poll, until=lambda answer: answer.status_code == 404)


ODD_DETAILS = {
    "an array": '[{"structure_analysis": 1}]',
    "a string": '"mid"',
    "JSON null": "null",
    "an integer of too many digits": f'{{"market_tier": {"1" * 5_000}}}',
    "a number beyond a double": '{"structure_analysis": {"scores": {"format": 1e400}}}',
    "as deep as Python can parse": '{"a":' * 400 + "1" + "}" * 400,
    "deeper": '{"a":' * 3_000 + "1" + "}" * 3_000,
}


@pytest.mark.parametrize("kind", ODD_DETAILS)
async def test_any_stored_json_is_served_completely(
    results_api: httpx2.AsyncClient,
    results_database: Database,
    kafka_bootstrap: str,
    user: User,
    kind: str,
) -> None:
    about = events.analysis_context(requested_by=user.id)
    await publish(kafka_bootstrap, events.succeeded(about))
    await status_of(results_api, about.analysis_id, user, until="completed")
    await results_database.fetch(
        """UPDATE review_results SET detailed_scores = $2::text::jsonb, executive_summary = NULL,
           ai_model_used = NULL, processing_time_ms = NULL WHERE review_request_id = $1""",
        about.analysis_id,
        ODD_DETAILS[kind],
    )
    status = await status_of(results_api, about.analysis_id, user, until="completed")
    for fields in RESULT_OF.values():
        draw(status["result"], fields, null=(HISTORY, OPTIONAL))


async def test_requests_without_a_token_are_rejected(results_api: httpx2.AsyncClient) -> None:
    for path in (f"analysis/{uuid4()}/status", f"analysis/{uuid4()}", "", f"resumes/{uuid4()}/analyses"):
        answer = await results_api.get(f"/api/v1/analysis/{path}")
        assert answer.status_code == 401, path


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
    about = events.analysis_context(requested_by=user.id, resume_version=1)
    good = encode(events.succeeded(about), source="/forger", traceparent=None)
    forged = good.value.replace(*BREAKS_A_COLUMN[kind]).encode()
    assert forged != good.value.encode()
    async with producer_for(kafka_bootstrap) as producer:
        headers = [(name, text.encode()) for name, text in good.headers.items()]
        await producer.send_and_wait(good.topic, forged, key=good.key.encode(), headers=headers)
    await publish(kafka_bootstrap, events.succeeded(about))

    await status_of(results_api, about.analysis_id, user, until="completed")
    (dead,) = await read_records(
        kafka_bootstrap,
        dead_letter_topic(ANALYSIS_RESULTS, "results-api"),
        wanted=lambda record: record.key == good.key.encode(),
        until=lambda found: len(found) >= 1,
    )
    assert dead.value == forged
    assert headers_of(dead)["dlq_attempts"] == "1"
