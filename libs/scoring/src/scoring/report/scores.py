"""Turn assessments into points, area scores and the overall score."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from contracts.report import MAX_QUOTES, Contributions, Criterion, Evidence

from scoring.criteria.assessments import Assessment, clamp
from scoring.criteria.context import ScoringContext
from scoring.language.text import Span
from scoring.resume.resume import Resume
from scoring.rubric import AREAS, Area, Rubric


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """The four area scores, the contribution of each to the overall score, and the overall score."""

    areas: Mapping[Area, int]
    contributions: Contributions
    overall: int


class Points(NamedTuple):
    """The points of one criterion, without the text of its `Criterion`."""

    area: Area
    points: float | None
    max: float


def round_half_up(value: float, digits: int = 0) -> float:
    """Round a score. Binary noise (0.285 * 100) is removed first. All scores are rounded here."""
    step = Decimal(1).scaleb(-digits)
    return float(Decimal(repr(round(value, 9))).quantize(step, rounding=ROUND_HALF_UP))


def award_points(rubric: Rubric, assessments: Iterable[Assessment]) -> list[Points]:
    """Return the points of each assessed criterion, in the rubric's order."""
    by_id = {each.id: each.share for each in assessments}
    return [
        Points(area, _points(by_id[weight.id], weight.max), weight.max)
        for area in AREAS
        for weight in rubric.criteria[area]
    ]


def _points(share: float | None, most: float) -> float | None:
    return None if share is None else round_half_up(clamp(share) * most, 2)


def build_criteria(context: ScoringContext, assessments: Iterable[Assessment]) -> list[Criterion]:
    """Return the criteria in the rubric's order, without potential gains.

    Raises:
        KeyError: a criterion has no assessment.
    """
    by_id = {each.id: each for each in assessments}
    criteria = []
    for area in AREAS:
        for weight in context.rubric.criteria[area]:
            assessment = by_id[weight.id]
            points = _points(assessment.share, weight.max)
            is_full = points is None or points >= weight.max
            criteria.append(
                Criterion(
                    id=weight.id,
                    area=area,
                    points=points,
                    max=weight.max,
                    method=assessment.method,
                    evidence=_evidence(context.resume, assessment.quotes),
                    reason=assessment.reason,
                    fix=None if is_full else assessment.fix,
                    confidence=weight.confidence,
                    spread=assessment.spread,
                )
            )
    return criteria


def _evidence(resume: Resume, spans: Sequence[Span]) -> tuple[Evidence, ...]:
    quotes = (resume.quote(span) for span in spans[:MAX_QUOTES])
    return tuple(quote for quote in quotes if quote is not None)


def compute_scores(rubric: Rubric, criteria: Sequence[Criterion | Points], *, cap: int | None) -> Scores:
    """Compute the area scores and the overall score.

    An area's score is its points out of 100, over the criteria that could be assessed. The overall score is
    the weighted sum of the four scores as shown, so that a reader can check it, and at most `cap`.

    An area without any assessed criterion takes the weighted mean of the others, so that it neither raises
    nor lowers the overall score. The rules alone never cause this: each area has criteria that any text
    can be assessed by.
    """
    assessed = {area: score for area in AREAS if (score := _area_score(area, criteria)) is not None}
    weight = sum(rubric.overall[area] for area in assessed)
    mean = sum(rubric.overall[area] * score for area, score in assessed.items()) / weight if weight else 0
    areas: dict[Area, int] = {area: assessed.get(area, int(round_half_up(mean))) for area in AREAS}
    parts = {area: round_half_up(rubric.overall[area] * areas[area], 2) for area in AREAS}
    total = int(round_half_up(sum(parts.values())))
    return Scores(
        areas=areas,
        contributions=Contributions(**parts),
        overall=total if cap is None else min(total, cap),
    )


def _area_score(area: Area, criteria: Sequence[Criterion | Points]) -> int | None:
    within = [criterion for criterion in criteria if criterion.area == area and criterion.points is not None]
    if not within:
        return None
    earned = sum(criterion.points or 0 for criterion in within)
    return int(round_half_up(100 * earned / sum(criterion.max for criterion in within)))


def add_potential_gains(
    rubric: Rubric, criteria: Sequence[Criterion], scores: Scores, cap: int | None
) -> list[Criterion]:
    """Return each criterion with the overall points that its full marks would add under the cap."""
    raw = sum((scores.contributions.ats, scores.contributions.content, scores.contributions.formatting))
    raw += scores.contributions.industry_fit
    limit = 100 if cap is None else cap
    available = {
        area: sum(each.max for each in criteria if each.area == area and each.points is not None)
        for area in AREAS
    }
    improved = []
    for criterion in criteria:
        gain = 0.0
        if criterion.points is not None:
            missing = criterion.max - criterion.points
            gain = rubric.overall[criterion.area] * 100 * missing / available[criterion.area]
        real = min(limit, raw + gain) - min(limit, raw)
        improved.append(criterion.model_copy(update={"potential_gain": round_half_up(real, 1)}))
    return improved
