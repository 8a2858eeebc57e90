"""Many calls to a model server that answers one at a time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from analyzer.llm.client.refusals import ModelFailed
from analyzer.llm.client.slots import CallsClosed
from analyzer.llm.usage import CallBudget
from analyzer.pipeline.active_work import ActiveWork
from analyzer.pipeline.analyze_resume import AnalyzeResume
from analyzer.pipeline.score_with_model import ScoreWithModel
from chassis.messaging.consuming.concurrent import ShutdownInProgress
from contracts.envelope import SerializedEvent
from contracts.events import Event
from contracts.vocabulary import Depth
from prometheus_client import CollectorRegistry, generate_latest

from tests.support import events
from tests.support.analyses import TEXT, analyses, run_in_thread
from tests.support.fakes.labels import labels_json
from tests.support.fakes.model import FakeModel, FakeReply, Json, completion, fake_model
from tests.support.polling import eventually
from tests.support.questions import ANSWER, PARSED, QUESTION, model_at
from tests.support.telemetry.metrics import MetricsSnapshot


@pytest_asyncio.fixture
async def server() -> AsyncIterator[FakeModel]:
    async with fake_model() as server:
        yield server


def answer_one_at_a_time(
    server: FakeModel, *, seconds: float, answer: Callable[[Json], Json] = lambda _: ANSWER
) -> None:
    """Let the server answer each request `seconds` after those that came before it."""
    loop = asyncio.get_running_loop()
    free_at = loop.time()

    def reply(request: Json) -> FakeReply:
        nonlocal free_at
        free_at = max(free_at, loop.time()) + seconds
        return completion(answer(request), wait=free_at - loop.time())

    server.replies = reply


async def ask(model: Any) -> object:
    try:
        return (await model.client.ask(QUESTION, seed=1, budget=model.start_budget())).value
    except ModelFailed as failed:
        return failed.reason
    except CallsClosed:
        return "closed"


def waiting(model: Any) -> float:
    registry = CollectorRegistry()
    registry.register(model.telemetry)
    return MetricsSnapshot.parse(generate_latest(registry).decode()).sum("model_calls_waiting")


async def test_twenty_calls_get_twenty_answers_from_a_server_that_answers_one_at_a_time(
    server: FakeModel,
) -> None:
    answer_one_at_a_time(server, seconds=0.1)
    # All together take longer than the time of one call.
    limits = {"model_request_seconds": 0.8, "model_budget_seconds": 1}
    async with model_at(server.url, model_concurrency=1, **limits) as model:
        calls = asyncio.gather(*(ask(model) for _ in range(20)))
        await asyncio.sleep(0.3)
        assert 15 <= waiting(model) <= 19
        assert await calls == [PARSED] * 20
        assert waiting(model) == 0
    assert len(server.requests) == 20


async def test_twenty_analyses_end_with_twenty_answers(server: FakeModel) -> None:
    answer_one_at_a_time(server, seconds=0.2, answer=labels_json)
    limits: Json = {"model_request_seconds": 1, "model_budget_seconds": 2}
    async with analyses(server.url, model_concurrency=1, **limits) as analyze:
        reports = await asyncio.gather(*(analyze() for _ in range(20)))
    assert {report.ai_model_used for report in reports} == {"fake-model-2026"}
    assert all(report.detailed_scores.model_run.answers == 2 for report in reports)
    assert len(server.requests) == 2 * 20


async def test_without_slots_the_same_calls_time_out(server: FakeModel) -> None:
    answer_one_at_a_time(server, seconds=0.1)
    limits = {"model_request_seconds": 0.8, "model_budget_seconds": 1}
    async with model_at(server.url, model_concurrency=20, **limits) as model:
        answers = await asyncio.gather(*(ask(model) for _ in range(20)))
    assert answers.count("timeout") > 5


async def test_slots_are_used_at_the_same_time(server: FakeModel) -> None:
    server.replies = [completion(ANSWER, wait=0.3)]
    async with model_at(server.url, model_concurrency=5) as model:
        async with asyncio.timeout(2):
            assert await asyncio.gather(*(ask(model) for _ in range(10))) == [PARSED] * 10


async def test_call_that_waits_too_long_is_not_sent(server: FakeModel) -> None:
    server.replies = [completion(ANSWER, wait=0.5)]
    async with model_at(server.url, model_concurrency=1, model_wait_seconds=0.7) as model:
        answers = await asyncio.gather(*(ask(model) for _ in range(5)))
    assert answers == [PARSED, PARSED, "busy", "busy", "busy"]
    assert len(server.requests) == 2


async def test_cancelled_call_gives_its_slot_back(server: FakeModel) -> None:
    server.replies = [completion(ANSWER, wait=30), completion(ANSWER)]
    async with model_at(server.url, model_concurrency=1) as model:
        running = asyncio.create_task(ask(model))
        queued = asyncio.create_task(ask(model))
        await asyncio.sleep(0.2)
        for task in (queued, running):
            task.cancel()
        await asyncio.wait([running, queued])
        assert waiting(model) == 0
        assert await ask(model) == PARSED


@pytest.mark.parametrize("concurrency", [1, 3])
async def test_failing_server_is_noticed_by_all_that_wait(server: FakeModel, concurrency: int) -> None:
    server.replies = [FakeReply(status=503)]
    limits = {"model_request_seconds": 0.5, "model_budget_seconds": 1, "model_attempts": 1}
    async with model_at(
        server.url,
        model_concurrency=concurrency,
        model_breaker_failures=2,
        model_breaker_seconds=60,
        **limits,
    ) as model:
        async with asyncio.timeout(5):
            answers = await asyncio.gather(*(ask(model) for _ in range(20)))
    assert set(answers) == {"server_error", "paused"}
    assert len(server.requests) <= 1 + concurrency


async def test_stop_ends_the_calls_that_wait_and_not_those_that_run(server: FakeModel) -> None:
    server.replies = [completion(ANSWER, wait=0.5)]
    async with model_at(server.url, model_concurrency=2) as model:
        calls = [asyncio.create_task(ask(model)) for _ in range(6)]
        await asyncio.sleep(0.2)
        model.client.slots.close()
        async with asyncio.timeout(0.2):
            assert await asyncio.gather(*calls[2:]) == ["closed"] * 4
        assert waiting(model) == 0
        assert await asyncio.gather(*calls[:2]) == [PARSED] * 2
        # Also with a free slot: the process may be killed before the answer comes.
        assert await ask(model) == "closed"
        assert len(server.requests) == 2
        model.client.slots.open()
        assert [await ask(model), await ask(model)] == [PARSED] * 2


async def test_call_that_the_breaker_holds_back_ends_with_a_stop(server: FakeModel) -> None:
    server.replies = [FakeReply(status=503)]
    limits = {"model_request_seconds": 1, "model_attempts": 1, "model_breaker_failures": 1}
    async with model_at(server.url, **limits) as model:
        assert await ask(model) == "server_error"
        held = asyncio.create_task(ask(model))
        await asyncio.sleep(0.1)
        model.client.slots.close()
        async with asyncio.timeout(2):
            assert await held == "closed"
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("depth", "calls", "ends"),
    [
        (Depth.STANDARD, 2, [type(None), ShutdownInProgress, ShutdownInProgress]),
        # Its further calls wait, so the first analysis is not done either.
        (Depth.DEEP, 2, [ShutdownInProgress] * 3),
        (Depth.STANDARD, 6, [type(None)] * 3),
    ],
)
async def test_analysis_that_waits_for_the_model_at_a_stop_is_left_for_others(
    server: FakeModel, depth: Depth, calls: int, ends: list[type]
) -> None:
    server.replies = lambda request: completion(labels_json(request), wait=1)
    published: list[Event | SerializedEvent] = []

    async def publish(event: Event | SerializedEvent) -> None:
        published.append(event)

    async with model_at(server.url, model_concurrency=calls) as model:
        score = ScoreWithModel(run=run_in_thread, ask=model)
        analyze = AnalyzeResume(
            publish=publish, run=run_in_thread, seconds=60, started_after_seconds=60, score_with_model=score
        )
        jobs = ActiveWork(slots=3, calls=model.client.slots)
        requests = [
            events.requested(events.analysis_context(depth=depth, analysis_id=uuid4()), text=TEXT)
            for _ in range(3)
        ]
        tasks = [
            asyncio.create_task(jobs.run(each.analysis.analysis_id, partial(analyze, each)))
            for each in requests
        ]
        asked = 3 * (2 if depth is Depth.STANDARD else 5)

        async def all_asked() -> bool:
            return (len(server.requests), waiting(model)) == (calls, asked - calls)

        async with asyncio.timeout(30):
            await eventually(all_asked)
            jobs.close()
            outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert sorted(type(each).__name__ for each in outcomes) == sorted(each.__name__ for each in ends)
    assert len(published) == ends.count(type(None))
    assert len(server.requests) == calls


@pytest.mark.parametrize("seconds", [0.0, -1.0])
async def test_call_without_time_says_nothing_about_the_provider(server: FakeModel, seconds: float) -> None:
    server.replies = [completion(ANSWER)]
    async with model_at(server.url, model_breaker_failures=1, model_breaker_seconds=60) as model:
        late = CallBudget(seconds=seconds)
        with pytest.raises(ModelFailed, match="timeout"):
            await model.client.ask(QUESTION, seed=1, budget=late)
        assert (late.requests, len(server.requests)) == (0, 0)
        assert await ask(model) == PARSED


async def test_timeout_of_a_request_says_something_about_the_provider(server: FakeModel) -> None:
    server.replies = [completion(ANSWER, wait=2)]
    limits = {"model_request_seconds": 0.3, "model_attempts": 1}
    async with model_at(server.url, model_breaker_failures=1, model_breaker_seconds=60, **limits) as model:
        assert await ask(model) == "timeout"
        late = CallBudget(seconds=0.2)
        with pytest.raises(ModelFailed, match="paused"):
            await model.client.ask(QUESTION, seed=1, budget=late)
