"""A question to servers that refuse requests or answer oddly, as real ones do."""

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio
from analyzer.llm.client.refusals import ModelFailed

from tests.support.analyses import analyses
from tests.support.fakes.labels import is_about_topics, labels_json, topics_rightly
from tests.support.fakes.model import FakeModel, FakeReply, Json, completion, fake_model, rejection
from tests.support.fakes.model_final_refusals import FINAL
from tests.support.fakes.model_oddities import odd_answers
from tests.support.fakes.model_servers import REFUSING
from tests.support.questions import ANSWER, PARSED, QUESTION, model_at

ODD = odd_answers(ANSWER, key="verdicts")


@pytest_asyncio.fixture
async def server() -> AsyncIterator[FakeModel]:
    async with fake_model() as server:
        yield server


async def ask(model: Any, **changes: Any) -> Any:
    budget = changes.pop("budget", None) or model.start_budget()
    return (await model.client.ask(QUESTION, seed=1, budget=budget)).value


@pytest.mark.parametrize("name", REFUSING)
async def test_refusal_costs_a_few_requests_once_and_no_answer(server: FakeModel, name: str) -> None:
    played = REFUSING[name]
    server.replies = lambda request: played.refuse(request) or completion(ANSWER)
    async with model_at(server.url) as model:
        assert await ask(model) == PARSED
        assert len(server.requests) == played.requests
        # Two more: what was only guessed at is found out in the second one.
        await ask(model)
        await ask(model)
        before = len(server.requests)
        assert await ask(model) == PARSED
        assert len(server.requests) - before == played.later


@pytest.mark.parametrize("name", FINAL)
async def test_wrong_model_or_key_ends_at_once(server: FakeModel, name: str) -> None:
    reply, reason = FINAL[name]
    server.replies = [reply]
    async with model_at(server.url) as model:
        with pytest.raises(ModelFailed) as failed:
            await ask(model)
    assert failed.value.reason == reason
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "reply", [FakeReply(status=400), FakeReply(status=404, body="page not found"), FakeReply(status=422)]
)
async def test_server_that_refuses_everything_is_not_asked_often(server: FakeModel, reply: FakeReply) -> None:
    server.replies = [reply]
    async with model_at(server.url) as model:
        for _ in range(3):
            with pytest.raises(ModelFailed, match="rejected"):
                await ask(model)
    # The first question tries all forms, the others only one.
    assert len(server.requests) == 7 + 1 + 1


async def test_endless_refusals_of_one_option_end(server: FakeModel) -> None:
    server.replies = lambda request: rejection(
        f"max_tokens must be less than {list(request.values())[-1]} at most temperature seed"
    )
    async with model_at(server.url) as model:
        with pytest.raises(ModelFailed, match="rejected"):
            await ask(model)
    assert len(server.requests) <= 8


async def test_refusals_end_with_the_time_of_the_call(server: FakeModel) -> None:
    server.replies = [FakeReply(status=400, wait=0.2)]
    async with model_at(server.url, model_request_seconds=0.5, model_budget_seconds=0.5) as model:
        with pytest.raises(ModelFailed, match="timeout"):
            await ask(model)
    assert len(server.requests) <= 3


@pytest.mark.parametrize("status", [429, 503])
async def test_overload_is_no_refusal(server: FakeModel, status: int) -> None:
    server.replies = [FakeReply(status=status), completion(ANSWER)]
    async with model_at(server.url) as model:
        assert await ask(model) == PARSED
    assert [each["response_format"]["type"] for each in server.requests] == ["json_schema"] * 2


async def test_one_server_error_does_not_loosen_the_format_for_others(server: FakeModel) -> None:
    server.replies = [FakeReply(status=500), completion(ANSWER)]
    async with model_at(server.url) as model:
        await ask(model)
        await ask(model)
    formats = [each["response_format"]["type"] for each in server.requests]
    assert formats == ["json_schema", "json_object", "json_schema"]


@pytest.mark.parametrize("name", ODD)
async def test_odd_answer_is_understood_at_the_first_request(server: FakeModel, name: str) -> None:
    server.replies = [ODD[name]]
    async with model_at(server.url) as model:
        assert await ask(model) == PARSED
    assert len(server.requests) == 1


def as_list(answer: Json) -> list[Json]:
    return [{"id": number, **entry} for number, entry in answer["bullets"].items()]


# What a model may make of the object by numbers that the question about labels asks for.
ODD_LABELS: dict[str, Callable[[Json], object]] = {
    "as asked": lambda answer: answer,
    "after reasoning": lambda answer: f"<think>{{1: none}} {{}}</think> {json.dumps(answer)}",
    "without its object": lambda answer: answer["bullets"],
    "list": lambda answer: {"bullets": as_list(answer)},
    "bare list": as_list,
    "list with a repetition": lambda answer: {"bullets": [*as_list(answer), as_list(answer)[0]]},
    "one entry on each line": lambda answer: "\n".join(map(json.dumps, as_list(answer))),
    "within another object": lambda answer: {"output": answer},
    "list in order": lambda answer: [*answer["bullets"].values()],
    "kinds in capitals": lambda answer: {
        "bullets": {
            number: {**entry, "kind": entry["kind"].upper()} for number, entry in answer["bullets"].items()
        }
    },
}


@pytest.mark.parametrize("name", ODD_LABELS)
async def test_odd_labels_are_understood_at_the_first_request(server: FakeModel, name: str) -> None:
    server.replies = lambda request: completion(ODD_LABELS[name](labels_json(request)))
    server.aside = topics_rightly
    async with analyses(server.url) as analyze:
        assert (await analyze()).ai_model_used == "fake-model-2026"
    assert len(server.requests) == 1


def as_topic_list(answer: Json) -> list[Json]:
    return [{"id": number, "topics": topics} for number, topics in answer["bullets"].items()]


ODD_TOPICS: dict[str, Callable[[Json], object]] = {
    "without its object": lambda answer: answer["bullets"],
    "list": as_topic_list,
    "list of lists": lambda answer: {"bullets": [*answer["bullets"].values()]},
    "numbers as text": lambda answer: {
        "bullets": {number: [*map(str, topics)] for number, topics in answer["bullets"].items()}
    },
    "objects": lambda answer: {
        "bullets": {number: {"shows": topics} for number, topics in answer["bullets"].items()}
    },
}


@pytest.mark.parametrize("name", ODD_TOPICS)
async def test_odd_topics_are_understood_at_the_first_request(server: FakeModel, name: str) -> None:
    def reply(request: Json) -> FakeReply:
        answer = labels_json(request)
        return completion(ODD_TOPICS[name](answer) if is_about_topics(request) else answer)

    server.replies = reply
    async with analyses(server.url) as analyze:
        report = await analyze()
    assert report.detailed_scores.model_run.answers == len(server.requests) == 2


ENTRIES = ANSWER["verdicts"]
UNUSABLE: dict[str, Any] = {
    "contradicting entries": {"verdicts": [*ENTRIES, {**ENTRIES[0], "level": 0}]},
    "contradicting keys": '{"tone": {"level": 1, "reason": "."}, "tone": {"level": 2, "reason": "."}}',
    "what is left of a cut list": '{"verdicts": ['
    + ", ".join(map(json.dumps, [*ENTRIES, *ENTRIES]))
    + ', {"id"',
    "another number": {"verdicts": [{**ENTRIES[0], "level": "3"}]},
    "a fraction": {"verdicts": [{**ENTRIES[0], "level": 1.5}]},
    "a word for a number": {"verdicts": [{**ENTRIES[0], "level": "two"}]},
    "no entries but numbers": [1, 2],
    "prose": "A good resume {really}.",
    "cut off": '{"verdicts": [{"id": "tone", "level": 2, "reason": "A matter of',
}


@pytest.mark.parametrize("name", UNUSABLE)
async def test_wrong_answer_is_not_made_right(server: FakeModel, name: str) -> None:
    server.replies = [completion(UNUSABLE[name])]
    async with model_at(server.url) as model:
        with pytest.raises(ModelFailed, match="malformed"):
            await ask(model)
    assert len(server.requests) == 2


async def test_lowered_limit_that_is_too_low_is_forgotten(server: FakeModel) -> None:
    def reply(request: Json) -> FakeReply:
        limit = request["max_completion_tokens"]
        if limit > 4096 and len(server.requests) == 1:
            return rejection(
                "This model supports at most 4096 completion tokens", param="max_completion_tokens"
            )
        if limit == 4096:
            return completion('{"verdicts": [', finish_reason="length")
        return completion(ANSWER)

    server.replies = reply
    async with model_at(server.url) as model:
        assert await ask(model) == PARSED
    assert [each["max_completion_tokens"] for each in server.requests] == [8000, 4096, 8000]


@pytest.mark.parametrize("usage", ["no usage", "negative usage"])
async def test_cost_is_unknown_without_usage(server: FakeModel, usage: str) -> None:
    server.replies = [ODD[usage]]
    async with model_at(server.url, model_input_price=1, model_output_price=1) as model:
        budget = model.start_budget()
        await ask(model, budget=budget)
    assert budget.usage().cost_usd is None
    assert budget.usage().requests == 1


async def test_cost_is_unknown_after_a_timeout(server: FakeModel) -> None:
    server.replies = [completion(ANSWER, wait=1), completion(ANSWER)]
    prices = {"model_input_price": 1, "model_output_price": 1}
    async with model_at(server.url, model_request_seconds=0.3, **prices) as model:
        budget = model.start_budget()
        await ask(model, budget=budget)
        assert budget.usage().cost_usd is None
        known = model.start_budget()
        await ask(model, budget=known)
        assert known.usage().cost_usd == 0.0012
