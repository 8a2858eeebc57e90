"""Analyze one resume and publish its report, or the reason why there is none."""

import asyncio
import time
from datetime import UTC, datetime

from chassis.messaging.consuming.concurrent import ShutdownInProgress
from chassis.telemetry.logs import get_logger
from contracts.envelope import SerializedEvent
from contracts.events import (
    AnalysisContext,
    AnalysisFailedToRun,
    AnalysisRequested,
    AnalysisStarted,
    AnalysisSucceeded,
    Failure,
)
from contracts.vocabulary import Depth, FailureCode
from scoring.language.detection import is_japanese
from scoring.messages import Messages, report_language
from scoring.resume.resume import NotAssessable
from scoring.rubric import Language

from analyzer.pipeline import steps
from analyzer.pipeline.publish_event import Publish
from analyzer.pipeline.score_with_model import ScoreWithModel
from analyzer.pipeline.steps import StepFailed, place_of
from analyzer.pipeline.worker_pool import NoWorkers, RunStep

log = get_logger(__name__)


class AnalyzeResume:
    """Ends each analysis in a published report or failure; a repetition publishes the same again."""

    def __init__(
        self,
        *,
        publish: Publish,
        run: RunStep,
        seconds: float,
        started_after_seconds: float,
        score_with_model: ScoreWithModel | None = None,
    ) -> None:
        """Set the limits of an analysis and its collaborators.

        Args:
            publish: Publishes the events of the analysis.
            run: Runs the steps that need the processor.
            seconds: Time limit of an analysis; after it the analysis fails.
            started_after_seconds: Time after which an analysis that still runs is announced as started.
            score_with_model: Scores standard and deep analyses. Without it, rules score everything.
        """
        self._publish = publish
        self._run = run
        self._seconds = seconds
        self._started_after_seconds = started_after_seconds
        self._score_with_model = score_with_model

    async def __call__(self, requested: AnalysisRequested) -> None:
        """Analyze a resume and publish the outcome; a problem with the resume becomes a published failure.

        Raises:
            NoWorkers: There is no worker to score with; nothing about the end is published.
            ShutdownInProgress: The process stops before the model was asked; nothing is published either.
        """
        started_at = datetime.now(UTC)
        outcome = asyncio.create_task(self._outcome(requested))
        try:
            await asyncio.wait([outcome], timeout=self._started_after_seconds)
            if not outcome.done():
                # Awaited before the outcome is published, so the two events keep their order.
                await self._publish(
                    AnalysisStarted(version=1, analysis=requested.analysis, started_at=started_at)
                )
            event = await outcome
        finally:
            outcome.cancel()
            await asyncio.wait([outcome])
        await self._publish(event)
        log.info("analysis ended", outcome=event.type)

    async def _outcome(self, requested: AnalysisRequested) -> SerializedEvent | AnalysisFailedToRun:
        started = time.perf_counter()
        try:
            async with asyncio.timeout(self._seconds):
                report = await self._score(requested)
        except NotAssessable as error:
            failure = _failure(requested, error.code)
        except (NoWorkers, ShutdownInProgress):
            raise
        except TimeoutError:
            log.error("scoring took too long", seconds=self._seconds)  # noqa: TRY400 - nothing to trace
            failure = _failure(requested, FailureCode.DEADLINE_EXCEEDED)
        except Exception as error:  # noqa: BLE001 - the same resume would fail again, so the analysis ends
            # Neither message nor traceback: they may quote the resume.
            failed = (
                error if isinstance(error, StepFailed) else StepFailed(type(error).__name__, place_of(error))
            )
            log.error("scoring failed", error=failed.error, place=failed.place)  # noqa: TRY400 - as above
            failure = _failure(requested, FailureCode.INTERNAL_ERROR)
        else:
            milliseconds = round((time.perf_counter() - started) * 1000)
            return _succeeded(requested.analysis, report, milliseconds=milliseconds)
        return AnalysisFailedToRun(
            version=2, analysis=requested.analysis, failure=failure, finished_at=datetime.now(UTC)
        )

    async def _score(self, requested: AnalysisRequested) -> str:
        """Return the report as JSON without the processing time."""
        now = datetime.now(UTC)
        if self._score_with_model is None or requested.analysis.depth is Depth.QUICK:
            return await self._run(steps.score_by_rules, requested.model_dump_json(), now)
        return await self._score_with_model(requested, now=now)


def _succeeded(analysis: AnalysisContext, report: str, *, milliseconds: int) -> SerializedEvent:
    """Write the event around the JSON of the report, which results-api validates."""
    value = (
        f'{{"version":2,"analysis":{analysis.model_dump_json()},"finished_at":"{datetime.now(UTC).isoformat()}",'
        f'"report":{report[:-1]},"processing_time_ms":{milliseconds}}}}}'
    )
    return SerializedEvent(model=AnalysisSucceeded, subject=analysis.analysis_id, value=value)


def _failure(requested: AnalysisRequested, code: FailureCode) -> Failure:
    resume: Language = "ja" if is_japanese(requested.text) else "en"
    say = Messages(report_language(requested, resume=resume), resume_language=resume)
    return Failure(code=code, detail=say(f"failure.{code}"))
