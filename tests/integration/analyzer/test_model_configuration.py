"""Headers, query, body and context size of the model's requests, as the settings say."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from analyzer.llm.client.refusals import ModelFailed
from analyzer.llm.settings import ModelSettings
from pydantic import ValidationError

from tests.support.fakes.model import FakeModel, FakeReply, completion, fake_model
from tests.support.fakes.raw_server import RawResponse, fake_raw_server
from tests.support.questions import ANSWER, PARSED, QUESTION, model_at
from tests.support.telemetry.logs import CapturedLogs


@pytest_asyncio.fixture
async def server() -> AsyncIterator[FakeModel]:
    async with fake_model() as server:
        yield server


async def ask(model: Any, question: Any = QUESTION) -> object:
    return (await model.client.ask(question, seed=1, budget=model.start_budget())).value


def completion_of(prompt_tokens: int | None) -> FakeReply:
    reply = completion(ANSWER)
    assert isinstance(reply.body, dict)
    return FakeReply(body={**reply.body, "usage": {"prompt_tokens": prompt_tokens, "completion_tokens": 9}})


async def test_headers_query_and_body_are_sent_and_not_logged(captured_logs: CapturedLogs) -> None:
    captured_logs.include_debug()
    body = json.dumps(completion(ANSWER).body).encode()
    head = ("HTTP/1.1 200 OK", f"content-length: {len(body)}", "connection: close")
    async with fake_raw_server(RawResponse(head=head, piece=body)) as raw:
        settings: dict[str, Any] = {
            "model_headers": '{"api-key": "header-canary"}',
            "model_query": '{"api-version": "2024-10-21", "key": "query-canary"}',
            "model_body": '{"reasoning_effort": "low", "seed": null, "max_tokens": 777}',
        }
        async with model_at(f"{raw.url}/v1", **settings) as model:
            assert await ask(model) == PARSED
        request = raw.requests[0].decode()
    head_sent, _, body_sent = request.partition("\r\n\r\n")
    assert head_sent.startswith("POST /v1/chat/completions?api-version=2024-10-21&key=query-canary ")
    assert "api-key: header-canary" in head_sent
    sent = json.loads(body_sent)
    assert (sent["reasoning_effort"], sent["max_tokens"], sent["temperature"]) == ("low", 777, 0)
    assert not sent.keys() & {"seed", "max_completion_tokens"}
    assert "canary" not in captured_logs.text
    assert "canary" not in repr(ModelSettings(**settings))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HEADERS", "canary"),
        ("HEADERS", '["canary"]'),
        ("HEADERS", '{"canary": ["a"]}'),
        ("HEADERS", '{"x": "canary\\nInjected: 1"}'),
        ("HEADERS", '{"x y": "canary"}'),
        ("HEADERS", '{"Host": "canary"}'),
        ("QUERY", '{"canary": 1'),
        ("BODY", '{"messages": ["canary"]}'),
        ("BODY", '{"stream": true, "canary": 1}'),
    ],
)
def test_invalid_value_is_refused_and_not_quoted(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"ANALYZER_MODEL_{name}", value)
    with pytest.raises(ValidationError) as refused:
        ModelSettings()
    assert f"MODEL_{name}".lower() in str(refused.value).lower()
    assert "canary" not in str(refused.value).replace("model_headers.canary", "")


@pytest.mark.parametrize("value", ["", " ", "{}"])
def test_empty_values_are_none(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    for name in ("HEADERS", "QUERY", "BODY"):
        monkeypatch.setenv(f"ANALYZER_MODEL_{name}", value)
    settings = ModelSettings()
    assert settings.model_headers == settings.model_query == settings.model_body == {}


LONG = QUESTION.__class__(
    name="long",
    messages=[{"role": "user", "content": "one two three four five six seven eight nine ten " * 200}],
    schema=QUESTION.schema,
    parse=QUESTION.parse,
    repair=QUESTION.repair,
)


@pytest.mark.parametrize("tokens", [1024, 2047, 2048, 4096, 1700])
async def test_prompt_that_the_server_cut_is_no_basis_for_an_answer(server: FakeModel, tokens: int) -> None:
    server.replies = [completion_of(tokens)]
    # The prompt has at least 2000 tokens.
    is_cut = tokens < 1800 or tokens >= 4096
    async with model_at(server.url, model_context_tokens=4096) as model:
        if not is_cut:
            assert await ask(model, LONG) == PARSED
        else:
            with pytest.raises(ModelFailed, match="context"):
                await ask(model, LONG)
    assert len(server.requests) == 1
    assert server.requests[0]["max_completion_tokens"] == 2048


@pytest.mark.parametrize("tokens", [None, -1])
async def test_missing_usage_tells_nothing_about_the_context(server: FakeModel, tokens: int | None) -> None:
    server.replies = [completion_of(tokens)]
    async with model_at(server.url, model_context_tokens=4096) as model:
        assert await ask(model, LONG) == PARSED


async def test_prompt_beyond_the_context_is_not_sent(server: FakeModel) -> None:
    server.replies = [completion(ANSWER)]
    async with model_at(server.url, model_context_tokens=1500) as model:
        with pytest.raises(ModelFailed, match="context"):
            await ask(model, LONG)
    assert server.requests == []


def test_time_of_a_call_follows_from_that_of_a_request() -> None:
    assert ModelSettings().call_seconds == 90
    assert ModelSettings(model_request_seconds=3600).call_seconds == 7200
    assert ModelSettings(model_request_seconds=3600, model_budget_seconds=3600).call_seconds == 3600


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("model_request_seconds", 3601),
        ("model_request_seconds", "soon"),
        ("model_budget_seconds", 7201),
        ("model_concurrency", 0),
        ("model_output_tokens", 100),
    ],
)
def test_invalid_setting_is_one_error(name: str, value: object) -> None:
    with pytest.raises(ValidationError) as refused:
        ModelSettings(**{name: value})  # type: ignore[arg-type]
    assert [each["loc"] for each in refused.value.errors()] == [(name,)]
