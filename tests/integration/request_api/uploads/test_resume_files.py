"""Resumes that are uploaded: what is stored, and every file that is rejected."""

import asyncio

import httpx2
import pytest

from tests.integration.conftest import User
from tests.integration.request_api.calls import new_candidate, upload
from tests.support import files
from tests.support.documents import rejected_files
from tests.support.servers.databases import Database


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


@pytest.mark.parametrize("text", [b"x y z", b"Experience\nx y z", b"Experience\nx y z\nEducation\nBSc"])
async def test_resume_may_have_any_number_of_sections(
    request_api: httpx2.AsyncClient, user: User, text: bytes
) -> None:
    answer = await upload(request_api, user, await new_candidate(request_api, user), text, "cv.txt")
    assert answer.status_code == 201, answer.text
