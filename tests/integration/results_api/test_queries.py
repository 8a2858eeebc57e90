"""Queries over HTTP: visibility, lists, stored results, and analyses that only request-api knows."""

from uuid import uuid4

import httpx2
import pytest
from contracts.events import AnalysisContext

from tests.integration.conftest import FakeRequestApi, User
from tests.integration.results_api.reading import status_of
from tests.support import events
from tests.support.http.frontend_pages import HISTORY, OPTIONAL, RESULT_OF, draw
from tests.support.polling import eventually
from tests.support.servers.databases import Database
from tests.support.servers.kafka import publish


async def test_analyses_of_other_users_are_not_found(
    results_api: httpx2.AsyncClient, kafka_bootstrap: str, user: User, other: User, senior: User
) -> None:
    context = events.analysis_context(requested_by=user.id, resume_id=uuid4())
    await publish(kafka_bootstrap, events.requested(context), events.succeeded(context))
    await status_of(results_api, context.analysis_id, user, until="completed")
    await status_of(results_api, context.analysis_id, senior, until="completed")
    for path in ("/status", ""):
        foreign = await results_api.get(
            f"/api/v1/analysis/analysis/{context.analysis_id}{path}", headers=other.headers
        )
        unknown = await results_api.get(f"/api/v1/analysis/analysis/{uuid4()}{path}", headers=other.headers)
        assert foreign.status_code == 404
        assert (foreign.status_code, foreign.json()) == (unknown.status_code, unknown.json())
    for path in ("", f"resumes/{context.resume_id}/analyses"):
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
        context = events.analysis_context(
            requested_by=user.id,
            resume_id=resume_id if number else uuid4(),
            industry="general" if number == 2 else "consulting",
            requested_at=events.NOW.replace(minute=number),
        )
        await publish(kafka_bootstrap, events.requested(context))
        made.append(context)
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

    fake_request_api.is_unavailable = True
    try:
        requests_before = len(fake_request_api.asked)
        answers = [await poll() for _ in range(10)]
        assert {answer.status_code for answer in answers} == {503}
        assert {answer.headers["retry-after"] for answer in answers} == {"1"}
        # The circuit breaker opens after five failures.
        assert len(fake_request_api.asked) - requests_before == 5
    finally:
        fake_request_api.is_unavailable = False
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
    context = events.analysis_context(requested_by=user.id)
    await publish(kafka_bootstrap, events.succeeded(context))
    await status_of(results_api, context.analysis_id, user, until="completed")
    await results_database.fetch(
        """UPDATE review_results SET detailed_scores = $2::text::jsonb, executive_summary = NULL,
           ai_model_used = NULL, processing_time_ms = NULL WHERE review_request_id = $1""",
        context.analysis_id,
        ODD_DETAILS[kind],
    )
    status = await status_of(results_api, context.analysis_id, user, until="completed")
    for fields in RESULT_OF.values():
        draw(status["result"], fields, null=(HISTORY, OPTIONAL))


async def test_requests_without_a_token_are_rejected(results_api: httpx2.AsyncClient) -> None:
    for path in (f"analysis/{uuid4()}/status", f"analysis/{uuid4()}", "", f"resumes/{uuid4()}/analyses"):
        answer = await results_api.get(f"/api/v1/analysis/{path}")
        assert answer.status_code == 401, path
