"""The command that checks a configured model, against a fake server."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from analyzer.llm.settings import ModelSettings
from analyzer.ops.__main__ import main
from analyzer.ops.model_check import check_model

from tests.support.fakes.labels import is_about_topics, labels_json
from tests.support.fakes.model import FakeModel, FakeReply, Json, completion, fake_model, rejection

SMALL = {"lines": [{"id": str(n), "has_number": n != 2} for n in (1, 2, 3)]}


@pytest_asyncio.fixture
async def server() -> AsyncIterator[FakeModel]:
    async with fake_model() as server:
        yield server


def is_small(request: Json) -> bool:
    return "has_number" in json.dumps(request)


def whole(content: object) -> FakeReply:
    """Answer like a server that read the whole prompt."""
    answer = completion(content)
    assert isinstance(answer.body, dict)
    return FakeReply(body={**answer.body, "usage": {"prompt_tokens": 2000, "completion_tokens": 900}})


async def check(server: FakeModel, **settings: Any) -> tuple[int, str]:
    said: list[str] = []
    values = {"openai_api_key": "sk-canary", "openai_base_url": server.url, "model": "m", **settings}
    code = await check_model(ModelSettings(**values), said.append)
    text = "\n".join(said)
    assert "canary" not in text
    return code, text


async def test_model_that_answers_only_small_questions_is_not_usable(server: FakeModel) -> None:
    def reply(request: Json) -> FakeReply:
        if "seed" in request:
            return rejection("unknown field: seed")
        if request.get("response_format", {}).get("type") == "json_schema":
            return FakeReply(status=400)
        return completion(SMALL if is_small(request) else "words")

    server.replies = reply
    code, text = await check(server)
    assert code == 1
    assert "the same answer" in text
    assert "Supported: JSON without a schema; seed no; temperature yes" in text
    assert "malformed" in text
    assert "Cost of an analysis: unknown: set ANALYZER_MODEL_INPUT_PRICE" in text
    # Two refusals, two small questions, and answers to the two large ones with their repairs.
    assert len(server.requests) == 2 + 2 + 2 * 2


async def test_usable_model(server: FakeModel) -> None:
    server.replies = lambda request: whole(SMALL if is_small(request) else labels_json(request))
    code, text = await check(server)
    assert code == 0
    assert "Supported: a JSON schema; seed yes; temperature yes; max_completion_tokens up to at least" in text
    assert text.endswith("Usable.")
    assert len(server.requests) == 4


async def test_model_that_sees_no_skills_is_usable(server: FakeModel) -> None:
    def reply(request: Json) -> FakeReply:
        if is_small(request):
            return completion(SMALL)
        return whole("words" if is_about_topics(request) else labels_json(request))

    server.replies = reply
    code, text = await check(server)
    assert code == 0
    assert text.endswith("Usable, but rules alone would assess the fit to the industry.")


async def test_cost_follows_from_the_large_question(server: FakeModel) -> None:
    server.replies = lambda request: completion(SMALL if is_small(request) else "words")
    _, text = await check(server, model_input_price=1, model_output_price=10)
    # Two requests of 1000 tokens in and 200 out for each question.
    assert "about $0.0120 (standard), $0.0300 (deep)" in text


async def test_cut_prompt_is_noticed(server: FakeModel) -> None:
    def reply(request: Json) -> FakeReply:
        found = completion(SMALL if is_small(request) else None, refusal=None if is_small(request) else "No")
        assert isinstance(found.body, dict)
        return FakeReply(body={**found.body, "usage": {"prompt_tokens": 90, "completion_tokens": 9}})

    server.replies = reply
    code, text = await check(server)
    assert code == 1
    assert "The server cut the prompt: it read 90 tokens" in text


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (rejection("Incorrect API key provided.", status=401), "rejected.*check the key"),
        (FakeReply(status=307, headers={"location": "/x"}), "redirected.*OPENAI_BASE_URL"),
        (FakeReply(hang_up=True), "unreachable.*network"),
    ],
)
async def test_server_that_does_not_answer_is_asked_once(
    server: FakeModel, reply: FakeReply, words: str
) -> None:
    server.replies = [reply]
    code, text = await check(server, model_attempts=1)
    assert code == 1
    assert re.search(words, text)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "set OPENAI_API_KEY"),
        ({"OPENAI_API_KEY": "sk-canary", "ANALYZER_MODEL_HEADERS": "canary"}, "ANALYZER_MODEL_HEADERS: "),
    ],
)
def test_missing_or_invalid_settings_end_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: Any, environment: dict[str, str], words: str
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.argv", ["ops", "model-check"])
    # The logs of the tests stay as they are.
    monkeypatch.setattr("analyzer.ops.__main__.configure_logs", lambda **_: None)
    assert main() == 2
    printed = "".join(capsys.readouterr())
    assert words in printed
    assert "canary" not in printed
