"""Which bullets show what a reader of the industry looks for, and how well."""

from dataclasses import dataclass
from math import ceil
from typing import Final

from scoring.criteria.answers import Case
from scoring.language.text import Span
from scoring.resume.bullets import Entry
from scoring.resume.resume import Bullet

# A point shown without an amount or a result convinces less, and one that a duty only touches hardly.
_UNPROVEN: Final = 0.6
_DUTY: Final = 0.3
# What was achieved in another line of work says less of this one.
_ELSEWHERE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Shown:
    """Where each group is shown at work (the bullets, the best first), or merely named."""

    at_work: dict[str, list[Bullet]]
    named: dict[str, Span]

    def at_work_shares(self, case: Case) -> dict[str, float]:
        """The part of each group's weight that its bullets earn."""
        return {
            group: sum(weight_of(case, bullet) for bullet in bullets) / bullets_wanted(case, group)
            for group, bullets in self.at_work.items()
        }


def bullets_wanted(case: Case, group: str) -> int:
    """A line about SQL makes no data engineer: what is at the heart of a field is shown more than once."""
    weight = case.industry.skills.get(group, 1)
    return ceil(weight / case.rubric.measures.skill_weight_a_bullet)


def skills_shown(case: Case) -> Shown:
    """The skill groups of the industry (of `general`: all) that the resume shows. A group counts once,
    however often its terms are repeated; a bullet shows a few at most."""
    wanted = case.industry.skills or dict.fromkeys(case.rubric.skills, 1.0)
    limit = case.rubric.measures.skills_a_bullet
    at_work: dict[str, list[Bullet]] = {}
    # The bullets that convince most are taken first, of these the ones with a measured result.
    ordered = sorted(case.resume.bullets, key=lambda each: (-weight_of(case, each), not each.is_proven))
    for bullet in ordered:
        # The groups that weigh most first, then by name: the order of a set must not decide.
        groups = sorted(bullet.skills & wanted.keys(), key=lambda group: (-wanted[group], group))
        new = [group for group in groups if group not in at_work]
        more = [group for group in groups if 0 < len(at_work.get(group, ())) < bullets_wanted(case, group)]
        for group in [*new, *more][:limit]:
            at_work.setdefault(group, []).append(bullet)
    named: dict[str, Span] = {}
    resume = case.resume
    for hit in resume.skill_hits:
        # The name of an employer ("Acme Consulting") is no skill.
        if hit.group in wanted and hit.group not in at_work and not resume.is_in_header(hit.start):
            named.setdefault(hit.group, Span(hit.start, hit.end))
    return Shown(at_work, named)


def appeals_shown(case: Case) -> dict[str, Bullet]:
    """For each appeal point of the industry the bullet that shows it best."""
    shown: dict[str, Bullet] = {}
    ordered = sorted(case.resume.bullets, key=lambda bullet: -proof(case, bullet))
    for bullet in ordered:
        points = [point for point in case.industry.appeals if point in bullet.appeals and point not in shown]
        for point in points[: case.rubric.measures.appeals_a_bullet]:
            shown[point] = bullet
    return shown


def weight_of(case: Case, bullet: Bullet) -> float:
    """What a skill counts that is shown in this bullet."""
    measures = case.rubric.measures
    if bullet.opening.strength == "weak":
        return measures.duty_credit
    return 1.0 if bullet.is_quantified or bullet.is_result else measures.unproven_credit


def proof(case: Case, bullet: Bullet) -> float:
    """What an appeal point counts that is shown in this bullet."""
    if bullet.is_quantified or bullet.is_result:
        told = 1.0
    else:
        told = _DUTY if bullet.opening.strength == "weak" else _UNPROVEN
    skills = case.industry.skills.keys()
    is_near = not skills or bullet.skills & skills or field_hits(case, case.resume.work.entries[bullet.entry])
    return told if is_near else told * _ELSEWHERE


def field_hits(case: Case, entry: Entry) -> list[Span]:
    """What tells that a position is of the field: its lines, or two of its bullets."""
    header = [found for span in entry.header for found in hits_of_field(case, span)]
    if header:
        return header
    bullets = [each.span for each in entry.statements if hits_of_field(case, each.span)]
    return bullets[:1] if len(bullets) > 1 else []


def hits_of_field(case: Case, span: Span) -> list[Span]:
    """The words of the industry's field in a stretch of the text."""
    index = case.rubric.domain_index(case.industry_name)
    hits = index.find(case.resume.text, case.resume.folded, span.start, span.end)
    return [Span(hit.start, hit.end) for hit in hits]
