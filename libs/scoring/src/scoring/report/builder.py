"""Score a resume and build its report."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from contracts.events import AnalysisRequested
from contracts.report import (
    MAX_FINDINGS,
    MAX_SENTENCES,
    Criterion,
    DetailedScores,
    Finding,
    ModelRun,
    RawAnswers,
    Report,
    Rewrite,
    SectionFeedback,
)
from contracts.vocabulary import Depth, MarketTier

from scoring.criteria import ats, content, formatting, industry_fit
from scoring.criteria.applicability import keep_applicable
from scoring.criteria.assessments import Assessment, Remark
from scoring.criteria.context import ScoringContext, create_context
from scoring.language.text import Span, shorten
from scoring.report import findings
from scoring.report.feedback import (
    build_appeal_analysis,
    build_structure_analysis,
    find_relevant_bullets,
    fixable_by_gain,
)
from scoring.report.field_limit import limit_other_field
from scoring.report.scores import Scores, add_potential_gains, build_criteria, compute_scores
from scoring.resume.document_kind import DocumentKind
from scoring.resume.seniority import market_tier
from scoring.rubric import Language, Rubric

_NEXT_STEPS: Final = 5
# The summary praises a criterion of at least this many points that earned this share of them.
_WEIGHTY: Final = 15
_STRONG: Final = 0.7
# One bullet often lacks several things. More than two remarks on it would crowd out other bullets.
_REMARKS_PER_SPAN: Final = 2
_QUOTE_CHARACTERS: Final = 160
# The boundary between two sentences. A reason may quote the resume, so only the report's language counts.
_SENTENCE_END: Final[Mapping[Language, str]] = {"en": r"(?<=\.) ", "ja": r"(?<=。)"}
_RULES: Final = (ats.assess, content.assess, formatting.assess, industry_fit.assess)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelResult:
    """The assessments after a language model was consulted, with what it added to the report.

    `model` is its name as the provider reports it, or None when the rules stand alone. `notices` are keys of
    the catalogue with their values. `findings` follow those of the rules; `remarks` precede them. `raw` holds
    the model's own output.
    """

    assessments: Sequence[Assessment]
    model: str | None
    notices: Sequence[tuple[str, Mapping[str, object]]]
    run: ModelRun | None = None
    findings: Sequence[Finding] = ()
    remarks: Sequence[Remark] = ()
    section_feedback: Sequence[SectionFeedback] = ()
    rewrites: Sequence[Rewrite] = ()
    raw: RawAnswers | None = None


def score(request: AnalysisRequested, *, rubric: Rubric, now: datetime) -> Report:
    """Return the whole report of an analysis by rules.

    The scores depend on the request and the rubric alone; `now` only stamps the report. `processing_time_ms`
    is 0: the caller sets it when the report is published. An industry that the rubric does not know is scored
    as `general`, and a notice says so.

    Raises:
        NotAssessable: the text holds no words.
    """
    context = create_context(request, rubric=rubric)
    return build_report(request, context, assess_by_rules(context), now=now)


def assess_by_rules(context: ScoringContext) -> list[Assessment]:
    """Assess every criterion by the rules."""
    return keep_applicable(context, [assessment for rule in _RULES for assessment in rule(context)])


def build_report(
    request: AnalysisRequested,
    context: ScoringContext,
    assessments: Sequence[Assessment],
    *,
    now: datetime,
    model_result: ModelResult | None = None,
) -> Report:
    """Build a report from an assessment of every criterion. A model's result takes precedence."""
    assessments = limit_other_field(context, model_result.assessments if model_result else assessments)
    rubric = context.rubric
    cap, cap_reason = _cap(context)
    without_gains = build_criteria(context, assessments)
    scores = compute_scores(rubric, without_gains, cap=cap)
    criteria = add_potential_gains(rubric, without_gains, scores, cap)
    model_remarks = model_result.remarks if model_result else ()
    remarks = _limit_per_span([*model_remarks, *(remark for each in assessments for remark in each.remarks)])
    tier = market_tier(context.resume)
    found = findings.collect_findings(context)
    next_steps = _next_steps(context, criteria, cap_reason)
    detailed = DetailedScores(
        structure_analysis=build_structure_analysis(context, criteria, remarks, found, next_steps),
        appeal_analysis=build_appeal_analysis(context, criteria, remarks),
        market_tier=tier,
        ai_analysis_id=request.analysis.analysis_id,
        conversion_timestamp=now,
        criteria=tuple(criteria),
        contributions=scores.contributions,
        cap_reason=cap_reason,
        next_steps=next_steps,
        not_assessable=_once(each.reason for each in criteria if each.points is None),
        notices=_notices(request, context, model_result),
        rubric_version=rubric.version,
        model_run=model_result.run if model_result else None,
        findings=(*found, *(model_result.findings if model_result else ()))[:MAX_FINDINGS],
        scrambled=findings.collect_scrambled(context),
        section_feedback=tuple(model_result.section_feedback) if model_result else (),
        rewrites=tuple(model_result.rewrites) if model_result else (),
    )
    return Report(
        overall_score=scores.overall,
        ats_score=scores.areas["ats"],
        content_score=scores.areas["content"],
        formatting_score=scores.areas["formatting"],
        executive_summary=_summary(context, criteria, scores, tier, cap_reason),
        detailed_scores=detailed,
        ai_model_used=(model_result.model if model_result else None) or f"rules/{rubric.version}",
        processing_time_ms=0,
        raw_ai_response=model_result.raw if model_result else None,
    )


def _cap(context: ScoringContext) -> tuple[int | None, str | None]:
    """Return the highest overall score of a text that is hardly a resume, with the reason."""
    resume, cap = context.resume, context.rubric.cap_without_background
    if resume.is_foreign or context.document_kind is DocumentKind.RIREKISHO:
        cap = context.rubric.cap_without_content
        return cap, context.say("cap.no_content", cap=cap)
    if not (resume.has_experience or resume.has_education):
        return cap, context.say("cap", cap=cap)
    if context.document_kind in (DocumentKind.COVER_LETTER, DocumentKind.OTHER):
        return cap, context.say("cap.no_resume", cap=cap)
    return None, None


def _once(sentences: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentences))[:MAX_SENTENCES]


def _limit_per_span(remarks: Iterable[Remark]) -> list[Remark]:
    counts: Counter[Span | None] = Counter()
    kept: list[Remark] = []
    for remark in remarks:
        counts[remark.span] += 1
        if remark.span is None or counts[remark.span] <= _REMARKS_PER_SPAN:
            kept.append(remark)
    return kept


def _next_steps(
    context: ScoringContext, criteria: Sequence[Criterion], cap_reason: str | None
) -> tuple[str, ...]:
    gains: dict[str, float] = defaultdict(float)
    for criterion in fixable_by_gain(criteria):
        if criterion.fix and (criterion.potential_gain > 0 or cap_reason):
            # Gains do not add up under a cap, so only the first one counts.
            gains[criterion.fix] += 0 if cap_reason and criterion.fix in gains else criterion.potential_gain
    steps = [context.say("next.uncap")] if cap_reason and context.judges_work else []
    if context.document_kind is not DocumentKind.RESUME:
        steps = [context.say(f"next.{context.document_kind.value}")]
    for fix, gain in sorted(gains.items(), key=lambda item: -item[1]):
        steps.append(context.say("next.step", fix=fix, gain=f"{gain:.1f}") if gain > 0 else fix)
    return tuple(steps[:_NEXT_STEPS])


def _notices(
    request: AnalysisRequested, context: ScoringContext, model_result: ModelResult | None
) -> tuple[str, ...]:
    say, analysis = context.say, request.analysis
    keys = ["notice.advice", "notice.unverified"]
    if model_result is None:
        keys.append("notice.rules_quick" if analysis.depth is Depth.QUICK else "notice.rules_no_model")
    if request.signals is None:
        keys.append("notice.text_only")
    if context.resume.is_foreign:
        keys.append("notice.foreign")
    if request.compare_to_market:
        keys.append("notice.no_market_data")
    if analysis.industry is not None and analysis.industry not in context.rubric.industries:
        keys.append("notice.unknown_industry")
    from_model = [say(key, **values) for key, values in model_result.notices] if model_result else []
    return (*(say(key) for key in keys[:2]), *from_model, *(say(key) for key in keys[2:]))[:MAX_SENTENCES]


def _summary(
    context: ScoringContext,
    criteria: Sequence[Criterion],
    scores: Scores,
    tier: MarketTier,
    cap_reason: str | None,
) -> str:
    """Return five or six sentences, each based on a result of the analysis."""
    say, resume = context.say, context.resume
    sentences = [
        say(
            _overall_key(context),
            overall=scores.overall,
            industry=context.industry.name.of(say.language),
            ats=scores.areas["ats"],
            content=scores.areas["content"],
            formatting=scores.areas["formatting"],
            fit=scores.areas["industry_fit"],
        )
    ]
    if cap_reason:
        sentences.append(cap_reason)
    years = round(resume.experience_years)
    if context.judges_work or (years and context.document_kind is DocumentKind.RIREKISHO):
        key = "summary.tier" if years else "summary.tier_undated"
        sentences.append(say(key, years=years, tier=say(f"tier.{tier.value}")))
    strong = [
        each
        for each in criteria
        if each.area in ("content", "industry_fit")
        and each.max >= _WEIGHTY
        and (each.points or 0) >= _STRONG * each.max
    ]
    if strong:
        best = max(strong, key=lambda each: each.points or 0)
        # Only the first sentence praises; the next ones may say what is still missing.
        praise = re.split(_SENTENCE_END[say.language], best.reason, maxsplit=1)[0]
        sentences.append(say("summary.best", reason=praise))
    proven = next((bullet for bullet in find_relevant_bullets(context) if bullet.is_proven), None)
    if proven and context.judges_work:
        sentences.append(say("summary.proof", quote=shorten(proven.text, _QUOTE_CHARACTERS)))
    worst = [each for each in fixable_by_gain(criteria) if each.potential_gain >= 1 or cap_reason]
    if worst:
        sentences.append(say("summary.worst", reason=worst[0].reason))
        sentences.append(say("summary.next", fix=worst[0].fix))
    return say("list.sentences").join(sentences)


def _overall_key(context: ScoringContext) -> str:
    """Return the key of the sentence that names the scores which were assessed."""
    if context.judges_work:
        return "summary.overall"
    kind = "foreign" if context.resume.is_foreign else context.document_kind.value
    return f"summary.overall.{kind}"
