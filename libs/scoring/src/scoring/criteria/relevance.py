"""Which bullets show what a reader of the industry looks for, and how well."""

from dataclasses import dataclass
from math import ceil
from typing import Final

from scoring.criteria.context import ScoringContext
from scoring.language.text import Span
from scoring.resume.bullets import Entry
from scoring.resume.resume import Bullet

# A point shown without an amount or a result convinces less, and one that a duty only touches hardly.
_UNPROVEN: Final = 0.6
_DUTY: Final = 0.3
# What was achieved in another line of work says less of this one.
_ELSEWHERE: Final = 0.5


@dataclass(frozen=True, slots=True)
class SkillCoverage:
    """Where each group is shown at work (the bullets, the best first), or merely named."""

    demonstrated: dict[str, list[Bullet]]
    listed: dict[str, Span]

    def demonstrated_shares(self, context: ScoringContext) -> dict[str, float]:
        """The part of each group's weight that its bullets earn."""
        return {
            group: sum(skill_credit(context, bullet) for bullet in bullets) / required_bullets(context, group)
            for group, bullets in self.demonstrated.items()
        }


def required_bullets(context: ScoringContext, group: str) -> int:
    """A line about SQL makes no data engineer: what is at the heart of a field is shown more than once."""
    weight = context.industry.skills.get(group, 1)
    return ceil(weight / context.rubric.measures.skill_weight_a_bullet)


def find_skill_coverage(context: ScoringContext) -> SkillCoverage:
    """The skill groups of the industry (of `general`: all) that the resume shows. A group counts once,
    however often its terms are repeated; a bullet shows a few at most."""
    wanted = context.industry.skills or dict.fromkeys(context.rubric.skills, 1.0)
    limit = context.rubric.measures.skills_a_bullet
    demonstrated: dict[str, list[Bullet]] = {}
    # The bullets that convince most are taken first, of these the ones with a measured result.
    ordered = sorted(
        context.resume.bullets, key=lambda each: (-skill_credit(context, each), not each.is_proven)
    )
    for bullet in ordered:
        # The groups that weigh most first, then by name: the order of a set must not decide.
        groups = sorted(bullet.skills & wanted.keys(), key=lambda group: (-wanted[group], group))
        new = [group for group in groups if group not in demonstrated]
        more = [
            group
            for group in groups
            if 0 < len(demonstrated.get(group, ())) < required_bullets(context, group)
        ]
        for group in [*new, *more][:limit]:
            demonstrated.setdefault(group, []).append(bullet)
    listed: dict[str, Span] = {}
    resume = context.resume
    for hit in resume.skill_hits:
        # The name of an employer ("Acme Consulting") is no skill.
        if hit.group in wanted and hit.group not in demonstrated and not resume.is_in_header(hit.start):
            listed.setdefault(hit.group, Span(hit.start, hit.end))
    return SkillCoverage(demonstrated, listed)


def find_appeal_bullets(context: ScoringContext) -> dict[str, Bullet]:
    """For each appeal point of the industry the bullet that shows it best."""
    shown: dict[str, Bullet] = {}
    ordered = sorted(context.resume.bullets, key=lambda bullet: -appeal_credit(context, bullet))
    for bullet in ordered:
        points = [
            point for point in context.industry.appeals if point in bullet.appeals and point not in shown
        ]
        for point in points[: context.rubric.measures.appeals_a_bullet]:
            shown[point] = bullet
    return shown


def skill_credit(context: ScoringContext, bullet: Bullet) -> float:
    """What a skill counts that is shown in this bullet."""
    measures = context.rubric.measures
    if bullet.opening.strength == "weak":
        return measures.duty_credit
    return 1.0 if bullet.is_quantified or bullet.is_result else measures.unproven_credit


def appeal_credit(context: ScoringContext, bullet: Bullet) -> float:
    """What an appeal point counts that is shown in this bullet."""
    if bullet.is_quantified or bullet.is_result:
        told = 1.0
    else:
        told = _DUTY if bullet.opening.strength == "weak" else _UNPROVEN
    skills = context.industry.skills.keys()
    is_near = (
        not skills
        or bullet.skills & skills
        or find_domain_evidence(context, context.resume.work.entries[bullet.entry])
    )
    return told if is_near else told * _ELSEWHERE


def find_domain_evidence(context: ScoringContext, entry: Entry) -> list[Span]:
    """What tells that a position is of the field: its lines, or two of its bullets."""
    header = [found for span in entry.header for found in find_domain_terms(context, span)]
    if header:
        return header
    bullets = [each.span for each in entry.statements if find_domain_terms(context, each.span)]
    return bullets[:1] if len(bullets) > 1 else []


def find_domain_terms(context: ScoringContext, span: Span) -> list[Span]:
    """The words of the industry's field in a stretch of the text."""
    index = context.rubric.domain_index(context.industry_name)
    hits = index.find(context.resume.text, context.resume.folded, span.start, span.end)
    return [Span(hit.start, hit.end) for hit in hits]
