"""Before a model is asked and after: what to show it of a case, and what its answers make of the rules'.

Nothing here asks anybody; it is work for the processor, and runs where the rules do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from contracts.events import AnalysisRequested
from contracts.report import MAX_RAW_CHARACTERS, Finding, ModelRun, RawAnswers
from contracts.vocabulary import FindingCode
from scoring import Assessment, ModelResult, ScoringContext

from analyzer.llm.prompting.answered import Answered, Reason, Spent
from analyzer.llm.prompting.prompt import Conversation, Prompt
from analyzer.llm.prompting.reading import Reading, read
from analyzer.llm.verification.judge import judge
from analyzer.llm.verification.quotes import Quotable
from analyzer.llm.verification.suggest import Suggestions, suggest, told_sections

Notice = tuple[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """The conversations to have about a case, on its `sections`; `without_boundary` is what they say without
    what is random in them."""

    checklist: Conversation
    writing: Conversation
    sections: Sequence[str]
    without_boundary: tuple[Conversation, Conversation]


def prepare(requested: AnalysisRequested, case: ScoringContext, prompt: Prompt) -> tuple[Reading, Asking]:
    """What a model may read of the resume, and the conversations about it."""
    names = [requested.analysis.candidate_name]
    reading = read(case.resume.text, names=names, screened=case.resume.screened)
    sections = told_sections(case)
    fill_in = partial(
        prompt.conversations,
        case,
        resume=reading.shown.text,
        focus_areas=[read(area, names=names).shown.text for area in requested.focus_areas],
        sections=sections,
    )
    checklist, writing = fill_in()
    return reading, Asking(
        checklist=checklist,
        writing=writing,
        sections=sections,
        without_boundary=fill_in(boundary=""),
    )


def merge(
    case: ScoringContext,
    answers: Sequence[Assessment],
    reading: Reading,
    *,
    prompt: Prompt,
    answered: Answered,
    times: int,
    with_writing: bool,
    spent: Spent,
) -> ModelResult:
    """The answers of the rules with what the model proved; it was asked the checklist `times` times."""
    quotable = Quotable(reading.shown)
    merged: list[Assessment] = []
    unverified = 0
    for rule in answers:
        if rule.id not in prompt.ids:
            merged.append(rule)
            continue
        said = [each.value[rule.id] for each in answered.checklists]
        judged = judge(rule, said, reading, quotable, language=case.say.language)
        unverified += judged.unverified
        merged.append(judged.answer)
    told = suggest(case, answered.writing.value, reading, quotable) if answered.writing else None
    unverified += told.unverified if told else 0
    counted = any(each.method == "model" for each in merged) or bool(
        told and (told.sections or told.rewrites)
    )
    return ModelResult(
        assessments=merged,
        model=answered.raw[0].model if counted else None,
        notices=[
            *_of_the_checklist(merged, answered, times),
            *_of_the_writing(told, is_wanted=with_writing),
            *_suspicion(reading.suspected),
        ],
        run=_run(prompt, answered, spent, unverified=unverified, suspected=reading.suspected),
        findings=_findings(case, unverified),
        remarks=told.remarks if told else (),
        section_feedback=told.sections if told else (),
        rewrites=told.rewrites if told else (),
        raw=_raw(answered) if counted else None,
    )


def rules_alone(
    answers: Sequence[Assessment], reason: Reason, *, prompt: Prompt, spent: Spent, suspected: int = 0
) -> ModelResult:
    """The answers of the rules, and why there are no others."""
    nothing = Answered(checklists=(), writing=None)
    return ModelResult(
        assessments=answers,
        model=None,
        notices=[(f"notice.model_failed.{reason.value}", {}), *_suspicion(suspected)],
        run=_run(prompt, nothing, spent, unverified=0, suspected=suspected),
    )


def _run(prompt: Prompt, answered: Answered, spent: Spent, *, unverified: int, suspected: int) -> ModelRun:
    return ModelRun(
        prompt_version=prompt.version,
        prompt_sha256=prompt.sha256,
        requests=spent.requests,
        answers=len(answered.raw),
        input_tokens=spent.input_tokens,
        output_tokens=spent.output_tokens,
        cost_usd=spent.cost_usd,
        unverified_quotes=unverified,
        suspected_instructions=suspected,
        is_cached=answered.is_cached,
    )


def _suspicion(suspected: int) -> list[Notice]:
    return [("notice.suspected_instruction", {"n": suspected})] if suspected else []


def _of_the_checklist(answers: Sequence[Assessment], answered: Answered, wanted: int) -> list[Notice]:
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


def _of_the_writing(told: Suggestions | None, *, is_wanted: bool) -> list[Notice]:
    if told is None:
        return [("notice.writing_lost", {})] if is_wanted else []
    return [("notice.writing_dropped", {"n": told.dropped})] if told.dropped else []


def _findings(case: ScoringContext, unverified: int) -> list[Finding]:
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
