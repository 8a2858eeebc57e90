"""Access to candidates, resumes and analyses."""

from uuid import uuid4

import httpx2

from tests.integration.conftest import User
from tests.integration.request_api.calls import analyze, new_candidate, upload
from tests.support import files
from tests.support.servers.databases import Database


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
