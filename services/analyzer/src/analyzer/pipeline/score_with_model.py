"""Score an analysis with the model, or by rules alone where the model does not respond."""

from datetime import datetime

from chassis.messaging.consuming.concurrent import ShutdownInProgress
from chassis.telemetry.logs import get_logger
from contracts.events import AnalysisRequested
from contracts.vocabulary import ReviewType
from scoring.resume.resume import NotAssessable

from analyzer.llm.client.ask_model import AskModel
from analyzer.llm.client.slots import CallsClosed
from analyzer.llm.responses import FailureReason, ModelResponses
from analyzer.llm.usage import CallBudget
from analyzer.pipeline import steps
from analyzer.pipeline.steps import StepFailed
from analyzer.pipeline.worker_pool import NoWorkers, RunStep

log = get_logger(__name__)


class ScoreWithModel:
    """Prepares an analysis, asks the model within one budget of time, and finishes the report."""

    def __init__(self, *, run: RunStep, ask: AskModel) -> None:
        self._run = run
        self._ask = ask

    async def __call__(self, requested: AnalysisRequested, *, now: datetime) -> str:
        """Return the report as the JSON of a step; for standard and deep analyses.

        Raises:
            NotAssessable: The resume has no readable text.
            NoWorkers: There is no worker to score with.
            ShutdownInProgress: The process stops, and a call to the model still waited for its slot.
        """
        request = requested.model_dump_json()
        if requested.analysis.review_type is ReviewType.ATS_CHECK:
            return await self._run(steps.score_by_rules, request, now, "notice.rules_ats_check")
        budget = self._ask.start_budget()
        try:
            return await self._with_model(requested, request, now=now, budget=budget)
        except (NotAssessable, NoWorkers):
            raise
        except CallsClosed:
            raise ShutdownInProgress from None
        except Exception as error:  # noqa: BLE001 - the rules' assessments stand, whatever failed
            # Only the class: messages may quote the resume or the response.
            name = error.error if isinstance(error, StepFailed) else type(error).__name__
            log.error("model response could not be used", error=name)  # noqa: TRY400 - as above
        self._ask.telemetry.count_fallback(FailureReason.INTERNAL)
        return await self._run(
            steps.score_after_failure, request, now, FailureReason.INTERNAL, budget.usage()
        )

    async def _with_model(
        self, requested: AnalysisRequested, request: str, *, now: datetime, budget: CallBudget
    ) -> str:
        prepared = await self._run(steps.prepare_analysis, request)
        responses = ModelResponses()
        if not prepared.questions.are_none:
            resume_id = requested.analysis.resume_id
            responses = await self._ask(prepared.questions, resume_id=resume_id, budget=budget)
        if responses.failures and not responses.labels:
            self._ask.telemetry.count_fallback(responses.failures[0])
        usage = budget.usage(is_cached=responses.is_cached)
        return await self._run(steps.finish_analysis, request, now, prepared.state, responses, usage)
