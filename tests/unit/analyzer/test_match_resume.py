"""The outcome of a match that is published: the result, or the reason why there is none."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from analyzer.pipeline.match_resume import MatchResume
from analyzer.pipeline.steps import StepFailed
from analyzer.pipeline.worker_pool import NoWorkers, StepHung, WorkerDied
from contracts.envelope import SerializedEvent
from contracts.events import Event
from contracts.match_events import MatchFailedToRun, MatchRequested, MatchSucceeded
from contracts.vocabulary import FailureCode

from tests.support.analyses import run_in_thread
from tests.support.events import published
from tests.support.match_events import match_requested
from tests.support.telemetry.logs import CapturedLogs

JAPANESE = "職務経歴書\n株式会社例\n・月次決算を担当"


async def publish_events(
    requested: MatchRequested, *, run: Any = run_in_thread, seconds: float = 60
) -> list[Event]:
    events: list[Event] = []

    async def publish(event: Event | SerializedEvent) -> None:
        events.append(published(event))

    await MatchResume(publish=publish, run=run, seconds=seconds)(requested)
    return events


def failing(error: Exception) -> Callable[..., Any]:
    async def run(step: Any, *arguments: Any) -> Any:
        raise error

    return run


async def hanging(step: Any, *arguments: Any) -> Any:
    await asyncio.Event().wait()


async def test_match_is_published_with_its_context() -> None:
    requested = match_requested()
    (succeeded,) = await publish_events(requested)
    assert isinstance(succeeded, MatchSucceeded)
    assert (succeeded.version, succeeded.match) == (2, requested.match)
    assert succeeded.result.score == 75


async def test_repetition_publishes_the_same_result() -> None:
    requested = match_requested()
    results = [event for _ in range(2) for event in await publish_events(requested)]
    first, second = (event.model_dump(exclude={"finished_at"}) for event in results)
    assert first == second


async def test_unreadable_resume_is_a_match_without_a_score() -> None:
    (succeeded,) = await publish_events(match_requested(text=""))
    assert isinstance(succeeded, MatchSucceeded)
    assert succeeded.result.score is None


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (StepFailed("ValueError", "canary.py:1"), FailureCode.INTERNAL_ERROR),
        (WorkerDied(), FailureCode.INTERNAL_ERROR),
        (LookupError("canary of a resume"), FailureCode.INTERNAL_ERROR),
        (StepHung(), FailureCode.DEADLINE_EXCEEDED),
    ],
)
async def test_failure_has_a_code_and_a_sentence(
    error: Exception, code: FailureCode, captured_logs: CapturedLogs
) -> None:
    (failed,) = await publish_events(match_requested(), run=failing(error))
    assert isinstance(failed, MatchFailedToRun)
    assert (failed.version, failed.failure.code) == (2, code)
    assert failed.failure.detail.startswith("The match ")
    assert "canary of a resume" not in captured_logs.text


async def test_match_that_takes_too_long_fails_in_the_language_of_the_resume() -> None:
    (failed,) = await publish_events(match_requested(text=JAPANESE), run=hanging, seconds=0.05)
    assert isinstance(failed, MatchFailedToRun)
    assert failed.failure.code == FailureCode.DEADLINE_EXCEEDED
    assert failed.failure.detail.startswith("照合に時間")


async def test_without_workers_nothing_is_published() -> None:
    with pytest.raises(NoWorkers):
        await publish_events(match_requested(), run=failing(NoWorkers()))
