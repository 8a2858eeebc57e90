"""The assessment of one criterion, and helpers that the rules share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from scoring.criteria.context import ScoringContext
from scoring.language.text import Span

Category = Literal["grammar", "structure", "scr_framework", "quantitative_impact", "appeal_point"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A fault at a place in the text, or of the whole resume (`span` is None)."""

    category: Category
    span: Span | None
    issue: str
    suggestion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The share of a criterion's points that was earned, 0 to 1, with its reason.

    Returned by both the rules and the model. `share` is None where the criterion is not assessable.
    """

    id: str
    share: float | None
    reason: str
    fix: str | None = None
    quotes: Sequence[Span] = ()
    remarks: Sequence[Remark] = ()
    method: Literal["rule", "model"] = "rule"
    # Distance between the highest and the lowest share of several model answers, in halves, rounded up.
    # None if the model was asked at most once.
    spread: int | None = None


def clamp(value: float) -> float:
    """Limit a value to the range from 0 to 1."""
    return min(1.0, max(0.0, value))


def assess_unknown(context: ScoringContext, criterion: str) -> Assessment:
    """Return the assessment of a criterion that needs signals which the file does not give."""
    return Assessment(id=criterion, share=None, reason=context.say(f"{criterion}.unknown"))


def assess_without_bullets(context: ScoringContext, criterion: str) -> Assessment:
    """Return the assessment for a resume without bullets: the same advice for every criterion."""
    return Assessment(
        id=criterion,
        share=0,
        reason=context.say("content.no_bullets"),
        fix=context.say("content.few_bullets.fix"),
    )


def bullet_share(context: ScoringContext, credit: float) -> float:
    """Divide the credit by the bullets, or by a minimum number, so that few cannot earn everything."""
    return credit / max(len(context.resume.bullets), context.rubric.thresholds.bullets_for_full_confidence)


def choose_bullet_fix(context: ScoringContext, credit: float, fix: str, *, full_at: float = 1.0) -> str:
    """Return the fix, or the advice to write more bullets where the present ones lack nothing."""
    is_full = credit >= full_at * len(context.resume.bullets)
    return context.say("content.few_bullets.fix") if is_full else fix


def count_sentence(context: ScoringContext, criterion: str, n: int, total: int, **values: object) -> str:
    """Return the criterion's sentence for none, some or all of `total`."""
    variant = "none" if n == 0 else "all" if n == total else "some"
    return context.say(f"{criterion}.{variant}", n=n, total=total, **values)
