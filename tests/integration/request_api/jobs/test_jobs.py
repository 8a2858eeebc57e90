"""Jobs over HTTP: their versions, their lists and their states."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from request_api.domain.job import MAX_VERSIONS

from tests.integration.conftest import User
from tests.integration.request_api.conftest import MakeApp
from tests.integration.request_api.jobs.calls import (
    JOBS,
    TEXT,
    create,
    edit,
    error_of,
    new_job,
    rewrite,
    skill,
)
from tests.support import files
from tests.support.http.in_process import run_app
from tests.support.servers.databases import Database


async def test_new_job_has_the_requirements_of_its_text(request_api: httpx2.AsyncClient, user: User) -> None:
    answer = await create(request_api, user)
    job = answer.json()
    assert answer.headers["location"] == f"{JOBS}/{job['id']}"
    assert (job["status"], job["version"], job["latest_version"], job["dropped"]) == ("open", 1, 1, 0)
    assert (job["created_by"], job["written_by"]) == (str(user.id), str(user.id))
    kinds = {(each["kind"], each["importance"]) for each in job["requirements"]}
    assert {("language", "must"), ("skill", "nice_to_have")} <= kinds
    for each in job["requirements"]:
        assert each["origin"] == "text"
        assert each["quote"] in TEXT
    assert [each["ground"] for each in job["left_out"]] == ["age"]
    assert not any("35" in each["quote"] for each in job["requirements"])
    read = await request_api.get(answer.headers["location"], headers=user.headers)
    assert read.json() == job


@pytest.mark.parametrize(
    ("data", "name"), [(files.strong_resume_pdf, "job.pdf"), (files.strong_resume_docx, "job.docx")]
)
async def test_job_can_be_a_file(
    request_api: httpx2.AsyncClient, user: User, data: object, name: str
) -> None:
    form = {"title": "Engineer", "language": ""}
    file = {"file": (name, data())}  # type: ignore[operator]
    for path in (JOBS, f"{JOBS}/"):
        answer = await request_api.post(path, data=form, files=file, headers=user.headers)
        assert answer.status_code == 201, answer.text
        assert answer.json()["text"].startswith(files.strong_resume_txt().decode()[:12])


async def test_characters_of_a_text_are_kept_or_removed(request_api: httpx2.AsyncClient, user: User) -> None:
    job = await new_job(request_api, user, title=" <b>R&D</b> ", text="a\r\n\tb\x00\x9b \u202e<script>&")
    assert (job["title"], job["text"]) == ("<b>R&D</b>", "a\n\tb <script>&")


async def test_versions_stay_as_they_were(
    request_api: httpx2.AsyncClient, request_database: Database, user: User
) -> None:
    first = await new_job(request_api, user)
    second = (await rewrite(request_api, user, first, title="Lead", text="Requirements\n- Go\n")).json()
    assert (second["version"], second["latest_version"], second["title"]) == (2, 2, "Lead")
    url = f"{JOBS}/{first['id']}"
    old = await request_api.get(url, params={"version": 1}, headers=user.headers)
    assert old.json() == {**first, "latest_version": 2}
    unknown = await request_api.get(url, params={"version": 3}, headers=user.headers)
    assert error_of(unknown) == (404, "job_version_not_found")
    rows = await request_database.fetch("SELECT version FROM job_versions WHERE job_id = $1", first["id"])
    assert len(rows) == 2


async def test_identical_put_stores_no_version(
    request_api: httpx2.AsyncClient, request_database: Database, user: User
) -> None:
    job = await new_job(request_api, user)
    before = await request_database.counts()
    for _ in range(2):
        for same in (
            await edit(request_api, user, job, job["requirements"]),
            await rewrite(request_api, user, job),
        ):
            assert same.json() == job
    assert await request_database.counts() == before


async def test_versions_of_a_job_are_limited(
    request_api: httpx2.AsyncClient, request_database: Database, user: User
) -> None:
    job = await new_job(request_api, user)
    for statement in (
        "UPDATE job_versions SET version = $2 WHERE job_id = $1",
        "UPDATE jobs SET version = $2 WHERE id = $1",
    ):
        await request_database.fetch(statement, job["id"], MAX_VERSIONS)
    job["version"] = MAX_VERSIONS
    assert error_of(await edit(request_api, user, job, [])) == (409, "too_many_versions")
    assert error_of(await rewrite(request_api, user, job, title="b")) == (409, "too_many_versions")


async def test_repeated_request_creates_one_job(
    request_api: httpx2.AsyncClient, request_database: Database, user: User, other: User
) -> None:
    answers = await asyncio.gather(*(create(request_api, user, key="once") for _ in range(3)))
    assert [answer.status_code for answer in answers] == [201] * 3
    (job_id,) = {answer.json()["id"] for answer in answers}
    assert error_of(await create(request_api, user, key="once", title="Other")) == (
        409,
        "idempotency_key_reused",
    )
    assert (await create(request_api, other, key="once")).json()["id"] != job_id
    form: dict[str, Any] = {"data": {"title": "Engineer"}, "files": {"file": ("job.txt", TEXT.encode())}}
    headers = {**user.headers, "Idempotency-Key": "file"}
    sent = [(await request_api.post(JOBS, headers=headers, **form)).json()["id"] for _ in range(2)]
    assert sent[0] == sent[1] != job_id
    listed = await request_api.get(JOBS, headers=user.headers)
    assert listed.json()["total_count"] == 2

    # A deleted job leaves no digest of its text, and its key can be used again.
    assert (await request_api.delete(f"{JOBS}/{job_id}", headers=user.headers)).status_code == 204
    keys = "SELECT key FROM idempotency_keys WHERE user_id = $1 AND answer ->> 'job_id' = $2"
    assert await request_database.fetch(keys, user.id, job_id) == []
    assert (await create(request_api, user, key="once")).json()["id"] != job_id


async def test_key_of_an_analysis_cannot_create_a_job(
    request_api: httpx2.AsyncClient, request_database: Database, user: User
) -> None:
    await request_database.fetch(
        "INSERT INTO idempotency_keys (user_id, key, fingerprint, answer) VALUES ($1, 'used', '', '{}')",
        user.id,
    )
    assert error_of(await create(request_api, user, key="used")) == (409, "idempotency_key_reused")


async def test_jobs_are_listed_newest_first_by_page_and_status(
    request_api: httpx2.AsyncClient, user: User, senior: User
) -> None:
    jobs = [await new_job(request_api, user, title=f"Job {number}") for number in range(3)]
    await request_api.post(f"{JOBS}/{jobs[1]['id']}/close", headers=user.headers)
    await rewrite(request_api, senior, jobs[0], title="Renamed")

    async def titles(**params: Any) -> tuple[list[str], int]:
        answer = await request_api.get(JOBS, params=params, headers=user.headers)
        body = answer.json()
        return [each["title"] for each in body["jobs"]], body["total_count"]

    assert await titles() == (["Job 2", "Job 1", "Renamed"], 3)
    assert await titles(page=2, page_size=2) == (["Renamed"], 3)
    assert await titles(status="open") == (["Job 2", "Renamed"], 2)
    assert await titles(status="closed") == (["Job 1"], 1)
    assert await titles(status="") == await titles()
    listed = (await request_api.get(JOBS, headers=user.headers)).json()["jobs"]
    assert {"text", "left_out"} & set(listed[0]) == set()
    assert (listed[2]["version"], listed[0]["requirements"]) == (2, len(jobs[2]["requirements"]))
    invalid = await request_api.get(JOBS, params={"status": "gone"}, headers=user.headers)
    assert error_of(invalid) == (422, None)


async def test_job_is_closed_and_opened_again(request_api: httpx2.AsyncClient, user: User) -> None:
    url = f"{JOBS}/{(await new_job(request_api, user))['id']}"
    closed = [(await request_api.post(f"{url}/close", headers=user.headers)).json() for _ in range(2)]
    assert closed[0] == closed[1]
    assert closed[0]["status"] == "closed"
    assert closed[0]["closed_at"] >= closed[0]["created_at"]
    opened = (await request_api.post(f"{url}/reopen", headers=user.headers)).json()
    assert (opened["status"], opened["closed_at"], opened["version"]) == ("open", None, 1)


async def test_open_jobs_of_a_user_are_limited(make_app: MakeApp, user: User, other: User) -> None:
    async with run_app(make_app(max_open_jobs=2)) as api:
        answers = [await create(api, user), *await asyncio.gather(*(create(api, user) for _ in range(3)))]
        stored = [answer.json() for answer in answers if answer.status_code == 201]
        refused = [error_of(answer) for answer in answers if answer.status_code != 201]
        assert (len(stored), refused) == (2, [(409, "too_many_open_jobs")] * 2)
        assert (await create(api, other)).status_code == 201
        closed = f"{JOBS}/{stored[0]['id']}"
        await api.post(f"{closed}/close", headers=user.headers)
        assert (await create(api, user)).status_code == 201
        reopened = await api.post(f"{closed}/reopen", headers=user.headers)
        assert error_of(reopened) == (409, "too_many_open_jobs")


async def test_only_the_creator_and_seniors_see_a_job(
    request_api: httpx2.AsyncClient, user: User, other: User, senior: User
) -> None:
    job = await new_job(request_api, user)
    for who, is_visible in ((user, True), (senior, True), (other, False)):
        read = await request_api.get(f"{JOBS}/{job['id']}", headers=who.headers)
        assert read.status_code == (200 if is_visible else 404)
        listed = await request_api.get(JOBS, params={"page_size": 50}, headers=who.headers)
        assert (job["id"] in [each["id"] for each in listed.json()["jobs"]]) == is_visible
    assert (await edit(request_api, senior, job, [])).json()["written_by"] == str(senior.id)


async def test_deleted_job_is_gone_with_its_versions(
    request_api: httpx2.AsyncClient, request_database: Database, user: User
) -> None:
    job = await new_job(request_api, user)
    await rewrite(request_api, user, job, title="Lead")
    url = f"{JOBS}/{job['id']}"
    assert (await request_api.delete(url, headers=user.headers)).status_code == 204
    for method in ("GET", "DELETE"):
        assert error_of(await request_api.request(method, url, headers=user.headers)) == (
            404,
            "job_not_found",
        )
    for table, column in (("jobs", "id"), ("job_versions", "job_id")):
        query = f"SELECT FROM {table} WHERE {column} = $1"
        assert await request_database.fetch(query, job["id"]) == []


async def test_job_text_is_not_logged(
    request_api: httpx2.AsyncClient, user: User, capfd: pytest.CaptureFixture[str]
) -> None:
    canary = f"canary{uuid4().hex}"
    job = await new_job(request_api, user, title=canary, text=f"Requirements\n- {canary}\n")
    await edit(request_api, user, job, [skill(canary)])
    await edit(request_api, user, job, [skill(f"unmarried {canary}")])
    await create(request_api, user, title=canary * 20)
    assert canary not in "".join(capfd.readouterr())
