"""SIGTERM: a service ends in order and in time, and goes on where it was."""

import asyncio
import time
from pathlib import Path

import pytest
from local_stack.stack import Stack

from tests.support import files
from tests.support.http.api_client import ApiClient
from tests.support.telemetry.process_usage import process_tree

# For open requests 5 s, for all else 20 s (drain_seconds); the supervisor kills after 30 s.
IN_TIME_SECONDS = 27


def lives(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


async def stop(stack: Stack, name: str) -> float:
    """Returns the seconds that it took to end by itself, and all its processes with it."""
    process = stack.services[name].process
    assert process.pid is not None
    processes = process_tree(process.pid)
    started = time.monotonic()
    await stack.stop(name)
    seconds = time.monotonic() - started
    assert process.returncode == 0
    assert [pid for pid in processes if lives(pid)] == []
    return seconds


@pytest.mark.parametrize("name", ["request-api", "results-api", "analyzer"])
async def test_a_service_with_nothing_to_do_ends_at_once(
    stack: Stack, consultant: ApiClient, name: str
) -> None:
    resume_id = await consultant.new_resume("cv.txt", files.strong_resume_txt())
    try:
        assert await stop(stack, name) < 10
    finally:
        await stack.start(name)
    analysis_id = await consultant.analyze_for_sure(resume_id)
    assert (await consultant.ended(analysis_id))["status"] == "completed"


async def test_services_end_in_time_while_kafka_is_away(stack: Stack, consultant: ApiClient) -> None:
    resume_id = await consultant.new_resume("cv.txt", files.strong_resume_txt())
    await stack.stop("kafka")
    try:
        # The relay has something to send that it cannot.
        accepted = await consultant.analyze(resume_id)
        assert accepted.status_code == 202
        for seconds in await asyncio.gather(*(stop(stack, name) for name in stack.services)):
            assert seconds < IN_TIME_SECONDS
    finally:
        await stack.start("kafka")
        await stack.start(*stack.services)
    status = await consultant.ended(accepted.json()["analysis_id"], deadline_seconds=60)
    assert status["status"] == "completed"
