"""Edits of a job's requirements, and those that are refused."""

import asyncio

import httpx2
import pytest
from contracts.matching import MAX_REQUIREMENTS, MAX_TERM_CHARACTERS, MAX_TERMS

from tests.integration.conftest import User
from tests.integration.request_api.jobs.calls import (
    JOBS,
    Body,
    edit,
    error_of,
    new_job,
    rewrite,
    skill,
)
from tests.support.servers.databases import Database


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
