"""Limits of a new job, as a text and as a file."""

import asyncio
from typing import Any

import httpx2
import pytest
from contracts.matching import MAX_JOB_CHARACTERS
from request_api.domain.job import MAX_TITLE_CHARACTERS
from request_api.http.jobs import MAX_JOB_BYTES

from tests.integration.conftest import User
from tests.integration.request_api.conftest import MakeApp
from tests.integration.request_api.jobs.calls import (
    JOBS,
    Body,
    create,
    error_of,
)
from tests.support.documents import rejected_files
from tests.support.http.in_process import run_app
from tests.support.servers.databases import Database


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "a" * (MAX_TITLE_CHARACTERS + 1)},
        {"title": " "},
        {"title": "a\nb"},
        {"text": "a" * (MAX_JOB_CHARACTERS + 1)},
        {"text": " \u202e\r\n "},
        {"text": 1},
        {"language": "de"},
    ],
)
async def test_invalid_job_is_refused(
    request_api: httpx2.AsyncClient, request_database: Database, user: User, fields: Body
) -> None:
    before = await request_database.counts()
    assert error_of(await create(request_api, user, **fields)) == (422, None)
    assert await request_database.counts() == before


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
async def test_longest_text_is_accepted_in_every_encoding_of_json(
    request_api: httpx2.AsyncClient, user: User, encoding: str
) -> None:
    text = "経験" * (MAX_JOB_CHARACTERS // 2)
    sent = text if encoding == "utf-8" else "".join(f"\\u{ord(each):04x}" for each in text)
    content = f'{{"title": "{"t" * MAX_TITLE_CHARACTERS}", "text": "{sent}"}}'.encode(encoding)
    headers = {**user.headers, "content-type": "application/json"}
    answer = await request_api.post(JOBS, content=content, headers=headers)
    assert answer.status_code == 201, answer.text
    assert answer.json()["text"] == text


async def test_oversized_body_is_refused(request_api: httpx2.AsyncClient, user: User) -> None:
    answer = await create(request_api, user, ignored="a" * MAX_JOB_BYTES)
    assert error_of(answer) == (413, None)


BAD_FILES: list[tuple[Any, int, str]] = [
    (rejected_files.encrypted_pdf, 422, "encrypted_file"),
    (rejected_files.legacy_doc, 415, "legacy_word_file"),
    (rejected_files.png, 415, "unsupported_file_type"),
    (lambda: b"Python and SQL. " * (MAX_JOB_CHARACTERS // 16 + 1), 422, "job_text_too_long"),
]


@pytest.mark.parametrize(("data", "status", "code"), BAD_FILES, ids=[code for _, _, code in BAD_FILES])
async def test_rejected_file_is_not_stored(
    request_api: httpx2.AsyncClient,
    request_database: Database,
    user: User,
    data: Any,
    status: int,
    code: str,
) -> None:
    before = await request_database.counts()
    answer = await request_api.post(
        JOBS, data={"title": "Engineer"}, files={"file": ("job", data())}, headers=user.headers
    )
    assert error_of(answer) == (status, code)
    assert await request_database.counts() == before


async def test_oversized_file_and_form_without_a_title_are_refused(
    request_api: httpx2.AsyncClient, user: User
) -> None:
    too_large = {"file": ("job.txt", b"a" * (30 * 1024 * 1024 + 1))}
    answer = await request_api.post(JOBS, data={"title": "a"}, files=too_large, headers=user.headers)
    assert error_of(answer) == (413, "file_too_large")
    untitled = await request_api.post(JOBS, files={"file": ("job.txt", b"Python")}, headers=user.headers)
    assert error_of(untitled) == (422, None)


async def test_uploads_of_jobs_and_resumes_share_their_limit(make_app: MakeApp, user: User) -> None:
    app = make_app(uploads_per_user=1)
    form: dict[str, Any] = {"data": {"title": "a"}, "files": {"file": ("a", b"Go")}}
    async with run_app(app) as api, app.state.uploads.slots.hold_in_turn(user.id):
        waiting = [api.post(JOBS, headers=user.headers, **form) for _ in range(2)]
        answers = await asyncio.gather(*waiting)
    assert [error_of(answer) for answer in answers] == [(429, "too_many_uploads")] * 2
