"""The calls with which the tests of jobs begin."""

from typing import Any

import httpx2

from tests.integration.conftest import User

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
