"""Analyze one resume and publish its report, or the reason why there is none."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol

from chassis.telemetry.logs import get_logger
from contracts.envelope import SerializedEvent
from contracts.events import (
    AnalysisContext,
    AnalysisFailedToRun,
    AnalysisRequested,
    AnalysisStarted,
    AnalysisSucceeded,
    Failure,
    PrivateEvent,
)
from contracts.vocabulary import Depth, FailureCode
from scoring import Language, Messages, NotAssessable, report_language
from scoring.language.text import is_japanese

from analyzer.pipeline import steps
from analyzer.pipeline.advise import Advisor
from analyzer.pipeline.frames import StepFailed, place_of
from analyzer.pipeline.pool import NoWorkers, RunStep

log = get_logger(__name__)


class EventPublisher(Protocol):
    """Publishes an event and returns once the broker has it."""

    async def __call__(self, event: PrivateEvent | SerializedEvent, /) -> None: ...


class AnalyzeResume:
    """Always ends in a published report or failure; repeated, it publishes the same again."""

    def __init__(
        self,
        *,
        publish: EventPublisher,
        run: RunStep,
        seconds: float,
        started_after_seconds: float,
        advise: Advisor | None = None,
    ) -> None:
        """Set the limits of an analysis and who does its work.

        Args:
            publish: Publishes the events of the analysis.
            run: Runs the steps that need the processor.
            seconds: Time after which an analysis is given up.
            started_after_seconds: Time after which an analysis that still runs is announced as started.
            advise: Asks a model where judgement is needed. Without it, rules answer everything.
        """
        self._publish = publish
        self._run = run
        self._seconds = seconds
        self._started_after_seconds = started_after_seconds
        self._advise = advise

    async def __call__(self, requested: AnalysisRequested) -> None:
        """Raises nothing of the resume's making: whatever is wrong with it becomes a failure.

        Raises:
            NoWorkers: it cannot be scored here now, and nothing is said of its end.
        """
        started_at = datetime.now(UTC)
        outcome = asyncio.create_task(self._outcome(requested))
        try:
            await asyncio.wait([outcome], timeout=self._started_after_seconds)
            if not outcome.done():
                # The end is published after this returned, so the two cannot change places.
                await self._publish(
                    AnalysisStarted(version=1, analysis=requested.analysis, started_at=started_at)
                )
            ended = await outcome
        finally:
            outcome.cancel()
            await asyncio.wait([outcome])
        await self._publish(ended)
        log.info("analysis ended", outcome=ended.type)

    async def _outcome(self, requested: AnalysisRequested) -> SerializedEvent | AnalysisFailedToRun:
        started = time.perf_counter()
        try:
            async with asyncio.timeout(self._seconds):
                report = await self._report(requested)
        except NotAssessable as error:
            failure = _failure(requested, error.code)
        except NoWorkers:
            raise
        except TimeoutError:
            log.error("scoring took too long", seconds=self._seconds)  # noqa: TRY400 - nothing to trace
            failure = _failure(requested, FailureCode.DEADLINE_EXCEEDED)
        except Exception as error:  # noqa: BLE001 - the same resume would fail again: end it, and say so
            # Neither message nor traceback: they may quote the resume.
            failed = error if isinstance(error, StepFailed) else _failure_of(error)
            log.error("scoring failed", error=failed.error, place=failed.place)  # noqa: TRY400 - as above
            failure = _failure(requested, FailureCode.INTERNAL_ERROR)
        else:
            milliseconds = round((time.perf_counter() - started) * 1000)
            return _succeeded(requested.analysis, report, milliseconds=milliseconds)
        return AnalysisFailedToRun(
            version=2, analysis=requested.analysis, failure=failure, finished_at=datetime.now(UTC)
        )

    async def _report(self, requested: AnalysisRequested) -> str:
        """Return the report as JSON that lacks the time it took."""
        now = datetime.now(UTC)
        if self._advise is None or requested.analysis.depth is Depth.QUICK:
            return await self._run(steps.score, requested.model_dump_json(), now)
        return await self._advise(requested, now=now)


def _succeeded(analysis: AnalysisContext, report: str, *, milliseconds: int) -> SerializedEvent:
    """Write the event around the report's JSON, which results-api will validate."""
    value = (
        f'{{"version":2,"analysis":{analysis.model_dump_json()},"finished_at":"{datetime.now(UTC).isoformat()}",'
        f'"report":{report[:-1]},"processing_time_ms":{milliseconds}}}}}'
    )
    return SerializedEvent(model=AnalysisSucceeded, subject=analysis.analysis_id, value=value)


def _failure(requested: AnalysisRequested, code: FailureCode) -> Failure:
    resume: Language = "ja" if is_japanese(requested.text) else "en"
    say = Messages(report_language(requested, resume=resume), resume_language=resume)
    return Failure(code=code, detail=say(f"failure.{code}"))


def _failure_of(error: Exception) -> StepFailed:
    return StepFailed(type(error).__name__, place_of(error))
