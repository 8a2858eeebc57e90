"""Lets a model answer what takes judgement; where nothing comes of that, the rules answer alone."""

import time
from datetime import datetime
from functools import partial
from typing import Final, Protocol

from chassis.telemetry.logs import get_logger
from contracts.events import AnalysisRequested
from contracts.vocabulary import Depth, ReviewType
from scoring import NotAssessable

from analyzer.llm.client.ask import Question
from analyzer.llm.client.model_client import Tally
from analyzer.llm.client.telemetry import ModelTelemetry, Prices
from analyzer.llm.consult import ConsultModel, Questions
from analyzer.llm.prompting import checklist, writing
from analyzer.llm.prompting.answered import Reason, Spent
from analyzer.llm.prompting.prompt import Prompt
from analyzer.llm.verification.merge import Asking
from analyzer.pipeline import steps
from analyzer.pipeline.frames import StepFailed
from analyzer.pipeline.pool import NoWorkers, RunStep

log = get_logger(__name__)

_CALLS: Final = {Depth.STANDARD: 1, Depth.DEEP: 3}


class Advisor(Protocol):
    """Makes the report with a model's help, as the JSON of a step; raises nothing of the model's making."""

    async def __call__(self, requested: AnalysisRequested, /, *, now: datetime) -> str: ...


class AdviseByModel:
    """Asks the checklist once or, for a deep analysis, three times and for the writing too, within one budget
    of time."""

    def __init__(
        self,
        *,
        run: RunStep,
        consult: ConsultModel,
        prompt: Prompt,
        telemetry: ModelTelemetry,
        budget_seconds: float,
        prices: Prices | None = None,
    ) -> None:
        self.telemetry = telemetry
        self._run = run
        self._consult = consult
        self._prompt = prompt
        self._budget_seconds = budget_seconds
        self._prices = prices

    async def close(self) -> None:
        await self._consult.close()

    async def __call__(self, requested: AnalysisRequested, *, now: datetime) -> str:
        """For standard and greater depth. Raises NotAssessable, NoWorkers, and what else the rules raise."""
        request = requested.model_dump_json()
        if requested.analysis.review_type is ReviewType.ATS_CHECK:
            return await self._run(steps.score, request, now, "notice.rules_ats_check")
        tally = Tally(until=time.monotonic() + self._budget_seconds)
        try:
            return await self._with_model(requested, request, now=now, tally=tally)
        except (NotAssessable, NoWorkers):
            raise
        except Exception as error:  # noqa: BLE001 - the rules' answers stand, whatever is wrong here
            # The class alone: messages may quote the resume or the model.
            name = error.error if isinstance(error, StepFailed) else type(error).__name__
            log.error("the model's answer could not be used", error=name)  # noqa: TRY400 - as above
        self.telemetry.fell_back(Reason.INTERNAL)
        spent = self._spent(tally, is_cached=False)
        return await self._run(steps.score_alone, request, now, Reason.INTERNAL, spent)

    async def _with_model(
        self, requested: AnalysisRequested, request: str, *, now: datetime, tally: Tally
    ) -> str:
        opened = await self._run(steps.open_case, request)
        questions = self._questions(opened.asking, depth=requested.analysis.depth)
        answered = await self._consult(questions, resume_id=requested.analysis.resume_id, tally=tally)
        if not answered.checklists:
            self.telemetry.fell_back(answered.failures[0])
        consulted = steps.Consulted(
            answered=answered,
            times=questions.times,
            with_writing=questions.writing is not None,
            spent=self._spent(tally, is_cached=answered.is_cached),
        )
        return await self._run(steps.close_case, request, now, opened.case, consulted)

    def _questions(self, asking: Asking, *, depth: Depth) -> Questions:
        ids = self._prompt.ids
        asked_on_writing = Question(
            name="writing",
            messages=asking.writing,
            schema=writing.schema(asking.sections),
            parse=writing.parse,
            repair=self._prompt.repair,
        )
        return Questions(
            checklist=Question(
                name="checklist",
                messages=asking.checklist,
                schema=checklist.schema(ids),
                parse=partial(checklist.parse, ids=ids),
                repair=self._prompt.repair,
            ),
            times=_CALLS[depth],
            writing=asked_on_writing if depth is Depth.DEEP else None,
            asked=[self._prompt.sha256, asking.without_boundary],
        )

    def _spent(self, tally: Tally, *, is_cached: bool) -> Spent:
        cost = 0.0 if is_cached else None
        if self._prices:
            dollars = self._prices.dollars(input_tokens=tally.input_tokens, output_tokens=tally.output_tokens)
            cost = round(dollars, 6)
        return Spent(
            requests=tally.requests,
            input_tokens=tally.input_tokens,
            output_tokens=tally.output_tokens,
            cost_usd=cost,
        )
