"""Combine what a model said about the bullets in several calls, and assess the bullets by it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Final

from scoring.criteria.assessments import Assessment
from scoring.criteria.claims import BY_KIND, LABELLED, Claim, assess_claims, check_claim, claim_of
from scoring.criteria.context import ScoringContext

from analyzer.llm.prompting.labels import GivenLabels, LabelsResponse
from analyzer.llm.prompting.topics import ShownTopics, TopicsResponse

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
    topics: TopicsResponse | None,
    *,
    may_raise: bool,
) -> LabelledAssessments:
    """Assess by the majority of the labels, and by the topics.

    Args:
        context: The analysis.
        rules: The assessments by the rules.
        responses: The labels of each call, for the first bullets of the resume.
        topics: The topics that these bullets show; without them, the rules assess the fit to the industry.
        may_raise: Whether labels may raise an assessment above that of the rules.
    """
    own = [claim_of(bullet.labels) for bullet in context.resume.bullets]
    calls = [to_claims(context, response, topics) for response in responses]
    count = len(responses[0])
    together = [_majority([each[index] for each in calls], own[index]) for index in range(count)]

    def assess(claims: Sequence[Claim]) -> list[Assessment]:
        bullets = context.resume.bullets
        labels = [
            check_claim(bullet, claim, may_raise=may_raise)
            for bullet, claim in zip(bullets, claims, strict=False)
        ]
        labels += [bullet.labels for bullet in bullets[len(claims) :]]
        criteria = BY_KIND if topics is None else LABELLED
        return assess_claims(context, rules, labels, criteria=criteria, may_raise=may_raise)

    assessments = assess(together)
    if len(responses) > 1:
        assessments = _with_spread(assessments, [assess(each) for each in calls])
    agreed = sum(all(each[index] == responses[0][index] for each in responses) for index in range(count))
    return LabelledAssessments(assessments=assessments, bullets=count, agreed=agreed)


def to_claims(
    context: ScoringContext, response: LabelsResponse, topics: TopicsResponse | None = None
) -> list[Claim]:
    """Return the claims about the first bullets; where the model said nothing, those of the rules."""
    shown = topics or [None] * len(response)
    return [
        _to_claim(claim_of(bullet.labels), given, shows, language=context.resume.language)
        for bullet, given, shows in zip(context.resume.bullets, response, shown, strict=False)
    ]


def _to_claim(known: Claim, given: GivenLabels | None, shows: ShownTopics | None, *, language: str) -> Claim:
    if given:
        is_result = given.kind == "result"
        known = replace(
            known,
            # In English, a result may be told without a verb ("Winner of ..."), and the rules know verbs.
            action=known.action if is_result and language == "en" else given.kind != "duty",
            amount=known.amount if given.amount is None else given.amount,
            result=is_result,
        )
    return replace(known, skills=shows.skills, appeals=shows.appeals) if shows else known


def _majority(claims: Sequence[Claim], own: Claim) -> Claim:
    """Return what most claims say of each label; where as many say yes as no, what the rules say.

    The topics are asked about once, so they are the same in all claims.
    """

    def most(has: Callable[[Claim], bool]) -> bool:
        votes = 2 * sum(map(has, claims))
        return has(own) if votes == len(claims) else votes > len(claims)

    return replace(
        claims[0],
        action=most(lambda each: each.action),
        amount=most(lambda each: each.amount),
        result=most(lambda each: each.result),
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
