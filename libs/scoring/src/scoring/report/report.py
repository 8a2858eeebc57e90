"""Puts a report together: scores, the views that the frontend draws, the summary, the next steps."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from contracts.events import AnalysisRequested
from contracts.report import MAX_FINDINGS, MAX_SENTENCES, Criterion, DetailedScores, Report
from contracts.vocabulary import Depth, MarketTier

from scoring.criteria import ats, content, formatting, industry_fit
from scoring.criteria.answers import Advice, Answer, Case, Remark, Scores, to_criteria, to_scores, with_gains
from scoring.language.text import Span, shortened
from scoring.messages import Messages, report_language
from scoring.report import findings
from scoring.report.feedback import appeal_analysis, open_by_gain, relevant_bullets, structure_analysis
from scoring.resume.resume import Resume
from scoring.resume.seniority import market_tier
from scoring.rubric import Language, Rubric

_NEXT_STEPS: Final = 5
# What the summary praises: criteria of weight that earned most of their points.
_WEIGHTY: Final = 15
_STRONG: Final = 0.7
# The same bullet often lacks several things; a reader is told of two.
_REMARKS_A_PLACE: Final = 2
_QUOTE_CHARACTERS: Final = 160
# Between two sentences. A reason may quote the resume, so only the report's own language counts.
_SENTENCE_END: Final[Mapping[Language, str]] = {"en": r"(?<=\.) ", "ja": r"(?<=。)"}
_RULES: Final = (ats.answer, content.answer, formatting.answer, industry_fit.answer)


def score(request: AnalysisRequested, *, rubric: Rubric, now: datetime) -> Report:
    """The whole report of an analysis by rules.

    Scores depend on the request and the rubric alone; `now` only stamps the report. `processing_time_ms` is
    0: whoever measures it says so when the report is published. An industry that the rubric does not
    know is judged as `general`, and the report says so. Raises `NotAssessable` for a text without words.
    """
    case = open_case(request, rubric=rubric)
    return assemble(request, case, answer_by_rules(case), now=now)


def answer_by_rules(case: Case) -> list[Answer]:
    """An answer to every criterion."""
    return [answer for rule in _RULES for answer in rule(case)]


def open_case(request: AnalysisRequested, *, rubric: Rubric) -> Case:
    """What the rules look at. Raises `NotAssessable` for a text without words."""
    resume = Resume(request, rubric=rubric)
    wanted = request.analysis.industry
    name = wanted if wanted in rubric.industries else "general"
    return Case(
        resume=resume,
        rubric=rubric,
        industry_name=name,
        say=Messages(report_language(request, resume=resume.language), about=resume.language),
    )


def assemble(
    request: AnalysisRequested,
    case: Case,
    answers: Sequence[Answer],
    *,
    now: datetime,
    advice: Advice | None = None,
) -> Report:
    """A report from answers to every criterion, or, where a model was asked, from those of its advice."""
    answers = advice.answers if advice else answers
    rubric, resume, say = case.rubric, case.resume, case.say
    cap = None if resume.has_experience or resume.has_education else rubric.cap_without_background
    bare = to_criteria(case, answers)
    scores = to_scores(rubric, bare, cap=cap)
    criteria = with_gains(rubric, bare, scores, cap)
    of_the_model = advice.remarks if advice else ()
    remarks = _apart([*of_the_model, *(remark for answer in answers for remark in answer.remarks)])
    tier = market_tier(resume)
    cap_reason = None if cap is None else say("cap", cap=cap)
    found = findings.find(case)
    next_steps = _next_steps(case, criteria, cap_reason)
    detailed = DetailedScores(
        structure_analysis=structure_analysis(case, criteria, remarks, found, next_steps),
        appeal_analysis=appeal_analysis(case, criteria, remarks),
        market_tier=tier,
        ai_analysis_id=request.analysis.analysis_id,
        conversion_timestamp=now,
        criteria=tuple(criteria),
        contributions=scores.contributions,
        cap_reason=cap_reason,
        next_steps=next_steps,
        not_assessable=tuple(each.reason for each in criteria if each.points is None)[:MAX_SENTENCES],
        notices=_notices(request, case, advice),
        rubric_version=rubric.version,
        model_run=advice.run if advice else None,
        findings=(*found, *(advice.findings if advice else ()))[:MAX_FINDINGS],
        section_feedback=tuple(advice.section_feedback) if advice else (),
        rewrites=tuple(advice.rewrites) if advice else (),
    )
    return Report(
        overall_score=scores.overall,
        ats_score=scores.areas["ats"],
        content_score=scores.areas["content"],
        formatting_score=scores.areas["formatting"],
        executive_summary=_summary(case, criteria, scores, tier, cap_reason),
        detailed_scores=detailed,
        ai_model_used=(advice.model if advice else None) or f"rules/{rubric.version}",
        processing_time_ms=0,
        raw_ai_response=advice.raw if advice else None,
    )


def _apart(remarks: Iterable[Remark]) -> list[Remark]:
    seen: Counter[Span | None] = Counter()
    kept: list[Remark] = []
    for remark in remarks:
        seen[remark.span] += 1
        if remark.span is None or seen[remark.span] <= _REMARKS_A_PLACE:
            kept.append(remark)
    return kept


def _next_steps(case: Case, criteria: Sequence[Criterion], cap_reason: str | None) -> tuple[str, ...]:
    gains: dict[str, float] = defaultdict(float)
    for criterion in open_by_gain(criteria):
        if criterion.fix and (criterion.potential_gain > 0 or cap_reason):
            # Under a cap gains do not add up: the first is all there is.
            gains[criterion.fix] += 0 if cap_reason and criterion.fix in gains else criterion.potential_gain
    steps = [case.say("next.uncap")] if cap_reason else []
    for fix, gain in sorted(gains.items(), key=lambda item: -item[1]):
        steps.append(case.say("next.step", fix=fix, gain=f"{gain:.1f}") if gain > 0 else fix)
    return tuple(steps[:_NEXT_STEPS])


def _notices(request: AnalysisRequested, case: Case, advice: Advice | None) -> tuple[str, ...]:
    say, analysis = case.say, request.analysis
    keys = ["notice.advice", "notice.unverified"]
    if advice is None:
        keys.append("notice.rules_quick" if analysis.depth is Depth.QUICK else "notice.rules_no_model")
    if request.signals is None:
        keys.append("notice.text_only")
    if case.resume.foreign:
        keys.append("notice.foreign")
    if request.compare_to_market:
        keys.append("notice.no_market_data")
    if analysis.industry is not None and analysis.industry not in case.rubric.industries:
        keys.append("notice.unknown_industry")
    of_the_model = [say(key, **values) for key, values in advice.notices] if advice else []
    return (*(say(key) for key in keys[:2]), *of_the_model, *(say(key) for key in keys[2:]))[:MAX_SENTENCES]


def _summary(
    case: Case, criteria: Sequence[Criterion], scores: Scores, tier: MarketTier, cap_reason: str | None
) -> str:
    """Five or six sentences, each made from a finding."""
    say, resume = case.say, case.resume
    sentences = [
        say(
            "summary.overall",
            overall=scores.overall,
            industry=case.industry.name.of(say.language),
            ats=scores.areas["ats"],
            content=scores.areas["content"],
            formatting=scores.areas["formatting"],
            fit=scores.areas["industry_fit"],
        )
    ]
    if cap_reason:
        sentences.append(cap_reason)
    years = round(resume.experience_years)
    key = "summary.tier" if years else "summary.tier_undated"
    sentences.append(say(key, years=years, tier=say(f"tier.{tier.value}")))
    strong = [each for each in criteria if each.max >= _WEIGHTY and (each.points or 0) >= _STRONG * each.max]
    told = [each for each in strong if each.area in ("content", "industry_fit")]
    if told:
        best = max(told, key=lambda each: each.points or 0)
        # The first sentence: what it may still lack comes behind.
        sentences.append(
            say("summary.best", reason=re.split(_SENTENCE_END[say.language], best.reason, maxsplit=1)[0])
        )
    proven = next((bullet for bullet in relevant_bullets(case) if bullet.is_proven), None)
    if proven:
        sentences.append(say("summary.proof", quote=shortened(proven.text, _QUOTE_CHARACTERS)))
    worst = [each for each in open_by_gain(criteria) if each.potential_gain >= 1 or cap_reason]
    if worst:
        sentences.append(say("summary.worst", reason=worst[0].reason))
        sentences.append(say("summary.next", fix=worst[0].fix))
    return say("list.sentences").join(sentences)
