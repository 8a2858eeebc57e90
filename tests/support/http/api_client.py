"""An HTTP client of the two APIs, like the frontend."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx2

from tests.support.auth.tokens import bearer
from tests.support.polling import eventually

ENDED = {"completed", "failed", "cancelled"}


class ApiClient:
    """Call the APIs at one base URL, usually the gateway's, with one user's token."""

    def __init__(self, *, url: str, token: str) -> None:
        self.http = httpx2.AsyncClient(base_url=url, headers=bearer(token), timeout=15, trust_env=False)

    async def new_candidate(self, **fields: object) -> str:
        """Create a candidate and return its id."""
        body = {"first_name": "Mina", "last_name": "Example", **fields}
        answer = await self.http.post("/api/v1/candidates", json=body)
        assert answer.status_code == 201, answer.text
        candidate_id: str = answer.json()["candidate"]["id"]
        return candidate_id

    async def upload(self, candidate_id: str, name: str, data: bytes) -> httpx2.Response:
        """Upload a resume."""
        return await self.http.post(
            f"/api/v1/resume_upload/candidates/{candidate_id}/resumes", files={"file": (name, data)}
        )

    async def new_resume(self, name: str, data: bytes) -> str:
        """Upload a resume of a new candidate and return its id."""
        answer = await self.upload(await self.new_candidate(), name, data)
        assert answer.status_code == 201, answer.text
        resume_id: str = answer.json()["id"]
        return resume_id

    async def analyze(self, resume_id: str, **body: object) -> httpx2.Response:
        """Request an analysis once."""
        return await self.http.post(
            f"/api/v1/analysis/resumes/{resume_id}/analyze", json={"industry": "strategy_tech", **body}
        )

    async def analyze_for_sure(self, resume_id: str) -> str:
        """Repeat a request with one idempotency key until it is accepted; return the analysis id."""
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
            # The resume exists, so a failing dependency must never lead to 404.
            assert answer.status_code in (202, 429, 500, 502, 503, 504), answer.text
            analysis_id: str | None = answer.json()["analysis_id"] if answer.status_code == 202 else None
            return analysis_id

        analysis_id = await eventually(once, deadline_seconds=60, every_seconds=0.3)
        assert analysis_id is not None
        return analysis_id

    async def status(self, analysis_id: str) -> httpx2.Response:
        return await self.http.get(f"/api/v1/analysis/analysis/{analysis_id}/status")

    async def ended(self, analysis_id: str, *, deadline_seconds: float = 30) -> dict[str, Any]:
        """Poll until the analysis has ended and return its status; it must never be 404 on the way."""

        async def ask() -> dict[str, Any]:
            try:
                answer = await self.status(analysis_id)
            except httpx2.HTTPError:
                return {"status": "unreachable"}
            assert answer.status_code != 404, f"{analysis_id} was accepted, but its status is 404"
            body: dict[str, Any] = answer.json()
            return body

        return await eventually(
            ask,
            until=lambda body: body.get("status") in ENDED,
            deadline_seconds=deadline_seconds,
            every_seconds=0.2,
        )

    async def all_ended(self, ids: list[str], *, deadline_seconds: float) -> list[dict[str, Any]]:
        """Poll until all these analyses have ended and return their statuses."""
        return await asyncio.gather(
            *(self.ended(analysis_id, deadline_seconds=deadline_seconds) for analysis_id in ids)
        )

    async def close(self) -> None:
        await self.http.aclose()


def user_id(number: int) -> UUID:
    """Return the UUID of a test user by its number."""
    return UUID(int=number + (4 << 76) + (8 << 60))
