"""Live updates of an analysis through the gateway."""

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
    """Yield the id and the data of each event until the stream ends."""
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


async def test_changes_are_streamed_in_order_until_the_analysis_ends(user: ApiClient) -> None:
    resume_id = await user.new_resume("cv.txt", files.strong_resume_txt())
    analysis_id = (await user.analyze(resume_id)).json()["analysis_id"]
    received = [each async for each in events_of(user, analysis_id)]
    words = [data["status"] for _, data in received]
    # Two changes between two reads cause one event with the latest status.
    assert words == [word for word in ORDER if word in words]
    assert words[-1] == "completed"
    assert received[-1][1]["result"]["analysis_id"] == analysis_id
    assert received[-1][1] == (await user.status(analysis_id)).json()
    # A client that has received the last event gets no further one.
    assert [each async for each in events_of(user, analysis_id, last_event_id=received[-1][0])] == []
    assert len([each async for each in events_of(user, analysis_id, last_event_id="nonsense")]) == 1


async def test_stream_continues_after_a_restart_of_the_database(
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
    # The stream ends if it cannot read. Reconnect, as browsers do.
    words = [data["status"] async for _, data in stream]
    if not words or words[-1] != "completed":
        await user.ended(analysis_id)
        words = [data["status"] async for _, data in events_of(user, analysis_id)]
    assert words[-1] == "completed"
    for hidden_id in (analysis_id, str(uuid4())):
        answer = await other.http.get(f"/api/v1/analysis/analysis/{hidden_id}/events")
        assert answer.status_code == 404
