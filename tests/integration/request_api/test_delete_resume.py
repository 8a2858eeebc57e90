"""Erasing a resume while its analyses are being changed."""

import asyncio

import asyncpg
import httpx2
from contracts.topics import ANALYSIS_REQUESTS

from tests.integration.conftest import User
from tests.integration.request_api.calls import analyze, new_resume
from tests.support.polling import eventually
from tests.support.servers.databases import Database
from tests.support.servers.kafka import read_events


async def test_erasure_is_published_after_a_concurrent_cancellation(
    request_api: httpx2.AsyncClient, request_database: Database, user: User, kafka_bootstrap: str
) -> None:
    resume_id = await new_resume(request_api, user)
    analysis_id = (await analyze(request_api, user, resume_id)).json()["analysis_id"]

    async def delete(path: str, *, waits_as: int) -> asyncio.Task[httpx2.Response]:
        task = asyncio.create_task(request_api.delete(f"/api/v1/{path}", headers=user.headers))
        await eventually(request_database.lock_waiters, until=lambda count: count == waits_as)
        return task

    holder = await asyncpg.connect(request_database.dsn)
    try:
        async with holder.transaction():
            await holder.execute("SELECT FROM review_requests WHERE id = $1 FOR UPDATE", analysis_id)
            cancelling = await delete(f"analysis/{analysis_id}/cancel", waits_as=1)
            erasing = await delete(f"resume_upload/{resume_id}", waits_as=2)
        answers = await asyncio.gather(cancelling, erasing)
    finally:
        await holder.close()
    assert [answer.is_success for answer in answers] == [True, True]
    events = await read_events(kafka_bootstrap, ANALYSIS_REQUESTS, analysis_id, count=3)
    assert [event.version for event in events] == [1, 2, 3]


async def test_idempotency_key_is_deleted_with_its_analysis(
    request_api: httpx2.AsyncClient, request_database: Database, user: User
) -> None:
    erased, kept = [await new_resume(request_api, user) for _ in range(2)]
    for resume_id in (erased, kept):
        assert (await analyze(request_api, user, resume_id, key=f"of-{resume_id}")).status_code == 202
    assert (await request_api.delete(f"/api/v1/resume_upload/{erased}", headers=user.headers)).is_success
    again = await analyze(request_api, user, erased, key=f"of-{erased}")
    assert (again.status_code, again.json()["code"]) == (404, "resume_not_found")
    rows = await request_database.fetch("SELECT key FROM idempotency_keys WHERE user_id = $1", user.id)
    assert [row["key"] for row in rows] == [f"of-{kept}"]
    assert (await analyze(request_api, user, kept, key=f"of-{kept}")).status_code == 202
