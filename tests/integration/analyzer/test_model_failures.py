"""Failures of a fake model's server, and what is logged of them."""

import asyncio
import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from scoring.messages import load_catalogue

from tests.support.analyses import LINES, TEXT, analyses, has_fallback_notice
from tests.support.fakes.labels import (
    labelled,
)
from tests.support.fakes.model import FakeModel, FakeReply, Json, completion, rejection
from tests.support.telemetry.logs import CapturedLogs

ENGLISH = load_catalogue("en", resume_language="en")


async def test_refused_options_are_left_out_from_then_on(model: FakeModel, analyze: Any) -> None:
    def limited_server(request: Json) -> FakeReply:
        wanted = request.get("response_format", {}).get("type")
        if "temperature" in request:
            return rejection("Unsupported value: 'temperature' does not support 0.", param="temperature")
        if "seed" in request:
            return rejection("Unrecognized request argument supplied: seed")
        if "max_completion_tokens" in request:
            return rejection("extra fields not permitted: max_completion_tokens", status=422)
        if wanted == "json_schema":
            return rejection("Invalid parameter: 'response_format' of type 'json_schema' is not supported.")
        if wanted == "json_object":
            return rejection("This server has no JSON mode.", param="response_format")
        return labelled(model=None)(request)

    model.replies, model.aside = limited_server, lambda _: None
    report = await analyze()
    assert report.ai_model_used == "asked-for"
    # The two questions learn at the same time.
    needed = len(model.requests)
    assert 6 < needed <= 2 * 6
    assert model.requests[-1].keys() == {"messages", "model", "max_tokens"}
    await analyze()
    assert len(model.requests) == needed + 2


@pytest.mark.parametrize("wait", ["0.2", "in a second", "soon", None])
async def test_retry_after_429_respects_the_header(model: FakeModel, analyze: Any, wait: str | None) -> None:
    if wait == "in a second":
        wait = format_datetime(datetime.now(UTC) + timedelta(seconds=1), usegmt=True)
    headers = {"retry-after": wait} if wait else {}
    model.replies = [
        FakeReply(status=429, body={"error": {"message": "slow"}}, headers=headers),
        labelled(),
    ]
    assert (await analyze()).ai_model_used == "fake-model-2026"
    assert len(model.requests) == 2


async def test_retry_beyond_the_budget_is_not_attempted(model: FakeModel, analyze: Any) -> None:
    model.replies = [FakeReply(status=429, body={}, headers={"retry-after": "3600"})]
    assert has_fallback_notice(await analyze(), "rate_limited")
    assert len(model.requests) == 1


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (FakeReply(status=429, body={}), "rate_limited"),
        (FakeReply(status=500, body="<html>"), "server_error"),
        (FakeReply(status=503, body={"error": "overloaded"}), "server_error"),
        (FakeReply(body="<html>welcome</html>", headers={"content-type": "text/html"}), "server_error"),
        (FakeReply(body={"choices": []}), "server_error"),
        (FakeReply(hang_up=True), "unreachable"),
        (labelled(wait=2), "timeout"),
        # Sends a byte now and then, so only the limit of the whole request ends it.
        (labelled(drip=0.05), "timeout"),
    ],
)
async def test_failing_server_is_retried_before_rules_score_alone(
    model: FakeModel, analyze: Any, reply: FakeReply, reason: str
) -> None:
    model.replies = [reply]
    report = await analyze()
    assert has_fallback_notice(report, reason)
    assert len(model.requests) == 2
    # With the one about topics.
    assert report.detailed_scores.model_run.requests == 3


async def test_refused_connection_is_reported_as_unreachable() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
    async with analyses(url) as analyze:
        assert has_fallback_notice(await analyze(), "unreachable")


async def test_slow_connection_is_reported_as_timeout() -> None:
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for connection in (first, second):
            connection.setblocking(False)
            connection.connect_ex(full.getsockname())
        url = f"http://127.0.0.1:{full.getsockname()[1]}/v1"
        async with analyses(url, model_request_seconds=5) as analyze:
            assert has_fallback_notice(await analyze(), "timeout")


async def test_open_breaker_stops_requests(model: FakeModel) -> None:
    model.replies, model.aside = [FakeReply(status=500, body={})], lambda _: None
    settings: Json = {"model_attempts": 1, "model_breaker_failures": 6, "model_budget_seconds": 0.8}
    async with analyses(model.url, **settings, model_breaker_seconds=60) as analyze:
        for _ in range(3):
            assert has_fallback_notice(await analyze(), "server_error")
        assert has_fallback_notice(await analyze(), "paused")
        assert len(model.requests) == 3 * 2


async def test_analyses_wait_for_a_server_that_recovers_soon(model: FakeModel) -> None:
    model.replies, model.aside = [FakeReply(status=500, body={})] * 6 + [labelled()], lambda _: None
    settings: Json = {"model_attempts": 1, "model_breaker_failures": 6, "model_breaker_seconds": 0.6}
    async with analyses(model.url, **settings) as analyze:
        for _ in range(3):
            assert has_fallback_notice(await analyze(), "server_error")
        reports = await asyncio.gather(*(analyze() for _ in range(5)))
        assert {report.ai_model_used for report in reports} == {"fake-model-2026"}
        assert len(model.requests) == 2 * (3 + 5)


@pytest.mark.parametrize("answers", [{"bullets": "canary of the answer"}, "canary of the answer"])
async def test_prompts_responses_and_keys_are_not_logged(
    model: FakeModel, analyze: Any, captured_logs: CapturedLogs, answers: Any
) -> None:
    captured_logs.include_debug()
    model.replies = [
        rejection("canary of the error: temperature"),
        completion(answers),
        FakeReply(status=500, body="canary"),
    ]
    await analyze("canary of the resume\n" + TEXT)
    assert captured_logs.text
    assert "canary" not in captured_logs.text
    assert LINES[0] not in captured_logs.text
