"""Candidates over HTTP: their addresses and their lists."""

import asyncio
from uuid import uuid4

import httpx2

from tests.integration.conftest import User
from tests.integration.request_api.calls import new_candidate
from tests.support.servers.databases import Database


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


async def test_lists_respond_with_and_without_a_trailing_slash(
    request_api: httpx2.AsyncClient, user: User
) -> None:
    for path in ("/api/v1/candidates", "/api/v1/candidates/"):
        assert (await request_api.get(path, headers=user.headers)).status_code == 200
    nowhere = await request_api.get("/api/v1/analysis/requests/", headers=user.headers)
    assert nowhere.status_code == 404
