"""Poll the status of an analysis, as a client does."""

from uuid import UUID

import httpx2

from tests.integration.conftest import User
from tests.support.polling import eventually


async def status_of(
    api: httpx2.AsyncClient, analysis_id: UUID, user: User, *, until: str, status_code: int = 200
) -> dict[str, object]:
    async def poll() -> httpx2.Response:
        return await api.get(f"/api/v1/analysis/analysis/{analysis_id}/status", headers=user.headers)

    response = await eventually(
        poll,
        until=lambda response: response.status_code == status_code and response.json().get("status") == until,
    )
    body: dict[str, object] = response.json()
    return body
