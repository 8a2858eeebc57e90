"""Match one resume to a job and publish the match, or the reason why there is none."""

import asyncio
from datetime import UTC, datetime

from chassis.telemetry.logs import get_logger
from contracts.envelope import SerializedEvent
from contracts.events import Failure
from contracts.match_events import MatchContext, MatchFailedToRun, MatchRequested, MatchSucceeded
from contracts.matching import Reason
from contracts.vocabulary import FailureCode
from matching.messages import reason_sentence
from scoring.language.detection import is_japanese

from analyzer.pipeline.match_step import match_resume
from analyzer.pipeline.publish_event import Publish
from analyzer.pipeline.steps import StepFailed, place_of
from analyzer.pipeline.worker_pool import NoWorkers, RunStep

log = get_logger(__name__)


class MatchResume:
    """Ends each match in a published result or failure; a repetition publishes the same again."""

    def __init__(self, *, publish: Publish, run: RunStep, seconds: float) -> None:
        """Set the collaborators, and the time limit after which a match fails."""
        self._publish = publish
        self._run = run
        self._seconds = seconds

    async def __call__(self, requested: MatchRequested) -> None:
        """Match a resume and publish the outcome.

        Raises:
            NoWorkers: There is no worker to match with; nothing is published.
        """
        event = await self._outcome(requested)
        await self._publish(event)
        log.info("match ended", outcome=event.type)

    async def _outcome(self, requested: MatchRequested) -> SerializedEvent | MatchFailedToRun:
        try:
            async with asyncio.timeout(self._seconds):
                result = await self._run(match_resume, requested.model_dump_json(), datetime.now(UTC).date())
        except NoWorkers:
            raise
        except TimeoutError:
            log.error("matching took too long", seconds=self._seconds)  # noqa: TRY400 - nothing to trace
            return _failed(requested, FailureCode.DEADLINE_EXCEEDED)
        except Exception as error:  # noqa: BLE001 - the same match would fail again, so it ends
            # Neither message nor traceback: they may quote the resume.
            failed = (
                error if isinstance(error, StepFailed) else StepFailed(type(error).__name__, place_of(error))
            )
            log.error("matching failed", error=failed.error, place=failed.place)  # noqa: TRY400 - as above
            return _failed(requested, FailureCode.INTERNAL_ERROR)
        return _succeeded(requested.match, result)


def _succeeded(match: MatchContext, result: str) -> SerializedEvent:
    """Write the event around the JSON of the match, which results-api validates."""
    value = (
        f'{{"version":2,"match":{match.model_dump_json()},"result":{result},'
        f'"finished_at":"{datetime.now(UTC).isoformat()}"}}'
    )
    return SerializedEvent(model=MatchSucceeded, subject=match.match_id, value=value)


def _failed(requested: MatchRequested, code: FailureCode) -> MatchFailedToRun:
    sentence = reason_sentence(Reason(key=f"failure.{code}"), "ja" if is_japanese(requested.text) else "en")
    return MatchFailedToRun(
        version=2,
        match=requested.match,
        failure=Failure(code=code, detail=sentence),
        finished_at=datetime.now(UTC),
    )
