"""Shutdown: after SIGTERM, a service drains in time and continues its work after the restart."""

import asyncio
import time
from pathlib import Path

import pytest
from local_stack.stack import Stack

from tests.support import files
from tests.support.http.api_client import ApiClient
from tests.support.telemetry.process_usage import process_tree

# Open requests have 5 s and everything else 20 s (drain_seconds). The supervisor kills after 30 s.
IN_TIME_SECONDS = 27


def is_running(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


async def stop(stack: Stack, name: str) -> float:
    """Stop a service and return the seconds until all of its processes ended."""
    process = stack.services[name].process
    assert process.pid is not None
    processes = process_tree(process.pid)
    started = time.monotonic()
    await stack.stop(name)
    seconds = time.monotonic() - started
    assert process.returncode == 0
    assert [pid for pid in processes if is_running(pid)] == []
    return seconds


@pytest.mark.parametrize("name", ["request-api", "results-api", "analyzer"])
async def test_idle_service_stops_quickly(stack: Stack, consultant: ApiClient, name: str) -> None:
    resume_id = await consultant.new_resume("cv.txt", files.strong_resume_txt())
    try:
        assert await stop(stack, name) < 10
    finally:
        await stack.start(name)
    analysis_id = await consultant.analyze_for_sure(resume_id)
    assert (await consultant.ended(analysis_id))["status"] == "completed"


async def test_services_stop_in_time_without_kafka(stack: Stack, consultant: ApiClient) -> None:
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
