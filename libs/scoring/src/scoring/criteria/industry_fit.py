"""Industry fit, 100 points: how far the work shown is the work of the target. For `general`: how far the
resume holds together, whatever its field."""

from collections import Counter
from typing import Final

from scoring.criteria.answers import Answer, Case, Remark, clamp, counted
from scoring.criteria.content import rubric_groups
from scoring.criteria.shown_work import (
    Shown,
    appeals_shown,
    bullets_wanted,
    field_hits,
    hits_of_field,
    proof,
    skills_shown,
)
from scoring.language import dates
from scoring.language.text import Span, capital

# Skill groups that a resume of no particular target should show at work.
_COHERENT_GROUPS: Final = 4
# A nurse's or a cook's skills are not among the groups: what names fewer is not judged by them.
_FEW_GROUPS: Final = 3


def answer(case: Case) -> list[Answer]:
    """One answer for each criterion of the area."""
    return [_skills(case), _appeals(case), _domain(case), _summary(case)]


def _skills(case: Case) -> Answer:
    shown, say, measures = skills_shown(case), case.say, case.rubric.measures
    if not case.industry.skills:
        return _coherent_skills(case, shown)
    weights = case.industry.skills
    earned = {group: weights[group] * share for group, share in shown.at_work_shares(case).items()}
    credit = sum(earned.values()) + measures.listed_credit * sum(weights[group] for group in shown.named)
    thin = [group for group, bullets in shown.at_work.items() if len(bullets) < bullets_wanted(case, group)]
    missing = [group for group in weights if group not in shown.at_work]
    lacking = sorted([*missing, *thin], key=lambda group: earned.get(group, 0) - weights[group])
    share = credit / (sum(weights.values()) * measures.skills_full_at)
    # Where nothing was lost, what could be added is no fault.
    tails = [
        say("industry.skills.thin", thin=say.join(_names(case, thin))) if thin and share < 1 else "",
        say("industry.skills.named", n=len(shown.named)) if shown.named and share < 1 else "",
    ]
    return Answer(
        id="industry.skills",
        share=share,
        reason=say.together(
            counted(
                case,
                "industry.skills",
                len(shown.at_work),
                len(weights),
                industry=case.industry.name.of(say.language),
                shown=say.join(_names(case, list(shown.at_work))),
            ),
            *tails,
        ),
        fix=say("industry.skills.fix", missing=say.join(_names(case, lacking[:3]))),
        quotes=_unique([bullet.span for bullets in shown.at_work.values() for bullet in bullets]),
        remarks=[
            Remark(
                category="appeal_point",
                span=span,
                issue=say("industry.skills.issue", skill=capital(_names(case, [group])[0])),
                suggestion=say("industry.skills.suggestion"),
            )
            for group, span in _listed(case, shown)[:2]
        ],
    )


def _listed(case: Case, shown: Shown) -> list[tuple[str, Span]]:
    """The groups that are merely named, as far as a list of skills claims them."""
    lists = case.resume.of_kind("skills")
    return [
        (group, span)
        for group, span in shown.named.items()
        if any(section.start <= span.start < section.end for section in lists)
    ]


def _coherent_skills(case: Case, shown: Shown) -> Answer:
    """Of the skills that the resume claims, how many it shows at work."""
    claimed = len(shown.at_work) + len(shown.named)
    if claimed < _FEW_GROUPS:
        return Answer(id="industry.skills", share=None, reason=case.say("industry.skills.few", n=claimed))
    backed = len(shown.at_work) / claimed
    return Answer(
        id="industry.skills",
        share=backed / case.rubric.measures.skills_full_at * clamp(len(shown.at_work) / _COHERENT_GROUPS),
        reason=counted(
            case,
            "industry.skills.general",
            len(shown.at_work),
            claimed,
            shown=case.say.join(_names(case, list(shown.at_work))),
        ),
        fix=case.say("industry.skills.fix_general"),
        quotes=_unique([bullets[0].span for bullets in shown.at_work.values()]),
    )


def _appeals(case: Case) -> Answer:
    shown, say = appeals_shown(case), case.say
    points = case.industry.appeals
    credit = sum(proof(case, bullet) for bullet in shown.values())
    missing = [point for point in points if point not in shown]
    names = {point: case.rubric.appeals[point].name.of(say.language) for point in points}
    weak = [point for point in points if point in shown and proof(case, shown[point]) < 1]
    return Answer(
        id="industry.appeals",
        share=credit / (len(points) * case.rubric.measures.appeals_full_at),
        reason=counted(
            case,
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
                issue=say("industry.appeals.issue", point=capital(names[point])),
                suggestion=say("industry.appeals.fix_proof"),
            )
            for point in weak[:2]
        ],
    )


def _domain(case: Case) -> Answer:
    """Time in positions whose lines, or two of whose bullets, are of the field; general: one line of work."""
    resume, say = case.resume, case.say
    if not case.industry.skills:
        return _coherent_roles(case)
    spans: list[Span] = []
    months: list[dates.DateRange] = []
    for entry in resume.positions:
        found = field_hits(case, entry)
        spans += found[:2]
        if found:
            months += resume.ranges_in(entry)
    years = dates.months_covered(months) / 12
    industry = case.industry.name.of(say.language)
    told = ("reason" if round(years) else "months") if months else "undated" if spans else "none"
    return Answer(
        id="industry.domain",
        share=0.4 * bool(spans) + 0.6 * clamp(years / case.rubric.measures.domain_years_full_at),
        reason=say(f"industry.domain.{told}", years=round(years), industry=industry),
        fix=say(f"industry.domain.{'fix_undated' if told == 'undated' else 'fix'}", industry=industry),
        quotes=_unique(spans),
    )


def _coherent_roles(case: Case) -> Answer:
    """The same role, or, as of a finance manager and a financial analyst, the same field in the titles."""
    resume, say = case.resume, case.say
    roles = case.rubric.lines_of_work
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
    # One position is no line yet, and two of different kinds are none.
    share = min(share, 0.6) if most < 2 else share
    return Answer(
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


def _summary(case: Case) -> Answer:
    resume, say = case.resume, case.say
    span, shown = resume.summary, skills_shown(case)
    claimed = len(shown.at_work) + len(shown.named)
    if not case.industry.skills and claimed < _FEW_GROUPS:
        return Answer(id="industry.summary", share=None, reason=say("industry.skills.few", n=claimed))
    if span is None:
        return Answer(
            id="industry.summary",
            share=0,
            reason=say("content.summary.none"),
            fix=say("industry.summary.fix"),
        )
    named = rubric_groups(case, span)
    wanted = case.industry.skills or case.rubric.skills
    backed = [group for group in shown.at_work if group in wanted and group in named]
    in_field = not case.industry.skills or bool(hits_of_field(case, span))
    return Answer(
        id="industry.summary",
        share=0.4 * (in_field and bool(named)) + 0.6 * clamp(len(backed) / 2),
        reason=say("industry.summary.reason", shown=say.join(_names(case, backed)))
        if backed
        else say("industry.summary.none"),
        fix=say("industry.summary.fix"),
        quotes=[span],
    )


def _names(case: Case, groups: list[str]) -> list[str]:
    return [case.rubric.skills[group].name.of(case.say.language) for group in groups]


def _unique(spans: list[Span]) -> list[Span]:
    return list(dict.fromkeys(spans))
