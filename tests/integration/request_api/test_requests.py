"""Requests from the upload to the event on Kafka, and every error on that path."""

import asyncio
from uuid import uuid4

import httpx2
import pytest
from contracts.events import AnalysisContext, AnalysisRequested
from contracts.topics import ANALYSIS_REQUESTS

from tests.integration.conftest import User
from tests.support import files
from tests.support.documents import rejected_files
from tests.support.servers.databases import Database
from tests.support.servers.kafka import read_events


async def new_candidate(api: httpx2.AsyncClient, user: User, **fields: object) -> str:
    body = {"first_name": "Mina", "last_name": "Example", **fields}
    answer = await api.post("/api/v1/candidates", json=body, headers=user.headers)
    assert answer.status_code == 201, answer.text
    candidate_id: str = answer.json()["candidate"]["id"]
    return candidate_id


async def upload(
    api: httpx2.AsyncClient, user: User, candidate_id: str, data: bytes, name: str = "cv.pdf"
) -> httpx2.Response:
    return await api.post(
        f"/api/v1/resume_upload/candidates/{candidate_id}/resumes",
        files={"file": (name, data)},
        headers=user.headers,
    )


async def new_resume(api: httpx2.AsyncClient, user: User) -> str:
    answer = await upload(api, user, await new_candidate(api, user), files.strong_resume_txt(), "cv.txt")
    assert answer.status_code == 201, answer.text
    resume_id: str = answer.json()["id"]
    return resume_id


async def analyze(
    api: httpx2.AsyncClient, user: User, resume_id: str, *, key: str | None = None, **body: object
) -> httpx2.Response:
    headers = {**user.headers, **({"Idempotency-Key": key} if key else {})}
    return await api.post(
        f"/api/v1/analysis/resumes/{resume_id}/analyze",
        json={"industry": "strategy_tech", **body},
        headers=headers,
    )


@pytest.mark.parametrize(
    ("data", "name", "mime_type"),
    [
        (files.strong_resume_pdf, "cv.pdf", "application/pdf"),
        (files.strong_resume_docx, "cv.docx", "application/vnd.openxmlformats-officedocument"),
        (files.strong_resume_txt, "cv.txt", "text/plain"),
        (files.strong_resume_pdf, "mislabelled.docx", "application/pdf"),
    ],
)
async def test_upload_response_has_the_fields_of_the_frontend(
    request_api: httpx2.AsyncClient,
    request_database: Database,
    user: User,
    data: object,
    name: str,
    mime_type: str,
) -> None:
    candidate_id = await new_candidate(request_api, user)
    content = data()  # type: ignore[operator]
    answer = await upload(request_api, user, candidate_id, content, name)
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert (body["candidate_id"], body["filename"], body["status"], body["progress"]) == (
        candidate_id,
        name,
        "completed",
        100,
    )
    assert body["file"]["size"] == len(content)
    assert body["file"]["type"].startswith(mime_type)
    (row,) = await request_database.fetch("SELECT * FROM resumes WHERE id = $1", body["id"])
    assert (row["extracted_text"], row["version_number"]) == (body["extracted_text"], 1)
    sections = await request_database.fetch(
        "SELECT * FROM resume_sections WHERE resume_id = $1 ORDER BY sequence_order", body["id"]
    )
    assert {"experience", "education"} <= {section["section_type"] for section in sections}
    for section in sections:
        start, end = section["start_position"], section["end_position"]
        assert section["content"] == body["extracted_text"][start:end]


async def test_concurrent_uploads_get_consecutive_versions(
    request_api: httpx2.AsyncClient, request_database: Database, user: User
) -> None:
    candidate_id = await new_candidate(request_api, user)
    answers = await asyncio.gather(
        *(upload(request_api, user, candidate_id, files.strong_resume_txt()) for _ in range(4))
    )
    assert [answer.status_code for answer in answers] == [201] * 4
    rows = await request_database.fetch(
        "SELECT version_number FROM resumes WHERE candidate_id = $1 ORDER BY 1", candidate_id
    )
    assert [row["version_number"] for row in rows] == [1, 2, 3, 4]
    listed = await request_api.get("/api/v1/candidates", headers=user.headers)
    (candidate,) = listed.json()["candidates"]
    assert (candidate["total_resumes"], candidate["latest_resume_version"]) == (4, 4)


BAD_FILES = [
    (rejected_files.empty, 422, "empty_file"),
    (rejected_files.encrypted_pdf, 422, "encrypted_file"),
    (rejected_files.image_only_pdf, 422, "no_text"),
    (rejected_files.corrupt_pdf, 422, "corrupt_file"),
    (rejected_files.legacy_doc, 415, "legacy_word_file"),
    (rejected_files.png, 415, "unsupported_file_type"),
    (rejected_files.zip_bomb_docx, 422, "too_complex"),
]


@pytest.mark.parametrize(("data", "status", "code"), BAD_FILES, ids=[code for _, _, code in BAD_FILES])
async def test_rejected_file_is_not_stored(
    request_api: httpx2.AsyncClient,
    request_database: Database,
    user: User,
    data: object,
    status: int,
    code: str,
) -> None:
    candidate_id = await new_candidate(request_api, user)
    before = await request_database.counts()
    answer = await upload(request_api, user, candidate_id, data())  # type: ignore[operator]
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].endswith(".")
    assert await request_database.counts() == before


async def test_oversized_file_is_rejected(
    request_api: httpx2.AsyncClient, request_database: Database, user: User
) -> None:
    candidate_id = await new_candidate(request_api, user)
    before = await request_database.counts()
    for size in (30 * 1024 * 1024 + 1, 40 * 1024 * 1024):
        answer = await upload(request_api, user, candidate_id, b"a" * size)
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"
    assert await request_database.counts() == before


async def test_upload_without_a_file_is_rejected(request_api: httpx2.AsyncClient, user: User) -> None:
    candidate_id = await new_candidate(request_api, user)
    answer = await request_api.post(
        f"/api/v1/resume_upload/candidates/{candidate_id}/resumes",
        files={"another": ("x.txt", b"x")},
        headers=user.headers,
    )
    assert (answer.status_code, answer.json()["detail"]) == (422, "file: field required.")


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


async def test_rows_of_other_users_are_not_found(
    request_api: httpx2.AsyncClient, request_database: Database, user: User, other: User, senior: User
) -> None:
    candidate_id = await new_candidate(request_api, user)
    uploaded = await upload(request_api, user, candidate_id, files.strong_resume_txt())
    resume_id = uploaded.json()["id"]
    analysis_id = (await analyze(request_api, user, resume_id)).json()["analysis_id"]

    async def answers(caller: User, candidate: str, resume: str, analysis: str) -> list[httpx2.Response]:
        return [
            await upload(request_api, caller, candidate, files.strong_resume_txt()),
            await analyze(request_api, caller, resume),
            await request_api.get(f"/api/v1/analysis/requests/{analysis}", headers=caller.headers),
        ]

    before = await request_database.counts()
    foreign = await answers(other, candidate_id, resume_id, analysis_id)
    unknown = await answers(other, str(uuid4()), str(uuid4()), str(uuid4()))
    assert [answer.status_code for answer in foreign] == [404, 404, 404]
    assert [answer.json() for answer in foreign] == [answer.json() for answer in unknown]
    assert await request_database.counts() == before
    listed = await request_api.get("/api/v1/candidates", headers=other.headers)
    assert (listed.json()["candidates"], listed.json()["total_count"]) == ([], 0)

    assert [a.status_code for a in await answers(senior, candidate_id, resume_id, analysis_id)] == [
        201,
        202,
        200,
    ]


async def test_assignment_gives_access_until_it_ends(
    request_api: httpx2.AsyncClient, request_database: Database, user: User, other: User
) -> None:
    candidate_id = await new_candidate(request_api, user)
    uploaded = await upload(request_api, user, candidate_id, files.strong_resume_txt())
    resume_id = uploaded.json()["id"]
    await request_database.fetch(
        "INSERT INTO user_candidate_assignments (user_id, candidate_id) VALUES ($1, $2)",
        other.id,
        candidate_id,
    )
    assert (await analyze(request_api, other, resume_id)).status_code == 202
    await request_database.fetch(
        "UPDATE user_candidate_assignments SET is_active = false WHERE user_id = $1", other.id
    )
    assert (await analyze(request_api, other, resume_id)).status_code == 404


async def test_resume_without_text_cannot_be_analysed(
    request_api: httpx2.AsyncClient, request_database: Database, user: User
) -> None:
    resume_id = await new_resume(request_api, user)
    await request_database.fetch("UPDATE resumes SET extracted_text = NULL WHERE id = $1", resume_id)
    answer = await analyze(request_api, user, resume_id)
    assert (answer.status_code, answer.json()["code"]) == (422, "no_text")


@pytest.mark.parametrize("text", [b"x y z", b"Experience\nx y z", b"Experience\nx y z\nEducation\nBSc"])
async def test_resume_may_have_any_number_of_sections(
    request_api: httpx2.AsyncClient, user: User, text: bytes
) -> None:
    answer = await upload(request_api, user, await new_candidate(request_api, user), text, "cv.txt")
    assert answer.status_code == 201, answer.text


async def test_legacy_resume_is_analysed_without_signals(
    request_api: httpx2.AsyncClient, request_database: Database, kafka_bootstrap: str, user: User
) -> None:
    resume_id = await new_resume(request_api, user)
    await request_database.fetch("DELETE FROM document_signals WHERE resume_id = $1", resume_id)
    analysis_id = (await analyze(request_api, user, resume_id)).json()["analysis_id"]
    (event,) = await read_events(kafka_bootstrap, ANALYSIS_REQUESTS, analysis_id, count=1)
    assert isinstance(event, AnalysisRequested)
    assert event.signals is None


async def test_email_of_another_candidate_is_a_conflict(request_api: httpx2.AsyncClient, user: User) -> None:
    email = f"{uuid4()}@example.com"
    await new_candidate(request_api, user, email=email)
    answer = await request_api.post(
        "/api/v1/candidates",
        json={"first_name": "A", "last_name": "B", "email": email},
        headers=user.headers,
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")


async def test_email_is_unique_in_any_letter_case_for_concurrent_requests(
    request_api: httpx2.AsyncClient, request_database: Database, user: User, other: User
) -> None:
    email = f"Ann.{uuid4()}@Example.com"
    sent = [email, email.lower(), email.upper(), email.swapcase()]
    answers = await asyncio.gather(
        *(
            request_api.post(
                "/api/v1/candidates",
                json={"first_name": "A", "last_name": "B", "email": each},
                headers=caller.headers,
            )
            for each, caller in zip(sent, (user, other, user, other), strict=True)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    # The responses reveal nothing about the other candidate, and the address is stored as it was sent.
    assert len({answer.json()["detail"] for answer in answers if answer.status_code == 409}) == 1
    (added,) = (answer.json()["candidate"]["email"] for answer in answers if answer.is_success)
    rows = await request_database.fetch("SELECT email FROM candidates WHERE lower(email) = lower($1)", email)
    assert [row["email"] for row in rows] == [added]
    assert added in sent


async def test_candidates_without_an_address_do_not_conflict(
    request_api: httpx2.AsyncClient, user: User
) -> None:
    for email in (None, "", None):
        await new_candidate(request_api, user, email=email)


async def test_candidates_come_in_pages(request_api: httpx2.AsyncClient, user: User) -> None:
    created = [await new_candidate(request_api, user) for _ in range(5)]
    first = await request_api.get("/api/v1/candidates?limit=2&offset=1", headers=user.headers)
    body = first.json()
    assert (body["total_count"], body["limit"], body["offset"]) == (5, 2, 1)
    assert [candidate["id"] for candidate in body["candidates"]] == created[::-1][1:3]
    for query in ("limit=0", "limit=101", "offset=-1", "limit=x"):
        answer = await request_api.get(f"/api/v1/candidates?{query}", headers=user.headers)
        assert answer.status_code == 422


async def test_routes_require_a_token(request_api: httpx2.AsyncClient) -> None:
    paths = [
        ("POST", "/api/v1/candidates"),
        ("GET", "/api/v1/candidates"),
        ("POST", f"/api/v1/resume_upload/candidates/{uuid4()}/resumes"),
        ("POST", f"/api/v1/analysis/resumes/{uuid4()}/analyze"),
        ("GET", f"/api/v1/analysis/requests/{uuid4()}"),
    ]
    for method, path in paths:
        answer = await request_api.request(method, path)
        assert answer.status_code == 401, path
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["detail"] == "The bearer token is missing, expired or not valid."


async def test_too_long_legacy_resume_is_rejected(
    request_api: httpx2.AsyncClient, request_database: Database, user: User
) -> None:
    resume_id = await new_resume(request_api, user)
    await request_database.fetch(
        "UPDATE resumes SET extracted_text = repeat('word ', 20001) WHERE id = $1", resume_id
    )
    answer = await analyze(request_api, user, resume_id)
    assert (answer.status_code, answer.json()["code"]) == (422, "too_much_text")


async def test_lists_respond_with_and_without_a_trailing_slash(
    request_api: httpx2.AsyncClient, user: User
) -> None:
    for path in ("/api/v1/candidates", "/api/v1/candidates/"):
        assert (await request_api.get(path, headers=user.headers)).status_code == 200
    nowhere = await request_api.get("/api/v1/analysis/requests/", headers=user.headers)
    assert nowhere.status_code == 404
