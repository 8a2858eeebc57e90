"""Lets a model answer what takes judgement; whatever becomes of that, the rules have answered already."""

import asyncio
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median_low
from typing import Final, Protocol

from chassis.logs import get_logger
from contracts.events import AnalysisRequested
from contracts.report import MAX_QUOTES, MAX_SENTENCE_CHARACTERS, ModelRun
from contracts.vocabulary import Depth, ReviewType

from analyzer.model.ask import AskModel, Reply
from analyzer.model.checklist import Judgement
from analyzer.model.client import ModelFailed, Reason, Tally
from analyzer.model.prompt import Prompt
from analyzer.model.quotes import Quotable
from analyzer.model.reading import Reading, read
from analyzer.scoring.answers import Advice, Answer, Case
from analyzer.scoring.folding import INVISIBLE
from analyzer.scoring.text import Span

log = get_logger(__name__)

_CALLS: Final = {Depth.STANDARD: 1, Depth.DEEP: 3}
# Steps of the model's scale between nothing and everything.
_STEPS: Final = 2
_NUMBER = re.compile(r"\d+")

Notice = tuple[str, Mapping[str, object]]


class Advisor(Protocol):
    """Turns the rules' answers into the report's; raises nothing of the model's making."""

    async def __call__(
        self, requested: AnalysisRequested, case: Case, answers: Sequence[Answer], /
    ) -> Advice: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """US dollars a million tokens."""

    input: float
    output: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A judgement whose quotes were looked up; `level` None: it claims something and proves nothing."""

    level: int | None
    spans: tuple[Span, ...]
    unverified: int
    judgement: Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The answer to one criterion, and how many quotes given for it do not occur."""

    answer: Answer
    unverified: int


class AdviseByModel:
    """Asks once or, for a deep analysis, three times, within one budget of time."""

    def __init__(
        self, *, ask: AskModel, prompt: Prompt, budget_seconds: float, prices: Prices | None = None
    ) -> None:
        self._ask = ask
        self._prompt = prompt
        self._budget_seconds = budget_seconds
        self._prices = prices

    async def close(self) -> None:
        await self._ask.close()

    async def __call__(self, requested: AnalysisRequested, case: Case, answers: Sequence[Answer]) -> Advice:
        analysis = requested.analysis
        if analysis.review_type is ReviewType.ATS_CHECK:
            return Advice(answers=answers, model=None, notices=[("notice.rules_ats_check", {})])
        wanted = _CALLS.get(analysis.depth, 0)
        if not wanted:
            return Advice(answers=answers, model=None, notices=[("notice.rules_quick", {})])
        tally = Tally(until=time.monotonic() + self._budget_seconds)
        try:
            return await self._advise(requested, case, answers, wanted, tally)
        except Exception as error:  # noqa: BLE001 - the rules' answers stand, whatever is wrong here
            # The class alone: messages may quote the resume or the model.
            log.error("the model's answer could not be used", error=type(error).__name__)  # noqa: TRY400 - as above
            return self._rules_alone(answers, Reason.INTERNAL, tally, suspected=0)

    async def _advise(
        self, requested: AnalysisRequested, case: Case, answers: Sequence[Answer], wanted: int, tally: Tally
    ) -> Advice:
        reading, messages = await asyncio.to_thread(self._prepare, requested, case)
        outcomes = await asyncio.gather(
            *(
                self._ask(messages, ids=self._prompt.ids, repair=self._prompt.repair, seed=seed, tally=tally)
                for seed in range(1, wanted + 1)
            ),
            return_exceptions=True,
        )
        replies = [each for each in outcomes if isinstance(each, Reply)]
        failures = [each for each in outcomes if isinstance(each, BaseException)]
        for failure in failures:
            if not isinstance(failure, ModelFailed):
                raise failure
        reasons = [each.reason for each in failures if isinstance(each, ModelFailed)]
        if reasons:
            log.warning("the model did not answer", reasons=[reason.value for reason in reasons])
        if not replies:
            return self._rules_alone(answers, reasons[0], tally, suspected=reading.suspected)
        return await asyncio.to_thread(self._merge, answers, replies, reading, tally, wanted - len(replies))

    def _prepare(self, requested: AnalysisRequested, case: Case) -> tuple[Reading, list[dict[str, str]]]:
        names = [requested.analysis.candidate_name]
        reading = read(case.resume.text, names=names)
        areas = [read(area, names=names).shown.text for area in requested.focus_areas]
        return reading, self._prompt.messages(case, resume=reading.shown.text, focus_areas=areas)

    def _merge(
        self,
        answers: Sequence[Answer],
        replies: Sequence[Reply],
        reading: Reading,
        tally: Tally,
        lost: int,
    ) -> Advice:
        quotable = Quotable(reading.shown)
        merged: list[Answer] = []
        unverified = by_model = 0
        spreads: list[int] = []
        for rule in answers:
            if rule.id not in self._prompt.ids:
                merged.append(rule)
                continue
            judged = judge(rule, [reply.judgements[rule.id] for reply in replies], reading, quotable)
            unverified += judged.unverified
            answer = judged.answer
            if answer.spread is not None:
                spreads.append(answer.spread)
            by_model += answer.method == "model"
            merged.append(answer)
        notices: list[Notice] = []
        if by_model:
            notices.append(("notice.model", {"n": by_model, "total": len(answers)}))
        else:
            notices.append(("notice.model_unproven", {}))
        if spreads:
            agreed = sum(spread == 0 for spread in spreads)
            notices.append(
                ("notice.model_spread", {"calls": len(replies), "agreed": agreed, "n": len(spreads)})
            )
        if lost:
            notices.append(("notice.model_lost", {"n": lost, "calls": lost + len(replies)}))
        if unverified:
            notices.append(("notice.unverified_quotes", {"n": unverified}))
        return Advice(
            answers=merged,
            model=replies[0].model if by_model else None,
            notices=[*notices, *_suspicion(reading.suspected)],
            run=self._run(tally, len(replies), unverified=unverified, suspected=reading.suspected),
        )

    def _rules_alone(
        self, answers: Sequence[Answer], reason: Reason, tally: Tally, *, suspected: int
    ) -> Advice:
        return Advice(
            answers=answers,
            model=None,
            notices=[(f"notice.model_failed.{reason.value}", {}), *_suspicion(suspected)],
            run=self._run(tally, 0, unverified=0, suspected=suspected),
        )

    def _run(self, tally: Tally, answers: int, *, unverified: int, suspected: int) -> ModelRun:
        cost = None
        if self._prices:
            dollars = tally.input_tokens * self._prices.input + tally.output_tokens * self._prices.output
            cost = round(dollars / 1_000_000, 6)
        return ModelRun(
            prompt_version=self._prompt.version,
            prompt_sha256=self._prompt.sha256,
            requests=tally.requests,
            answers=answers,
            input_tokens=tally.input_tokens,
            output_tokens=tally.output_tokens,
            cost_usd=cost,
            unverified_quotes=unverified,
            suspected_instructions=suspected,
        )


def _suspicion(suspected: int) -> list[Notice]:
    return [("notice.suspected_instruction", {"n": suspected})] if suspected else []


def _look_up(judgement: Judgement, quotable: Quotable) -> _Seen:
    found = [quotable.find(quote) for quote in judgement.quotes]
    spans = tuple(dict.fromkeys(span for span in found if span))
    is_proven = judgement.level == 0 or bool(spans)
    return _Seen(
        level=judgement.level if is_proven else None,
        spans=spans[:MAX_QUOTES],
        unverified=found.count(None),
        judgement=judgement,
    )


def judge(rule: Answer, judgements: Sequence[Judgement], reading: Reading, quotable: Quotable) -> Judged:
    """The median of what was proven. The rule's answer stands where no more than half of the judgements
    were, and where a resume that speaks to the model did better with it than by the rule."""
    seen = [_look_up(each, quotable) for each in judgements]
    unverified = sum(each.unverified for each in seen)
    return Judged(answer=_answer(rule, seen, reading), unverified=unverified)


def _answer(rule: Answer, seen: Sequence[_Seen], reading: Reading) -> Answer:
    proven = [(each, each.level) for each in seen if each.level is not None]
    if 2 * len(proven) <= len(seen):
        return rule
    levels = [level for _, level in proven]
    level = median_low(levels)
    share = level / _STEPS
    if reading.suspected and (rule.share is None or share > rule.share):
        return rule
    best = next(each for each, its in proven if its == level)
    reason = _sentence(best.judgement.reason)
    fix = _sentence(best.judgement.fix or "")
    if set(_NUMBER.findall(fix)) - set(_NUMBER.findall(reading.shown.text)):
        # A number that the resume does not hold was invented.
        fix = ""
    return replace(
        rule,
        share=share,
        reason=reason or rule.reason,
        fix=None if level == _STEPS else fix or rule.fix,
        quotes=best.spans,
        method="model",
        spread=max(levels) - min(levels) if len(seen) > 1 else None,
    )


def _sentence(text: str) -> str:
    """As a report may hold it: on one line, nothing invisible."""
    printed = "".join(each if each.isprintable() else " " for each in INVISIBLE.sub("", text))
    return " ".join(printed.split())[:MAX_SENTENCE_CHARACTERS]
