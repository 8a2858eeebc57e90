"""The calls of request-api with which most tests begin."""

import httpx2

from tests.integration.conftest import User
from tests.support import files


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
