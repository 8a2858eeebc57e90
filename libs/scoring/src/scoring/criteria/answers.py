"""What a rule answers for a criterion, and how answers become points, area scores and the overall score."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice
from typing import Literal

from contracts.report import (
    MAX_QUOTES,
    MAX_REMARKS,
    Contributions,
    Criterion,
    Evidence,
    Finding,
    ModelRun,
    RawAnswers,
    Rewrite,
    SectionFeedback,
    SpecificFeedback,
)

from scoring.language.text import Span
from scoring.messages import Messages
from scoring.resume.resume import Resume
from scoring.rubric import AREAS, Area, Industry, Rubric

Category = Literal["grammar", "structure", "scr_framework", "quantitative_impact", "appeal_point"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A fault at a place, or of the whole resume (`span` None)."""

    category: Category
    span: Span | None
    issue: str
    suggestion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`share` is the part of the criterion's points that was earned, 0 to 1; None: not assessable.

    Whoever answers, rules or a model, returns these; points and scores are computed here alone.
    """

    id: str
    share: float | None
    reason: str
    fix: str | None = None
    quotes: Sequence[Span] = ()
    remarks: Sequence[Remark] = ()
    method: Literal["rule", "model"] = "rule"
    # How far several answers of a model lay apart, in steps of 0, 1 and 2; None: it was asked once or not.
    spread: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What a model made of the answers of the rules.

    `model` is its name as the provider reports it, None when the rules stand alone; `notices` are keys of
    the catalogue with their values; `findings` come after those of the rules, `remarks` before them; `raw` is
    what it said.
    """

    answers: Sequence[Answer]
    model: str | None
    notices: Sequence[tuple[str, Mapping[str, object]]]
    run: ModelRun | None = None
    findings: Sequence[Finding] = ()
    remarks: Sequence[Remark] = ()
    section_feedback: Sequence[SectionFeedback] = ()
    rewrites: Sequence[Rewrite] = ()
    raw: RawAnswers | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What every rule is given."""

    resume: Resume
    rubric: Rubric
    industry_name: str
    say: Messages

    @property
    def industry(self) -> Industry:
        return self.rubric.industries[self.industry_name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """The four area scores, what each gives to the overall score, and that score."""

    areas: Mapping[Area, int]
    contributions: Contributions
    overall: int


def half_up(value: float, digits: int = 0) -> float:
    """The one place where scores are rounded. Binary noise (0.285 * 100) is taken off first."""
    step = Decimal(1).scaleb(-digits)
    return float(Decimal(repr(round(value, 9))).quantize(step, rounding=ROUND_HALF_UP))


def clamp(value: float) -> float:
    """Into 0 to 1."""
    return min(1.0, max(0.0, value))


def share_of_bullets(case: Case, credit: float) -> float:
    """Credit a bullet; few bullets cannot earn it all, however good they are."""
    return credit / max(len(case.resume.bullets), case.rubric.measures.bullets_for_full_confidence)


def no_bullets(case: Case, criterion: str) -> Answer:
    """The answer where nothing tells what was done: one advice for all criteria."""
    return Answer(
        id=criterion,
        share=0,
        reason=case.say("content.no_bullets"),
        fix=case.say("content.few_bullets.fix"),
    )


def bullets_fix(case: Case, credit: float, fix: str, *, full_at: float = 1.0) -> str:
    """The fix; where the bullets shown lack nothing, more of them."""
    is_full = credit >= full_at * len(case.resume.bullets)
    return case.say("content.few_bullets.fix") if is_full else fix


def counted(case: Case, criterion: str, n: int, total: int, **values: object) -> str:
    """The criterion's sentence for none, some or all of what there is."""
    told = "none" if n == 0 else "all" if n == total else "some"
    return case.say(f"{criterion}.{told}", n=n, total=total, **values)


def to_criteria(case: Case, answers: Iterable[Answer]) -> list[Criterion]:
    """Criteria in the rubric's order, without potential gains; raises KeyError for one unanswered."""
    by_id = {answer.id: answer for answer in answers}
    criteria = []
    for area in AREAS:
        for weighted in case.rubric.criteria[area]:
            answer = by_id[weighted.id]
            points = None if answer.share is None else half_up(clamp(answer.share) * weighted.max, 2)
            is_full = points is None or points >= weighted.max
            criteria.append(
                Criterion(
                    id=weighted.id,
                    area=area,
                    points=points,
                    max=weighted.max,
                    method=answer.method,
                    evidence=_evidence(case.resume, answer.quotes),
                    reason=answer.reason,
                    fix=None if is_full else answer.fix,
                    confidence=weighted.confidence,
                    spread=answer.spread,
                )
            )
    return criteria


def _evidence(resume: Resume, spans: Sequence[Span]) -> tuple[Evidence, ...]:
    quotes = (resume.quote(span) for span in spans[:MAX_QUOTES])
    return tuple(quote for quote in quotes if quote is not None)


def to_scores(rubric: Rubric, criteria: Sequence[Criterion], *, cap: int | None) -> Scores:
    """An area's score is its points over the points that could be had, of 100; the overall score is the
    weighted sum of the four as shown, so that a reader can check it, and at most `cap`.

    An area of which nothing could be assessed takes the weighted mean of the others: it neither lifts nor
    lowers the overall score. (By rules alone this does not come about: each area has criteria that any
    text answers.)
    """
    assessed = {area: score for area in AREAS if (score := _area_score(area, criteria)) is not None}
    weight = sum(rubric.overall[area] for area in assessed)
    mean = sum(rubric.overall[area] * score for area, score in assessed.items()) / weight if weight else 0
    areas: dict[Area, int] = {area: assessed.get(area, int(half_up(mean))) for area in AREAS}
    parts = {area: half_up(rubric.overall[area] * areas[area], 2) for area in AREAS}
    total = int(half_up(sum(parts.values())))
    return Scores(
        areas=areas,
        contributions=Contributions(**parts),
        overall=total if cap is None else min(total, cap),
    )


def _area_score(area: Area, criteria: Sequence[Criterion]) -> int | None:
    within = [criterion for criterion in criteria if criterion.area == area and criterion.points is not None]
    if not within:
        return None
    earned = sum(criterion.points or 0 for criterion in within)
    return int(half_up(100 * earned / sum(criterion.max for criterion in within)))


def with_gains(
    rubric: Rubric, criteria: Sequence[Criterion], scores: Scores, cap: int | None
) -> list[Criterion]:
    """Each criterion with the points of overall that its full marks would add, the cap considered."""
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
        improved.append(criterion.model_copy(update={"potential_gain": half_up(real, 1)}))
    return improved


def to_feedback(case: Case, remarks: Iterable[Remark]) -> list[SpecificFeedback]:
    """Remarks with the verbatim text that they are about, as many as a report takes."""
    feedback = []
    for remark in islice(remarks, MAX_REMARKS):
        quote = case.resume.quote(remark.span) if remark.span else None
        feedback.append(
            SpecificFeedback(
                category=remark.category,
                target_text=quote.quote if quote else None,
                issue=remark.issue,
                suggestion=remark.suggestion,
            )
        )
    return feedback
