"""Exports of a stored resume: JSON Resume, and blind CVs as DOCX and PDF."""

import asyncio
import io
import json
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import docx
import httpx2
import pytest
from contracts.vocabulary import MAX_TEXT_CHARACTERS
from documents.limits import Limits
from documents.parser import parse_file
from exports.limits import Limits as ExportLimits
from jsonschema import Draft7Validator
from printing.limits import Limits as PrintLimits
from request_api.http import services

from tests.integration.conftest import User
from tests.integration.request_api.calls import new_candidate, new_resume, upload
from tests.integration.request_api.conftest import MakeApp
from tests.support.http.in_process import run_app
from tests.support.servers.databases import Database

SCHEMA = json.loads((Path(__file__).parents[2] / "support" / "schemas" / "json_resume.json").read_text())
TEXT = b"""Zephyrine Quillfeather
zephyrine@mail.example | +44 20 7946 0958

Experience
Engineer, Acme, Jan 2019 - Present
- Built 3 models that Ms. Quillfeather presented to 4 clients
"""
PATH = "/api/v1/resume_upload"


async def resume_of(api: httpx2.AsyncClient, user: User, text: bytes = TEXT) -> str:
    candidate_id = await new_candidate(api, user, first_name="Zephyrine", last_name="Quillfeather")
    answer = await upload(api, user, candidate_id, text, "quillfeather.txt")
    assert answer.status_code == 201, answer.text
    resume_id: str = answer.json()["id"]
    return resume_id


async def test_json_resume_is_valid(request_api: httpx2.AsyncClient, user: User) -> None:
    answer = await request_api.get(
        f"{PATH}/{await resume_of(request_api, user)}/json-resume", headers=user.headers
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "private, no-store"
    found = answer.json()
    Draft7Validator(SCHEMA, format_checker=Draft7Validator.FORMAT_CHECKER).validate(found)
    assert found["basics"]["name"] == "Zephyrine Quillfeather"
    assert found["work"][0]["name"] == "Acme"


@pytest.mark.parametrize(
    ("asked", "accept", "form"),
    [
        ("", "*/*", "docx"),
        ("?format=", "*/*", "docx"),
        ("?format=docx", "application/pdf", "docx"),
        ("?format=pdf", "*/*", "pdf"),
        ("", "application/pdf", "pdf"),
    ],
    ids=["default", "empty", "docx", "pdf", "accept"],
)
async def test_blind_cv_holds_no_name(
    request_api: httpx2.AsyncClient, user: User, asked: str, accept: str, form: str
) -> None:
    resume_id = await resume_of(request_api, user)
    answer = await request_api.get(
        f"{PATH}/{resume_id}/blind{asked}", headers={**user.headers, "Accept": accept}
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == f'attachment; filename="resume-{resume_id[:8]}.{form}"'
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["blind-name-found"] == "true"
    text = parse_file(answer.content, Limits())["text"]
    assert "Built 3 models that the candidate presented to 4 clients" in " ".join(text.split())
    assert "quillfeather" not in f"{answer.headers}{text}".lower()


async def test_unknown_format_and_id_are_refused(request_api: httpx2.AsyncClient, user: User) -> None:
    resume_id = await new_resume(request_api, user)
    unknown = await request_api.get(f"{PATH}/{resume_id}/blind?format=odt", headers=user.headers)
    assert unknown.status_code == 422
    for export in ("blind", "json-resume"):
        nothing = await request_api.get(f"{PATH}/{uuid4()}/{export}", headers=user.headers)
        assert (nothing.status_code, nothing.json()["code"]) == (404, "resume_not_found")
        invalid = await request_api.get(f"{PATH}/no-id/{export}", headers=user.headers)
        assert invalid.status_code == 422


async def test_erased_resume_is_not_found(request_api: httpx2.AsyncClient, user: User) -> None:
    resume_id = await new_resume(request_api, user)
    assert (await request_api.delete(f"{PATH}/{resume_id}", headers=user.headers)).status_code == 204
    for export in ("blind", "json-resume"):
        answer = await request_api.get(f"{PATH}/{resume_id}/{export}", headers=user.headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "resume_not_found")


@pytest.mark.parametrize(
    "text", [None, "", "1 2 3", "x" * (MAX_TEXT_CHARACTERS + 1)], ids=["n", "e", "d", "l"]
)
async def test_text_of_the_legacy_backend_without_words_is_refused(
    request_api: httpx2.AsyncClient, request_database: Database, user: User, text: str | None
) -> None:
    resume_id = await new_resume(request_api, user)
    await request_database.fetch("UPDATE resumes SET extracted_text = $2 WHERE id = $1", resume_id, text)
    expected = "too_much_text" if text and len(text) > MAX_TEXT_CHARACTERS else "no_text"
    for export in ("blind", "json-resume"):
        answer = await request_api.get(f"{PATH}/{resume_id}/{export}", headers=user.headers)
        assert (answer.status_code, answer.json()["code"]) == (422, expected)
        assert answer.json()["detail"].endswith(".")


async def test_longest_text_is_exported(request_api: httpx2.AsyncClient, user: User) -> None:
    bullet = b"- Built 3 models for 4 clients and presented them to the board in time\n"
    text = TEXT + bullet * ((MAX_TEXT_CHARACTERS - len(TEXT)) // len(bullet) - 1)
    resume_id = await resume_of(request_api, user, text)
    answer = await request_api.get(f"{PATH}/{resume_id}/blind", headers=user.headers)
    assert answer.status_code == 200, answer.text
    paragraphs = docx.Document(io.BytesIO(answer.content)).paragraphs
    assert sum(each.text.startswith("Built 3 models for") for each in paragraphs) == text.count(bullet)


@pytest.mark.parametrize("query", ["blind", "blind?format=pdf", "json-resume"])
async def test_export_over_its_limits_is_refused(
    make_app: MakeApp, user: User, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, limits = (
        ("PRINT_LIMITS", PrintLimits(pdf_bytes=100))
        if "pdf" in query
        else ("EXPORT_LIMITS", ExportLimits(output_bytes=100))
    )
    monkeypatch.setattr(services, name, limits)
    async with run_app(make_app()) as api:
        path = f"{PATH}/{await resume_of(api, user)}/{query}"
        too_large = await api.get(path, headers=user.headers)
    monkeypatch.setattr(services, name, replace(limits, seconds=0.01))
    async with run_app(make_app()) as api:
        busy = await api.get(path, headers=user.headers)
    assert too_large.status_code == 422
    assert too_large.json()["code"] in ("too_large_to_print", "export_too_complex")
    assert "retry-after" not in too_large.headers
    assert busy.status_code == 503
    assert busy.json()["code"] in ("renderer_busy", "exports_busy")
    assert busy.headers["retry-after"] == "5"


async def test_exports_beyond_the_limit_are_refused(make_app: MakeApp, user: User) -> None:
    app = make_app(exports=1)
    async with run_app(app) as api:
        resume_id = await new_resume(api, user)
        answers = await asyncio.gather(
            *(api.get(f"{PATH}/{resume_id}/json-resume", headers=user.headers) for _ in range(12))
        )
    refused = [answer for answer in answers if answer.status_code != 200]
    assert 0 < len(refused) < len(answers)
    for answer in refused:
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many_exports")
        assert int(answer.headers["retry-after"]) > 0
