"""Assess industry fit (100 points): the match between the work and the target industry.

For `general` it is the coherence of the resume, in any field.
"""

from collections import Counter
from typing import Final

from scoring.criteria.assessments import Assessment, Remark, clamp, count_sentence
from scoring.criteria.content import find_skill_groups
from scoring.criteria.context import ScoringContext
from scoring.criteria.relevance import (
    SkillCoverage,
    appeal_credit,
    find_appeal_bullets,
    find_skill_coverage,
    required_bullets,
)
from scoring.language import dates
from scoring.language.text import Span, capitalize

# Skill groups that a resume without a target industry should demonstrate.
_COHERENT_GROUPS: Final = 4
# A resume that names fewer groups is not assessed by them. The rubric does not know, say, a nurse's skills.
_FEW_GROUPS: Final = 3


def assess(context: ScoringContext) -> list[Assessment]:
    """Assess each criterion of the area."""
    return [_skills(context), _appeals(context), _domain(context), _summary(context)]


def _skills(context: ScoringContext) -> Assessment:
    coverage, say, thresholds = find_skill_coverage(context), context.say, context.rubric.thresholds
    if not context.industry.skills:
        return _coherent_skills(context, coverage)
    weights = context.industry.skills
    shares = coverage.demonstrated_shares(context)
    earned = {group: weights[group] * share for group, share in shares.items()}
    listed = sum(weights[group] for group in coverage.listed)
    credit = sum(earned.values()) + thresholds.listed_credit * listed
    thin = [
        group
        for group, bullets in coverage.demonstrated.items()
        if len(bullets) < required_bullets(context, group)
    ]
    missing = [group for group in weights if group not in coverage.demonstrated]
    lacking = sorted([*missing, *thin], key=lambda group: earned.get(group, 0) - weights[group])
    share = credit / (sum(weights.values()) * thresholds.skills_full_at)
    # With full marks, possible additions are not mentioned.
    tails = [
        say("industry.skills.thin", thin=say.join(_names(context, thin))) if thin and share < 1 else "",
        say("industry.skills.named", n=len(coverage.listed)) if coverage.listed and share < 1 else "",
    ]
    return Assessment(
        id="industry.skills",
        share=share,
        reason=say.join_sentences(
            count_sentence(
                context,
                "industry.skills",
                len(coverage.demonstrated),
                len(weights),
                industry=context.industry.name.of(say.language),
                shown=say.join(_names(context, list(coverage.demonstrated))),
            ),
            *tails,
        ),
        fix=say("industry.skills.fix", missing=say.join(_names(context, lacking[:3]))),
        quotes=_unique([bullet.span for bullets in coverage.demonstrated.values() for bullet in bullets]),
        remarks=[
            Remark(
                category="appeal_point",
                span=span,
                issue=say("industry.skills.issue", skill=capitalize(_names(context, [group])[0])),
                suggestion=say("industry.skills.suggestion"),
            )
            for group, span in _listed(context, coverage)[:2]
        ],
    )


def _listed(context: ScoringContext, coverage: SkillCoverage) -> list[tuple[str, Span]]:
    """Return the listed groups whose place is in a section of skills."""
    lists = context.resume.sections_of_kind("skills")
    return [
        (group, span)
        for group, span in coverage.listed.items()
        if any(section.start <= span.start < section.end for section in lists)
    ]


def _coherent_skills(context: ScoringContext, coverage: SkillCoverage) -> Assessment:
    """Assess the share of the named skills that the resume demonstrates."""
    claimed = len(coverage.demonstrated) + len(coverage.listed)
    if claimed < _FEW_GROUPS:
        return Assessment(
            id="industry.skills", share=None, reason=context.say("industry.skills.few", n=claimed)
        )
    backed = len(coverage.demonstrated) / claimed
    return Assessment(
        id="industry.skills",
        share=backed
        / context.rubric.thresholds.skills_full_at
        * clamp(len(coverage.demonstrated) / _COHERENT_GROUPS),
        reason=count_sentence(
            context,
            "industry.skills.general",
            len(coverage.demonstrated),
            claimed,
            shown=context.say.join(_names(context, list(coverage.demonstrated))),
        ),
        fix=context.say("industry.skills.fix_general"),
        quotes=_unique([bullets[0].span for bullets in coverage.demonstrated.values()]),
    )


def _appeals(context: ScoringContext) -> Assessment:
    shown, say = find_appeal_bullets(context), context.say
    points = context.industry.appeals
    credit = sum(appeal_credit(context, bullet) for bullet in shown.values())
    missing = [point for point in points if point not in shown]
    names = {point: context.rubric.appeals[point].name.of(say.language) for point in points}
    weak = [point for point in points if point in shown and appeal_credit(context, shown[point]) < 1]
    return Assessment(
        id="industry.appeals",
        share=credit / (len(points) * context.rubric.thresholds.appeals_full_at),
        reason=count_sentence(
            context,
            "industry.appeals",
            len(shown),
            len(points),
            shown=say.join([names[point] for point in points if point in shown]),
        ),
        fix=say("industry.appeals.fix", missing=say.join([names[point] for point in missing[:3]]))
        if missing
        else say("industry.appeals.fix_proof"),
        quotes=_unique([bullet.span for bullet in shown.values()]),
        remarks=[
            Remark(
                category="appeal_point",
                span=shown[point].span,
                issue=say("industry.appeals.issue", point=capitalize(names[point])),
                suggestion=say("industry.appeals.fix_proof"),
            )
            for point in weak[:2]
        ],
    )


def _domain(context: ScoringContext) -> Assessment:
    """Assess the time in positions of the industry's field. For `general`, assess the coherence of roles."""
    resume, say = context.resume, context.say
    if not context.industry.skills:
        return _coherent_roles(context)
    spans: list[Span] = []
    months: list[dates.DateRange] = []
    for entry in resume.positions:
        found = context.find_domain_evidence(entry)
        spans += found[:2]
        if found:
            months += resume.ranges_in(entry)
    years = dates.months_covered(months) / 12
    industry = context.industry.name.of(say.language)
    variant = ("reason" if round(years) else "months") if months else "undated" if spans else "none"
    return Assessment(
        id="industry.domain",
        share=0.4 * bool(spans) + 0.6 * clamp(years / context.rubric.thresholds.domain_years_full_at),
        reason=say(f"industry.domain.{variant}", years=round(years), industry=industry),
        fix=say(f"industry.domain.{'fix_undated' if variant == 'undated' else 'fix'}", industry=industry),
        quotes=_unique(spans),
    )


def _coherent_roles(context: ScoringContext) -> Assessment:
    """Assess titles with the same role or the same field (finance manager, financial analyst)."""
    resume, say = context.resume, context.say
    roles = context.rubric.lines_of_work
    found: Counter[str] = Counter()
    spans: list[Span] = []
    for entry in resume.positions:
        hits = [
            h for span in entry.header for h in roles.find(resume.text, resume.folded, span.start, span.end)
        ]
        found.update({hit.group for hit in hits})
        spans += [Span(hit.start, hit.end) for hit in hits]
    most = max(found.values(), default=0)
    share = clamp(most / len(resume.positions) + 0.3) if found else 0.0
    # A single position, or two of different kinds, do not show a line of work.
    share = min(share, 0.6) if most < 2 else share
    return Assessment(
        id="industry.domain",
        share=share,
        reason=say(
            "industry.domain.general" if most else "industry.domain.general_none",
            n=most,
            total=len(resume.positions),
        ),
        fix=say("industry.domain.fix_general"),
        quotes=_unique(spans),
    )


def _summary(context: ScoringContext) -> Assessment:
    resume, say = context.resume, context.say
    span, coverage = resume.summary, find_skill_coverage(context)
    claimed = len(coverage.demonstrated) + len(coverage.listed)
    if not context.industry.skills and claimed < _FEW_GROUPS:
        return Assessment(id="industry.summary", share=None, reason=say("industry.skills.few", n=claimed))
    if span is None:
        return Assessment(
            id="industry.summary",
            share=0,
            reason=say("content.summary.none"),
            fix=say("industry.summary.fix"),
        )
    named = find_skill_groups(context, span)
    targets = context.industry.skills or context.rubric.skills
    backed = [group for group in coverage.demonstrated if group in targets and group in named]
    in_field = not context.industry.skills or bool(context.find_domain_terms(span))
    return Assessment(
        id="industry.summary",
        share=0.4 * (in_field and bool(named)) + 0.6 * clamp(len(backed) / 2),
        reason=say("industry.summary.reason", shown=say.join(_names(context, backed)))
        if backed
        else say("industry.summary.none"),
        fix=say("industry.summary.fix"),
        quotes=[span],
    )


def _names(context: ScoringContext, groups: list[str]) -> list[str]:
    return [context.rubric.skills[group].name.of(context.say.language) for group in groups]


def _unique(spans: list[Span]) -> list[Span]:
    return list(dict.fromkeys(spans))
