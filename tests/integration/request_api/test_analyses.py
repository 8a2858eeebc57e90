"""Analyses from the request to the event on Kafka, and every error on that path."""

import asyncio
from uuid import uuid4

import httpx2
import pytest
from contracts.events import AnalysisContext, AnalysisRequested
from contracts.topics import ANALYSIS_REQUESTS

from tests.integration.conftest import User
from tests.integration.request_api.calls import analyze, new_candidate, new_resume, upload
from tests.support import files
from tests.support.servers.databases import Database
from tests.support.servers.kafka import read_events


async def test_accepted_analysis_is_pending_and_its_event_is_published(
    request_api: httpx2.AsyncClient, kafka_bootstrap: str, user: User
) -> None:
    resume_id = await new_resume(request_api, user)
    answer = await analyze(request_api, user, resume_id, analysis_depth="deep", focus_areas=["skills"])
    assert answer.status_code == 202
    body = answer.json()
    assert body["status"] == "pending"
    assert body["message"] == "Analysis request created successfully"
    assert answer.headers["location"] == f"/api/v1/analysis/analysis/{body['analysis_id']}/status"

    read = await request_api.get(f"/api/v1/analysis/requests/{body['analysis_id']}", headers=user.headers)
    assert read.status_code == 200
    assert (read.json()["status"], read.json()["industry"]) == ("pending", "strategy_tech")

    (event,) = await read_events(kafka_bootstrap, ANALYSIS_REQUESTS, body["analysis_id"], count=1)
    assert isinstance(event, AnalysisRequested)
    assert (event.version, event.analysis.depth, event.focus_areas) == (1, "deep", ("skills",))
    assert event.analysis.requested_by == user.id
    assert event.text == files.strong_resume_txt().decode().strip()
    assert event.signals is not None
    assert event.signals.file_type == "txt"
    assert isinstance(event.analysis, AnalysisContext)


async def test_analysis_contains_the_version_of_the_resume(
    request_api: httpx2.AsyncClient, kafka_bootstrap: str, user: User
) -> None:
    candidate_id = await new_candidate(request_api, user)
    for version in (1, 2):
        uploaded = await upload(request_api, user, candidate_id, files.strong_resume_txt(), "cv.txt")
        analysis_id = (await analyze(request_api, user, uploaded.json()["id"])).json()["analysis_id"]
        read = await request_api.get(f"/api/v1/analysis/requests/{analysis_id}", headers=user.headers)
        assert read.json()["resume_version"] == version
        (event,) = await read_events(kafka_bootstrap, ANALYSIS_REQUESTS, analysis_id, count=1)
        assert isinstance(event, AnalysisRequested)
        assert event.analysis.resume_version == version


async def test_concurrent_requests_with_the_same_key_create_one_analysis(
    request_api: httpx2.AsyncClient, request_database: Database, user: User
) -> None:
    resume_id = await new_resume(request_api, user)
    key = str(uuid4())
    answers = await asyncio.gather(*(analyze(request_api, user, resume_id, key=key) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {202}
    (analysis_id,) = {answer.json()["analysis_id"] for answer in answers}
    rows = await request_database.fetch("SELECT id FROM review_requests WHERE resume_id = $1", resume_id)
    assert [str(row["id"]) for row in rows] == [analysis_id]


async def test_same_key_with_another_body_is_a_conflict(
    request_api: httpx2.AsyncClient, request_database: Database, user: User, other: User
) -> None:
    resume_id = await new_resume(request_api, user)
    key = str(uuid4())
    assert (await analyze(request_api, user, resume_id, key=key)).status_code == 202
    before = await request_database.counts()
    answer = await analyze(request_api, user, resume_id, key=key, industry="general")
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")
    assert await request_database.counts() == before
    # Another user may use the same key.
    answer = await analyze(request_api, other, await new_resume(request_api, other), key=key)
    assert answer.status_code == 202


async def test_key_of_a_rejected_request_can_be_used_again(
    request_api: httpx2.AsyncClient, user: User
) -> None:
    key = str(uuid4())
    assert (await analyze(request_api, user, str(uuid4()), key=key)).status_code == 404
    resume_id = await new_resume(request_api, user)
    assert (await analyze(request_api, user, resume_id, key=key)).status_code == 202


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        (b"{", "The body is not valid JSON."),
        (b"[]", "input should be a valid dictionary"),
        (b"{}", "industry: field required."),
        (b'{"industry": "astrology"}', "industry: unknown industry; accepted are strategy_tech"),
        (b'{"industry": "general", "analysis_depth": "x"}', "analysis_depth: input should be 'quick'"),
    ],
)
async def test_invalid_body_is_rejected_and_stores_nothing(
    request_api: httpx2.AsyncClient, request_database: Database, user: User, content: bytes, detail: str
) -> None:
    resume_id = await new_resume(request_api, user)
    before = await request_database.counts()
    answer = await request_api.post(
        f"/api/v1/analysis/resumes/{resume_id}/analyze",
        content=content,
        headers={**user.headers, "content-type": "application/json"},
    )
    assert answer.status_code == 422
    assert detail in answer.json()["detail"]
    assert await request_database.counts() == before


@pytest.mark.parametrize("key", ["", "x" * 256, "with space", "tab\there"])
async def test_invalid_key_is_rejected(request_api: httpx2.AsyncClient, user: User, key: str) -> None:
    answer = await request_api.post(
        f"/api/v1/analysis/resumes/{uuid4()}/analyze",
        json={"industry": "general"},
        headers={**user.headers, "Idempotency-Key": key},
    )
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("idempotency-key: ")


async def test_resume_without_text_cannot_be_analysed(
    request_api: httpx2.AsyncClient, request_database: Database, user: User
) -> None:
    resume_id = await new_resume(request_api, user)
    await request_database.fetch("UPDATE resumes SET extracted_text = NULL WHERE id = $1", resume_id)
    answer = await analyze(request_api, user, resume_id)
    assert (answer.status_code, answer.json()["code"]) == (422, "no_text")


async def test_legacy_resume_is_analysed_without_signals(
    request_api: httpx2.AsyncClient, request_database: Database, kafka_bootstrap: str, user: User
) -> None:
    resume_id = await new_resume(request_api, user)
    await request_database.fetch("DELETE FROM document_signals WHERE resume_id = $1", resume_id)
    analysis_id = (await analyze(request_api, user, resume_id)).json()["analysis_id"]
    (event,) = await read_events(kafka_bootstrap, ANALYSIS_REQUESTS, analysis_id, count=1)
    assert isinstance(event, AnalysisRequested)
    assert event.signals is None


async def test_too_long_legacy_resume_is_rejected(
    request_api: httpx2.AsyncClient, request_database: Database, user: User
) -> None:
    resume_id = await new_resume(request_api, user)
    await request_database.fetch(
        "UPDATE resumes SET extracted_text = repeat('word ', 20001) WHERE id = $1", resume_id
    )
    answer = await analyze(request_api, user, resume_id)
    assert (answer.status_code, answer.json()["code"]) == (422, "too_much_text")
