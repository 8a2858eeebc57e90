"""Assess bullets by labels that a language model claims, as far as they agree with what code can check."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from scoring.criteria import content, industry_fit
from scoring.criteria.applicability import keep_applicable
from scoring.criteria.assessments import Assessment, clamp
from scoring.criteria.context import ScoringContext
from scoring.language.text import count_japanese, text_length
from scoring.resume.amounts import holds_number
from scoring.resume.bullet import Bullet
from scoring.resume.labels import BulletLabels, is_specific
from scoring.resume.openings import Strength

# The criteria that follow from labels alone. The others are about the whole resume, and stay with the rules.
BY_KIND: Final = ("content.quantified", "content.action_verbs", "content.results", "content.specificity")
# These need the skills and appeal points that a bullet shows.
BY_TOPIC: Final = ("industry.skills", "industry.appeals")
LABELLED: Final = (*BY_KIND, *BY_TOPIC)
# The share of a criterion's points by which claims may exceed the rules' labels. Text in a bullet can talk a
# model into labels that no code can check, so what that gains is limited.
RAISED_AT_MOST: Final = 0.25
# A shorter bullet has no room for both the work and what came of it. In words, and in Japanese characters.
_RESULT_WORDS: Final = 5
_RESULT_CHARACTERS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The labels that a model gives one bullet, before they are checked."""

    action: bool
    amount: bool
    result: bool
    skills: frozenset[str]
    appeals: frozenset[str]


def claim_of(labels: BulletLabels) -> Claim:
    """Return labels in the form of a claim."""
    return Claim(
        action=labels.action in ("strong", "plain"),
        amount=labels.amount,
        result=labels.result,
        skills=labels.skills,
        appeals=labels.appeals,
    )


def check_claim(bullet: Bullet, claim: Claim, *, may_raise: bool = True) -> BulletLabels:
    """Return the labels of a bullet after a claim. A part that contradicts the text does not count.

    - An amount needs a number, in figures or words, that is no date, version or decoration.
    - An action cannot stand behind an opening that the rules know as weak ("Responsible for"). In
      Japanese, careful readers take some bullets that end in 担当 for actions, so there a claim counts.
    - A result needs a bullet of some length, and words that are not copied from bullet to bullet.
    - A skill whose term stands in the bullet stays.
    - Whether the bullet is specific follows from the other labels and the names in it.

    Without `may_raise`, the claim can only take labels away.
    """
    own = bullet.labels
    known = claim_of(own)
    if not may_raise:
        claim = Claim(
            action=claim.action and known.action,
            amount=claim.amount and own.amount,
            result=claim.result and own.result,
            skills=own.skills,
            appeals=claim.appeals & own.appeals,
        )
    action = _action(bullet, claim, may_raise=may_raise)
    amount = claim.amount and (own.amount or _may_hold_amount(bullet))
    skills = own.skills | claim.skills
    return BulletLabels(
        action=action,
        amount=amount,
        result=claim.result and (own.result or _may_state_result(bullet)),
        specific=is_specific(bullet.meaningful_text, action, has_amount=amount, skills=skills),
        skills=skills,
        appeals=claim.appeals,
    )


def _action(bullet: Bullet, claim: Claim, *, may_raise: bool) -> Strength:
    own = bullet.labels.action
    is_certain = own == "weak" and not bullet.meaningful_text.rstrip(" 。").endswith("担当")
    if not claim.action or is_certain:
        return own if own == "weak" else "none"
    return "strong" if may_raise else own


def _may_hold_amount(bullet: Bullet) -> bool:
    return not bullet.is_copied and holds_number(bullet.meaningful_text)


def _may_state_result(bullet: Bullet) -> bool:
    japanese = count_japanese(bullet.meaningful_text) > 0
    least = _RESULT_CHARACTERS if japanese else _RESULT_WORDS
    return not bullet.is_copied and text_length(bullet.meaningful_text, japanese=japanese) >= least


def assess_claims(
    context: ScoringContext,
    rules: Sequence[Assessment],
    labels: Sequence[BulletLabels],
    *,
    criteria: Collection[str] = LABELLED,
    may_raise: bool = True,
) -> list[Assessment]:
    """Return the assessments with those that follow from labels computed from other labels.

    Args:
        context: The analysis.
        rules: The assessments by the rules' own labels.
        labels: The labels of each bullet, in order.
        criteria: The criteria to compute. The others stay with the rules.
        may_raise: Whether an assessment may exceed that of the rules.
    """
    bullets = [
        replace(bullet, labels=each) for bullet, each in zip(context.resume.bullets, labels, strict=True)
    ]
    relabelled = replace(context, resume=context.resume.with_bullets(bullets))
    assessed = keep_applicable(context, [*content.assess(relabelled), *industry_fit.assess(relabelled)])
    by_id = {each.id: each for each in assessed}
    limit = RAISED_AT_MOST if may_raise else 0
    return [_limit(context, rule, by_id[rule.id], limit) if rule.id in criteria else rule for rule in rules]


def _limit(context: ScoringContext, rule: Assessment, claimed: Assessment, limit: float) -> Assessment:
    """Return the claimed assessment, with at most `limit` more than the rule's share."""
    if rule.share is None or claimed.share is None:
        return rule
    highest = clamp(rule.share) + limit
    if clamp(claimed.share) <= highest:
        return replace(claimed, method="model")
    reason = context.say.join_sentences(claimed.reason, context.say("model.limited", n=round(100 * limit)))
    return replace(claimed, method="model", share=highest, reason=reason)
