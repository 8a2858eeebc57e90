"""Jobs over HTTP: their versions, their edits and every error."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from contracts.matching import MAX_JOB_CHARACTERS, MAX_REQUIREMENTS, MAX_TERM_CHARACTERS, MAX_TERMS
from request_api.domain.job import MAX_TITLE_CHARACTERS, MAX_VERSIONS
from request_api.http.jobs import MAX_JOB_BYTES

from tests.integration.conftest import User
from tests.integration.request_api.conftest import MakeApp
from tests.support import files
from tests.support.documents import rejected_files
from tests.support.http.in_process import run_app
from tests.support.servers.databases import Database

JOBS = "/api/v1/jobs"
TEXT = """Requirements
- 5+ years of experience with Python
- Business level Japanese
- Age under 35
Nice to have
- Kafka
"""

Body = dict[str, Any]


async def create(
    api: httpx2.AsyncClient, user: User, *, key: str | None = None, **fields: Any
) -> httpx2.Response:
    headers = {**user.headers, **({"Idempotency-Key": key} if key else {})}
    return await api.post(JOBS, json={"title": "Engineer", "text": TEXT, **fields}, headers=headers)


async def new_job(api: httpx2.AsyncClient, user: User, **fields: Any) -> Body:
    answer = await create(api, user, **fields)
    assert answer.status_code == 201, answer.text
    body: Body = answer.json()
    return body


async def edit(api: httpx2.AsyncClient, user: User, job: Body, requirements: list[Body]) -> httpx2.Response:
    body = {"version": job["version"], "requirements": requirements}
    return await api.put(f"{JOBS}/{job['id']}/requirements", json=body, headers=user.headers)


async def rewrite(api: httpx2.AsyncClient, user: User, job: Body, **fields: object) -> httpx2.Response:
    body = {"title": job["title"], "text": job["text"], "version": job["version"], **fields}
    return await api.put(f"{JOBS}/{job['id']}", json=body, headers=user.headers)


def skill(*terms: str, **fields: object) -> Body:
    return {"kind": "skill", "importance": "must", "terms": list(terms), **fields}


def error_of(answer: httpx2.Response) -> tuple[int, str | None]:
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].endswith(".")
    return answer.status_code, answer.json().get("code")


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


async def test_edits_of_a_consultant_survive_a_new_text(request_api: httpx2.AsyncClient, user: User) -> None:
    job = await new_job(request_api, user, text="Requirements\n- Python\n- Kafka\n- Terraform\n")
    by_term = {each["terms"][0].lower(): each for each in job["requirements"]}
    wanted = [{**by_term["python"], "weight": 4.5, "importance": "nice_to_have"}, by_term["kafka"]]
    edited = (await edit(request_api, user, job, [*wanted, skill("Rust", "Zig")])).json()
    assert [each["origin"] for each in edited["requirements"]] == ["edited", "text", "added"]
    assert (edited["requirements"][0]["weight"], edited["requirements"][2]["quote"]) == (4.5, "")
    assert [each["id"] for each in edited["removed"]] == [by_term["terraform"]["id"]]

    text = "Requirements\n- Terraform\n- Docker\n"
    again = (await rewrite(request_api, user, edited, text=text)).json()
    assert [(each["terms"][0].lower(), each["origin"]) for each in again["requirements"]] == [
        ("docker", "text"),
        ("python", "edited"),
        ("rust", "added"),
    ]
    # The whole list can be sent back as it was read, and removed requirements can be restored.
    same = await edit(request_api, user, again, [*again["requirements"], *again["removed"]])
    assert same.status_code == 200, same.text
    assert same.json()["requirements"] == [*again["requirements"], *again["removed"]]


async def test_concurrent_edits_of_one_version_store_one(
    request_api: httpx2.AsyncClient, request_database: Database, user: User, senior: User
) -> None:
    job = await new_job(request_api, user)
    answers = await asyncio.gather(
        *(edit(request_api, user, job, [skill(f"term {number}")]) for number in range(4)),
        *(edit(request_api, senior, job, []) for _ in range(2)),
        *(rewrite(request_api, user, job, title=f"Title {number}") for number in range(3)),
    )
    (stored,) = [answer.json() for answer in answers if answer.status_code == 200]
    refused = [error_of(answer) for answer in answers if answer.status_code != 200]
    assert refused == [(409, "job_changed")] * 8
    read = await request_api.get(f"{JOBS}/{job['id']}", headers=user.headers)
    assert (read.json(), stored["version"]) == (stored, 2)
    (row,) = await request_database.fetch(
        "SELECT count(*) AS versions FROM job_versions WHERE job_id = $1", job["id"]
    )
    assert row["versions"] == 2


@pytest.mark.parametrize(
    ("term", "ground"),
    [
        ("under 35 years old", "age"),
        ("25歳から35歳", "age"),
        ("Female", "gender"),
        ("Japanese nationality", "nationality"),
        ("non-smoker", "health"),
        ("unmarried", "family"),
    ],
)
async def test_requirement_about_the_person_is_refused_with_its_ground(
    request_api: httpx2.AsyncClient, request_database: Database, user: User, term: str, ground: str
) -> None:
    job = await new_job(request_api, user)
    before = await request_database.counts()
    for wanted in ([skill("Python", term)], [{**job["requirements"][0], "terms": [term]}]):
        answer = await edit(request_api, user, job, wanted)
        assert error_of(answer) == (422, f"requirement_about_{ground}")
        assert ground in answer.json()["detail"]
    assert await request_database.counts() == before


INVALID_REQUIREMENTS: list[tuple[list[Body], str | None]] = [
    ([skill("Python")] * (MAX_REQUIREMENTS + 1), None),
    ([skill(*(f"term {number}" for number in range(MAX_TERMS + 1)))], None),
    ([skill("a" * (MAX_TERM_CHARACTERS + 1))], None),
    ([skill(" ")], None),
    ([skill("Python", weight=10.1)], None),
    ([skill("Python", weight=-0.1)], None),
    ([skill("Python", weight="5")], None),
    ([skill("Python", minimum={"years": 51})], None),
    ([skill("Python", minimum={"years": 0})], None),
    ([skill("Python", kind="hobby")], None),
    ([skill("Python", id="unknown")], "requirement_unknown"),
    ([skill()], "requirement_empty"),
]


@pytest.mark.parametrize(("requirements", "code"), INVALID_REQUIREMENTS)
async def test_invalid_requirements_are_refused(
    request_api: httpx2.AsyncClient, user: User, requirements: list[Body], code: str | None
) -> None:
    job = await new_job(request_api, user)
    assert error_of(await edit(request_api, user, job, requirements)) == (422, code)


async def test_requirements_at_their_limits_are_accepted(request_api: httpx2.AsyncClient, user: User) -> None:
    job = await new_job(request_api, user)
    terms = [f"{number} " + "a" * (MAX_TERM_CHARACTERS - 3) for number in range(10, 10 + MAX_TERMS)]
    wanted = [skill(*terms, weight=10), *(skill(f"term {number}") for number in range(MAX_REQUIREMENTS - 1))]
    answer = await edit(request_api, user, job, wanted)
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["requirements"]) == MAX_REQUIREMENTS


async def test_requirement_sent_twice_is_refused(request_api: httpx2.AsyncClient, user: User) -> None:
    job = await new_job(request_api, user)
    answer = await edit(request_api, user, job, [job["requirements"][0]] * 2)
    assert error_of(answer) == (422, "requirement_repeated")


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
