"""Live updates: each change of an analysis as it happens, beside polling."""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx2
from local_stack.stack import Stack

from tests.support import files
from tests.support.http.api_client import ApiClient

ORDER = ["pending", "processing", "completed"]


async def events_of(
    user: ApiClient, analysis_id: str, *, last_event_id: str | None = None
) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """Id and data of each event, until the stream ends."""
    headers = {"authorization": user.http.headers["authorization"]}
    if last_event_id:
        headers["last-event-id"] = last_event_id
    async with (
        httpx2.AsyncClient(base_url=user.http.base_url, headers=headers, timeout=30, trust_env=False) as http,
        http.stream("GET", f"/api/v1/analysis/analysis/{analysis_id}/events") as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        event: dict[str, str] = {}
        async for line in answer.aiter_lines():
            if line:
                name, _, value = line.partition(": ")
                event[name] = value
            elif "data" in event:
                assert event["event"] == "status"
                yield event["id"], json.loads(event["data"])
                event = {}


async def test_each_change_is_told_in_order_and_the_stream_ends(user: ApiClient) -> None:
    resume_id = await user.new_resume("cv.txt", files.strong_resume_txt())
    analysis_id = (await user.analyze(resume_id)).json()["analysis_id"]
    told = [each async for each in events_of(user, analysis_id)]
    words = [data["status"] for _, data in told]
    # What changes twice between two looks is told once, as it stands.
    assert words == [word for word in ORDER if word in words]
    assert words[-1] == "completed"
    assert told[-1][1]["result"]["analysis_id"] == analysis_id
    assert told[-1][1] == (await user.status(analysis_id)).json()
    # Whoever has seen the end is told nothing again.
    assert [each async for each in events_of(user, analysis_id, last_event_id=told[-1][0])] == []
    assert len([each async for each in events_of(user, analysis_id, last_event_id="nonsense")]) == 1


async def test_updates_come_also_after_the_database_was_away(
    system: Stack, user: ApiClient, other: ApiClient
) -> None:
    resume_id = await user.new_resume("cv.txt", files.strong_resume_txt())
    await system.stop("analyzer")
    try:
        analysis_id = (await user.analyze(resume_id)).json()["analysis_id"]
        stream = events_of(user, analysis_id)
        assert (await anext(stream))[1]["status"] == "pending"
        await system.restart("postgres")
    finally:
        await system.start("analyzer")
    # A stream that could not read has ended: come back, as browsers do.
    words = [data["status"] async for _, data in stream]
    if not words or words[-1] != "completed":
        await user.ended(analysis_id)
        words = [data["status"] async for _, data in events_of(user, analysis_id)]
    assert words[-1] == "completed"
    for unseen in (analysis_id, str(uuid4())):
        answer = await other.http.get(f"/api/v1/analysis/analysis/{unseen}/events")
        assert answer.status_code == 404
