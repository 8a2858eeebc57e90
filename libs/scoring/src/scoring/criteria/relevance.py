"""Find the bullets that demonstrate skills and appeal points of the industry, and weigh them."""

from dataclasses import dataclass
from math import ceil
from typing import Final

from scoring.criteria.context import ScoringContext
from scoring.language.text import Span
from scoring.resume.bullet import Bullet

# The credit of an appeal point without an amount or result, and of one in a bare duty.
_UNPROVEN: Final = 0.6
_DUTY: Final = 0.3
# The factor for an achievement in another field of work.
_ELSEWHERE: Final = 0.5


@dataclass(frozen=True, slots=True)
class SkillCoverage:
    """The evidence for each skill group: bullets that demonstrate it, best first, or its place in a list."""

    demonstrated: dict[str, list[Bullet]]
    listed: dict[str, Span]

    def demonstrated_shares(self, context: ScoringContext) -> dict[str, float]:
        """Return the share of each group's weight that its bullets earn."""
        return {
            group: sum(skill_credit(context, bullet) for bullet in bullets) / required_bullets(context, group)
            for group, bullets in self.demonstrated.items()
        }


def required_bullets(context: ScoringContext, group: str) -> int:
    """Return the bullets that a group needs. Core skills need several: one line about SQL is not enough."""
    weight = context.industry.skills.get(group, 1)
    return ceil(weight / context.rubric.thresholds.skill_weight_a_bullet)


def find_skill_coverage(context: ScoringContext) -> SkillCoverage:
    """Find the skill groups of the industry (for `general`, all groups) in the resume.

    A group counts once, however often its terms are repeated. A bullet demonstrates only a few groups.
    """
    targets = context.industry.skills or dict.fromkeys(context.rubric.skills, 1.0)
    limit = context.rubric.thresholds.skills_a_bullet
    demonstrated: dict[str, list[Bullet]] = {}
    # The best bullets come first: by credit, then those with a measured result.
    ordered = sorted(
        context.resume.bullets, key=lambda each: (-skill_credit(context, each), not each.is_proven)
    )
    for bullet in ordered:
        # Sort by weight, then by name, so that the order of a set does not matter.
        groups = sorted(bullet.skills & targets.keys(), key=lambda group: (-targets[group], group))
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
        # The name of an employer ("Acme Consulting") is not a skill.
        if hit.group in targets and hit.group not in demonstrated and not resume.is_in_header(hit.start):
            listed.setdefault(hit.group, Span(hit.start, hit.end))
    return SkillCoverage(demonstrated, listed)


def find_appeal_bullets(context: ScoringContext) -> dict[str, Bullet]:
    """Return the best bullet for each appeal point of the industry."""
    shown: dict[str, Bullet] = {}
    wanted = context.industry.appeals
    able = [bullet for bullet in context.resume.bullets if not bullet.appeals.isdisjoint(wanted)]
    for bullet in sorted(able, key=lambda bullet: -appeal_credit(context, bullet)):
        points = [point for point in wanted if point in bullet.appeals and point not in shown]
        for point in points[: context.rubric.thresholds.appeals_a_bullet]:
            shown[point] = bullet
    return shown


def skill_credit(context: ScoringContext, bullet: Bullet) -> float:
    """Return the credit of a skill in this bullet."""
    thresholds = context.rubric.thresholds
    if bullet.labels.action == "weak":
        return thresholds.duty_credit
    return 1.0 if bullet.is_quantified or bullet.is_result else thresholds.unproven_credit


def appeal_credit(context: ScoringContext, bullet: Bullet) -> float:
    """Return the credit of an appeal point in this bullet."""
    if bullet.is_quantified or bullet.is_result:
        credit = 1.0
    else:
        credit = _DUTY if bullet.labels.action == "weak" else _UNPROVEN
    skills = context.industry.skills.keys()
    is_near = not skills or bullet.skills & skills or bullet.entry in context.entries_in_field
    return credit if is_near else credit * _ELSEWHERE
