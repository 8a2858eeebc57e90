"""The frontend's part, played through the gateway."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx2

from tests.support.http.in_process import bearer
from tests.support.polling import eventually

ENDED = {"completed", "failed", "cancelled"}


class Consultant:
    """Somebody with a token; every call goes through the gateway."""

    def __init__(self, *, url: str, token: str) -> None:
        self.http = httpx2.AsyncClient(base_url=url, headers=bearer(token), timeout=15, trust_env=False)

    async def new_candidate(self, **fields: object) -> str:
        body = {"first_name": "Mina", "last_name": "Example", **fields}
        answer = await self.http.post("/api/v1/candidates", json=body)
        assert answer.status_code == 201, answer.text
        candidate_id: str = answer.json()["candidate"]["id"]
        return candidate_id

    async def upload(self, candidate_id: str, name: str, data: bytes) -> httpx2.Response:
        return await self.http.post(
            f"/api/v1/resume_upload/candidates/{candidate_id}/resumes", files={"file": (name, data)}
        )

    async def new_resume(self, name: str, data: bytes) -> str:
        answer = await self.upload(await self.new_candidate(), name, data)
        assert answer.status_code == 201, answer.text
        resume_id: str = answer.json()["id"]
        return resume_id

    async def analyze(self, resume_id: str, **body: object) -> httpx2.Response:
        return await self.http.post(
            f"/api/v1/analysis/resumes/{resume_id}/analyze", json={"industry": "strategy_tech", **body}
        )

    async def analyze_for_sure(self, resume_id: str) -> str:
        """As a client that repeats with its key until it has an answer: one analysis comes of it."""
        headers = {"Idempotency-Key": str(uuid4())}

        async def once() -> str | None:
            try:
                answer = await self.http.post(
                    f"/api/v1/analysis/resumes/{resume_id}/analyze",
                    json={"industry": "strategy_tech"},
                    headers=headers,
                )
            except httpx2.HTTPError:
                return None
            # 404 would be a lie about a resume that exists, whatever is down.
            assert answer.status_code in (202, 429, 500, 502, 503, 504), answer.text
            analysis_id: str | None = answer.json()["analysis_id"] if answer.status_code == 202 else None
            return analysis_id

        analysis_id = await eventually(once, deadline_seconds=60, every_seconds=0.3)
        assert analysis_id is not None
        return analysis_id

    async def status(self, analysis_id: str) -> httpx2.Response:
        return await self.http.get(f"/api/v1/analysis/analysis/{analysis_id}/status")

    async def ended(self, analysis_id: str, *, deadline_seconds: float = 30) -> dict[str, Any]:
        """Poll until the analysis has ended; its status must never be unknown on the way."""

        async def ask() -> dict[str, Any]:
            try:
                answer = await self.status(analysis_id)
            except httpx2.HTTPError:
                return {"status": "unreachable"}
            assert answer.status_code != 404, f"{analysis_id} was accepted, and is denied"
            body: dict[str, Any] = answer.json()
            return body

        return await eventually(
            ask,
            until=lambda body: body.get("status") in ENDED,
            deadline_seconds=deadline_seconds,
            every_seconds=0.2,
        )

    async def all_ended(self, ids: list[str], *, deadline_seconds: float) -> list[dict[str, Any]]:
        return await asyncio.gather(
            *(self.ended(analysis_id, deadline_seconds=deadline_seconds) for analysis_id in ids)
        )

    async def close(self) -> None:
        await self.http.aclose()


def user_id(number: int) -> UUID:
    """A user for a test, by a number."""
    return UUID(int=number + (4 << 76) + (8 << 60))
