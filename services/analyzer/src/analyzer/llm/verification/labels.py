"""Combine the labels that a model gave in several calls, and assess the bullets by them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Final

from scoring import Assessment, Claim, ScoringContext, assess_claims, check_claim, claim_of

from analyzer.llm.prompting.labels import LabelsResponse

# The highest spread that a report knows, for shares that differ by more than half.
_MAX_SPREAD: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledAssessments:
    """The assessments by the model's labels, the labelled bullets, and how many all calls labelled alike."""

    assessments: Sequence[Assessment]
    bullets: int
    agreed: int


def assess_labels(
    context: ScoringContext,
    rules: Sequence[Assessment],
    responses: Sequence[LabelsResponse],
    *,
    may_raise: bool,
) -> LabelledAssessments:
    """Assess by the majority of the labels.

    Args:
        context: The analysis.
        rules: The assessments by the rules.
        responses: The labels of each call, for the first bullets of the resume.
        may_raise: Whether labels may raise an assessment above that of the rules.
    """
    own = [claim_of(bullet.labels) for bullet in context.resume.bullets]
    count = len(responses[0])
    together = [_majority([each[index] for each in responses], own[index]) for index in range(count)]

    def assess(claims: Sequence[Claim]) -> list[Assessment]:
        bullets = context.resume.bullets
        labels = [
            check_claim(bullet, claim, may_raise=may_raise)
            for bullet, claim in zip(bullets, claims, strict=False)
        ]
        labels += [bullet.labels for bullet in bullets[len(claims) :]]
        return assess_claims(context, rules, labels, may_raise=may_raise)

    assessments = assess(together)
    if len(responses) > 1:
        assessments = _with_spread(assessments, [assess(each) for each in responses])
    agreed = sum(all(each[index] == responses[0][index] for each in responses) for index in range(count))
    return LabelledAssessments(assessments=assessments, bullets=count, agreed=agreed)


def _majority(claims: Sequence[Claim], own: Claim) -> Claim:
    """Return what most claims say of each label; where as many say yes as no, what the rules say."""

    def most(has: Callable[[Claim], bool]) -> bool:
        votes = 2 * sum(map(has, claims))
        return has(own) if votes == len(claims) else votes > len(claims)

    skills = frozenset().union(own.skills, *(each.skills for each in claims))
    appeals = frozenset().union(own.appeals, *(each.appeals for each in claims))
    return Claim(
        action=most(lambda each: each.action),
        amount=most(lambda each: each.amount),
        result=most(lambda each: each.result),
        specific=most(lambda each: each.specific),
        skills=frozenset(group for group in skills if most(lambda each: group in each.skills)),  # noqa: B023
        appeals=frozenset(point for point in appeals if most(lambda each: point in each.appeals)),  # noqa: B023
    )


def _with_spread(
    assessments: Sequence[Assessment], by_call: Sequence[Sequence[Assessment]]
) -> list[Assessment]:
    """Add the distance between the shares of the single calls, in halves of the points, rounded up."""
    found = []
    for index, assessment in enumerate(assessments):
        if assessment.method == "model":
            shares = [min(1.0, each[index].share or 0) for each in by_call]
            distance = round(2 * (max(shares) - min(shares)), 6)
            assessment = replace(assessment, spread=min(_MAX_SPREAD, ceil(distance)))  # noqa: PLW2901
        found.append(assessment)
    return found
