"""Lets a model answer what takes judgement; whatever becomes of that, the rules have answered already."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final, Protocol

from chassis.logs import get_logger
from contracts.events import AnalysisRequested
from contracts.report import MAX_RAW_CHARACTERS, Finding, ModelRun, RawAnswers
from contracts.vocabulary import Depth, FindingCode, ReviewType

from analyzer.model import checklist, writing
from analyzer.model.ask import Question
from analyzer.model.client import Reason, Tally
from analyzer.model.consult import Answered, ConsultModel, Questions
from analyzer.model.judge import judge
from analyzer.model.prompt import Prompt
from analyzer.model.quotes import Quotable
from analyzer.model.reading import Reading, read
from analyzer.model.suggest import Suggestions, suggest, told_sections
from analyzer.model.telemetry import ModelTelemetry, Prices
from analyzer.scoring.answers import Advice, Answer, Case

log = get_logger(__name__)

_CALLS: Final = {Depth.STANDARD: 1, Depth.DEEP: 3}

Notice = tuple[str, Mapping[str, object]]


class Advisor(Protocol):
    """Turns the rules' answers into the report's; raises nothing of the model's making."""

    async def __call__(
        self, requested: AnalysisRequested, case: Case, answers: Sequence[Answer], /
    ) -> Advice: ...


class AdviseByModel:
    """Asks the checklist once or, for a deep analysis, three times and for the writing too, within one budget
    of time."""

    def __init__(
        self,
        *,
        consult: ConsultModel,
        prompt: Prompt,
        telemetry: ModelTelemetry,
        budget_seconds: float,
        prices: Prices | None = None,
    ) -> None:
        self.telemetry = telemetry
        self._consult = consult
        self._prompt = prompt
        self._budget_seconds = budget_seconds
        self._prices = prices

    async def close(self) -> None:
        await self._consult.close()

    async def __call__(self, requested: AnalysisRequested, case: Case, answers: Sequence[Answer]) -> Advice:
        analysis = requested.analysis
        if analysis.review_type is ReviewType.ATS_CHECK:
            return Advice(answers=answers, model=None, notices=[("notice.rules_ats_check", {})])
        if analysis.depth not in _CALLS:
            return Advice(answers=answers, model=None, notices=[("notice.rules_quick", {})])
        tally = Tally(until=time.monotonic() + self._budget_seconds)
        try:
            reading, questions = await asyncio.to_thread(self._prepare, requested, case)
            answered = await self._consult(questions, resume_id=analysis.resume_id, tally=tally)
            if not answered.checklists:
                reason = answered.failures[0]
                return self._rules_alone(answers, reason, tally, suspected=reading.suspected)
            return await asyncio.to_thread(
                self._merge,
                case,
                answers,
                answered=answered,
                reading=reading,
                questions=questions,
                tally=tally,
            )
        except Exception as error:  # noqa: BLE001 - the rules' answers stand, whatever is wrong here
            # The class alone: messages may quote the resume or the model.
            log.error("the model's answer could not be used", error=type(error).__name__)  # noqa: TRY400 - as above
            return self._rules_alone(answers, Reason.INTERNAL, tally, suspected=0)

    def _prepare(self, requested: AnalysisRequested, case: Case) -> tuple[Reading, Questions]:
        names = [requested.analysis.candidate_name]
        reading = read(case.resume.text, names=names, screened=case.resume.screened)
        depth, ids, sections = requested.analysis.depth, self._prompt.ids, told_sections(case)
        fill_in = partial(
            self._prompt.conversations,
            case,
            resume=reading.shown.text,
            focus_areas=[read(area, names=names).shown.text for area in requested.focus_areas],
            sections=sections,
        )
        on_checklist, on_writing = fill_in()
        asked_on_writing = Question(
            name="writing",
            messages=on_writing,
            schema=writing.schema(sections),
            parse=writing.parse,
            repair=self._prompt.repair,
        )
        return reading, Questions(
            checklist=Question(
                name="checklist",
                messages=on_checklist,
                schema=checklist.schema(ids),
                parse=partial(checklist.parse, ids=ids),
                repair=self._prompt.repair,
            ),
            times=_CALLS[depth],
            writing=asked_on_writing if depth is Depth.DEEP else None,
            asked=[self._prompt.sha256, fill_in(boundary="")],
        )

    def _merge(
        self,
        case: Case,
        answers: Sequence[Answer],
        *,
        answered: Answered,
        reading: Reading,
        questions: Questions,
        tally: Tally,
    ) -> Advice:
        quotable = Quotable(reading.shown)
        merged: list[Answer] = []
        unverified = 0
        for rule in answers:
            if rule.id not in self._prompt.ids:
                merged.append(rule)
                continue
            judged = judge(rule, [each.value[rule.id] for each in answered.checklists], reading, quotable)
            unverified += judged.unverified
            merged.append(judged.answer)
        told = suggest(case, answered.writing.value, reading, quotable) if answered.writing else None
        unverified += told.unverified if told else 0
        counted = any(each.method == "model" for each in merged) or bool(
            told and (told.sections or told.rewrites)
        )
        run = self._run(answered, tally, unverified=unverified, suspected=reading.suspected)
        return Advice(
            answers=merged,
            model=answered.raw[0].model if counted else None,
            notices=[
                *_of_the_checklist(merged, answered, questions.times),
                *_of_the_writing(questions, told),
                *_suspicion(reading.suspected),
            ],
            run=run,
            findings=_findings(case, unverified),
            remarks=told.remarks if told else (),
            section_feedback=told.sections if told else (),
            rewrites=told.rewrites if told else (),
            raw=_raw(answered) if counted else None,
        )

    def _rules_alone(
        self, answers: Sequence[Answer], reason: Reason, tally: Tally, *, suspected: int
    ) -> Advice:
        self.telemetry.fell_back(reason)
        nothing = Answered(checklists=(), writing=None)
        return Advice(
            answers=answers,
            model=None,
            notices=[(f"notice.model_failed.{reason.value}", {}), *_suspicion(suspected)],
            run=self._run(nothing, tally, unverified=0, suspected=suspected),
        )

    def _run(self, answered: Answered, tally: Tally, *, unverified: int, suspected: int) -> ModelRun:
        cost = 0.0 if answered.is_cached else None
        if self._prices:
            dollars = self._prices.dollars(input_tokens=tally.input_tokens, output_tokens=tally.output_tokens)
            cost = round(dollars, 6)
        return ModelRun(
            prompt_version=self._prompt.version,
            prompt_sha256=self._prompt.sha256,
            requests=tally.requests,
            answers=len(answered.raw),
            input_tokens=tally.input_tokens,
            output_tokens=tally.output_tokens,
            cost_usd=cost,
            unverified_quotes=unverified,
            suspected_instructions=suspected,
            is_cached=answered.is_cached,
        )


def _suspicion(suspected: int) -> list[Notice]:
    return [("notice.suspected_instruction", {"n": suspected})] if suspected else []


def _of_the_checklist(answers: Sequence[Answer], answered: Answered, wanted: int) -> list[Notice]:
    notices: list[Notice] = []
    if by_model := sum(each.method == "model" for each in answers):
        notices.append(("notice.model", {"n": by_model, "total": len(answers)}))
    else:
        notices.append(("notice.model_unproven", {}))
    calls = len(answered.checklists)
    if spreads := [each.spread for each in answers if each.spread is not None]:
        agreed = sum(spread == 0 for spread in spreads)
        notices.append(("notice.model_spread", {"calls": calls, "agreed": agreed, "n": len(spreads)}))
    if calls < wanted:
        notices.append(("notice.model_lost", {"n": wanted - calls, "calls": wanted}))
    return notices


def _of_the_writing(questions: Questions, told: Suggestions | None) -> list[Notice]:
    if told is None:
        return [("notice.writing_lost", {})] if questions.writing else []
    return [("notice.writing_dropped", {"n": told.dropped})] if told.dropped else []


def _findings(case: Case, unverified: int) -> list[Finding]:
    if not unverified:
        return []
    detail = case.say("finding.unverified_quotes", n=unverified)
    return [Finding(code=FindingCode.UNVERIFIED_QUOTES, detail=detail, count=unverified)]


def _raw(answered: Answered) -> RawAnswers:
    contents = [each.content for each in answered.raw]
    return RawAnswers(
        model=answered.raw[0].model,
        answers=tuple(each[:MAX_RAW_CHARACTERS] for each in contents),
        is_cut=any(len(each) > MAX_RAW_CHARACTERS for each in contents),
    )
