"""Industry fit, 100 points: how far the work shown is the work of the target. For `general`: how far the
resume holds together, whatever its field."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from analyzer.scoring import dates
from analyzer.scoring.answers import Answer, Case, Remark, clamp, counted
from analyzer.scoring.content import rubric_groups
from analyzer.scoring.resume import Bullet
from analyzer.scoring.text import Span, capital

# A point shown without an amount or a result convinces less, and one that a duty only touches hardly.
_UNPROVEN_APPEAL: Final = 0.6
_DUTY_APPEAL: Final = 0.3
# Skill groups that a resume of no particular target should show at work.
_COHERENT_GROUPS: Final = 4
# A nurse's or a cook's skills are not among the groups: what names fewer is not judged by them.
_FEW_GROUPS: Final = 3


def answer(case: Case) -> list[Answer]:
    """One answer for each criterion of the area."""
    return [_skills(case), _appeals(case), _domain(case), _summary(case)]


@dataclass(frozen=True, slots=True)
class Shown:
    """Where each group is shown at work (the bullet), or merely named."""

    at_work: dict[str, Bullet]
    named: dict[str, Span]


def skills_shown(case: Case) -> Shown:
    """The skill groups of the industry (of `general`: all) that the resume shows. A group counts once,
    however often its terms are repeated; a bullet shows a few at most."""
    wanted = case.industry.skills or dict.fromkeys(case.rubric.skills, 1.0)
    at_work: dict[str, Bullet] = {}
    # The bullets that convince most are taken first, of these the ones with a measured result.
    ordered = sorted(
        case.resume.bullets,
        key=lambda each: (-_weight_of(case, each), not each.is_proven),
    )
    for bullet in ordered:
        limit = case.rubric.measures.skills_a_bullet
        # The groups that weigh most first, then by name: the order of a set must not decide.
        groups = sorted(bullet.skills & wanted.keys(), key=lambda group: (-wanted[group], group))
        for group in [each for each in groups if each not in at_work][:limit]:
            at_work[group] = bullet
    named: dict[str, Span] = {}
    resume = case.resume
    for hit in case.rubric.skill_index.find(resume.text, resume.folded, resume.body.start, resume.body.end):
        if hit.group in wanted and hit.group not in at_work:
            named.setdefault(hit.group, Span(hit.start, hit.end))
    return Shown(at_work, named)


def appeals_shown(case: Case) -> dict[str, Bullet]:
    """For each appeal point of the industry the bullet that shows it best."""
    shown: dict[str, Bullet] = {}
    ordered = sorted(case.resume.bullets, key=lambda bullet: -_proof(bullet))
    for bullet in ordered:
        points = [point for point in case.industry.appeals if point in bullet.appeals and point not in shown]
        for point in points[: case.rubric.measures.appeals_a_bullet]:
            shown[point] = bullet
    return shown


def _proof(bullet: Bullet) -> float:
    if bullet.is_quantified or bullet.is_result:
        return 1.0
    return _DUTY_APPEAL if bullet.opening.strength == "weak" else _UNPROVEN_APPEAL


def _skills(case: Case) -> Answer:
    shown, say, measures = skills_shown(case), case.say, case.rubric.measures
    if not case.industry.skills:
        return _coherent_skills(case, shown)
    weights = case.industry.skills
    credit = sum(weights[group] * _weight_of(case, bullet) for group, bullet in shown.at_work.items())
    credit += measures.listed_credit * sum(weights[group] for group in shown.named)
    missing = [group for group in weights if group not in shown.at_work]
    missing.sort(key=lambda group: -weights[group])
    return Answer(
        id="industry.skills",
        share=credit / (sum(weights.values()) * measures.skills_full_at),
        reason=say.together(
            counted(
                case,
                "industry.skills",
                len(shown.at_work),
                len(weights),
                industry=case.industry.name.of(say.language),
                shown=say.join(_names(case, list(shown.at_work))),
            ),
            say("industry.skills.named", n=len(shown.named)) if shown.named else "",
        ),
        fix=say("industry.skills.fix", missing=say.join(_names(case, missing[:3]))),
        quotes=_unique([bullet.span for bullet in shown.at_work.values()]),
        remarks=[
            Remark(
                category="appeal_point",
                span=span,
                issue=say("industry.skills.issue", skill=capital(_names(case, [group])[0])),
                suggestion=say("industry.skills.suggestion"),
            )
            for group, span in list(shown.named.items())[:2]
        ],
    )


def _weight_of(case: Case, bullet: Bullet) -> float:
    measures = case.rubric.measures
    if bullet.opening.strength == "weak":
        return measures.duty_credit
    return 1.0 if _proof(bullet) == 1 else measures.unproven_credit


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
        quotes=_unique([bullet.span for bullet in shown.at_work.values()]),
    )


def _appeals(case: Case) -> Answer:
    shown, say = appeals_shown(case), case.say
    points = case.industry.appeals
    credit = sum(_proof(bullet) for bullet in shown.values())
    missing = [point for point in points if point not in shown]
    names = {point: case.rubric.appeals[point].name.of(say.language) for point in points}
    weak = [point for point in points if point in shown and _proof(shown[point]) < 1]
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
        headers = [found for span in entry.header for found in _domain_hits(case, span)]
        bullets = [statement.span for statement in entry.statements if _domain_hits(case, statement.span)]
        if headers or len(bullets) > 1:
            spans += headers[:2] or bullets[:1]
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


def _domain_hits(case: Case, span: Span) -> list[Span]:
    index = case.rubric.domain_index(case.industry_name)
    hits = index.find(case.resume.text, case.resume.folded, span.start, span.end)
    return [Span(hit.start, hit.end) for hit in hits]


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
    in_field = not case.industry.skills or bool(_domain_hits(case, span))
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
