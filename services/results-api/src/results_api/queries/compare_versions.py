"""Compare the analyses of two versions of a candidate's resume.

Comparisons are computed on every read and never stored, so they contain nothing that was erased or that the
reader may not see.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from contracts.plain_text import PlainLine, model_name
from contracts.report import Contributions, Criterion, Finding
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from results_api.domain.analysis_view import AnalysisView, Result

_DIFFERENT_RUBRIC: Final = "The two were not scored by the same rubric."
_DIFFERENT_SCORER: Final = "The earlier one was answered by {before}, this one by {after}."
_CAVEAT: Final = "A difference need not come from the resume."
_RULES: Final = "rules"


class Since(BaseModel):
    """The earlier analysis."""

    model_config = ConfigDict(from_attributes=True)

    analysis_id: UUID
    resume_version: int
    completed_at: datetime | None = Field(validation_alias="ended_at")
    file_name: PlainLine


class ScoreChange(BaseModel):
    """A score from 0 to 100, or null if there is none."""

    before: int | None
    after: int | None
    change: int | None


class ScoreChanges(BaseModel):
    """The scores of a result."""

    overall: ScoreChange
    ats: ScoreChange
    content: ScoreChange
    formatting: ScoreChange


class PointsChange(BaseModel):
    """Points, or null if not assessable."""

    before: float | None
    after: float | None
    change: float | None


class ContributionChanges(BaseModel):
    """Points that each area contributes to the overall score. They explain a change of the overall score."""

    ats: PointsChange
    content: PointsChange
    formatting: PointsChange
    industry_fit: PointsChange


class CriterionChange(PointsChange):
    """A criterion whose points changed: `before` and `after`, both out of `max`, with their reasons."""

    id: str
    area: str
    max: float
    reason_before: str
    reason: str


class Changes(BaseModel):
    """Changes since the last analysis of an earlier version of the resume, for the same industry.

    Numbers that are not comparable are shown, too. In this case, `note` gives the reason.
    """

    since: Since
    is_comparable: bool
    note: str | None
    scores: ScoreChanges
    contributions: ContributionChanges | None
    criteria: list[CriterionChange] = Field(description="changed criteria, the largest change first")
    new_findings: list[str]
    gone_findings: list[str]


class _Details(BaseModel):
    """The compared parts of `detailed_scores`. Results of the legacy backend have none of them."""

    criteria: tuple[Criterion, ...] = ()
    contributions: Contributions | None = None
    findings: tuple[Finding, ...] | None = None
    rubric_version: str | None = None

    @staticmethod
    def of(stored: Any) -> "_Details":  # noqa: ANN401 - any JSON
        try:
            return _Details.model_validate(stored or {})
        except ValidationError:
            # The legacy backend stored other data under these names, so there is nothing to compare.
            return _Details()


def compare_versions(earlier: tuple[AnalysisView, Result], later: tuple[AnalysisView, Result]) -> Changes:
    """Compare two analyses of the same candidate. `earlier` belongs to a lower version of the resume."""
    (view, before), (_, after) = earlier, later
    old, new = _Details.of(before.detailed_scores), _Details.of(after.detailed_scores)
    note = _note(before, old, after, new)
    gone, added = _findings(old, new)
    return Changes(
        since=Since.model_validate(view),
        is_comparable=note is None,
        note=note,
        scores=ScoreChanges(
            overall=_score(before.overall_score, after.overall_score),
            ats=_score(before.ats_score, after.ats_score),
            content=_score(before.content_score, after.content_score),
            formatting=_score(before.formatting_score, after.formatting_score),
        ),
        contributions=_contributions(old.contributions, new.contributions),
        criteria=_criteria(old, new),
        new_findings=added,
        gone_findings=gone,
    )


def _note(before: Result, old: _Details, after: Result, new: _Details) -> str | None:
    reasons = []
    if new.rubric_version is None or new.rubric_version != old.rubric_version:
        reasons.append(_DIFFERENT_RUBRIC)
    if _scorer(before) != _scorer(after):
        reasons.append(_DIFFERENT_SCORER.format(before=_scorer(before), after=_scorer(after)))
    return " ".join([*reasons, _CAVEAT]) if reasons else None


def _scorer(result: Result) -> str:
    """Return the name of the model, or `rules` for any version of the rules."""
    name = model_name(result.ai_model_used or "") or "an unknown model"
    return _RULES if name.startswith(f"{_RULES}/") else name


def _score(before: int | None, after: int | None) -> ScoreChange:
    change = None if before is None or after is None else after - before
    return ScoreChange(before=before, after=after, change=change)


def _contributions(old: Contributions | None, new: Contributions | None) -> ContributionChanges | None:
    if old is None or new is None:
        return None
    return ContributionChanges(
        ats=_points(old.ats, new.ats),
        content=_points(old.content, new.content),
        formatting=_points(old.formatting, new.formatting),
        industry_fit=_points(old.industry_fit, new.industry_fit),
    )


def _points(before: float, after: float) -> PointsChange:
    return PointsChange(before=before, after=after, change=_difference(before, after))


def _difference(before: float, after: float) -> float:
    return round(after - before, 2)


def _criteria(old: _Details, new: _Details) -> list[CriterionChange]:
    """Return the changes of criteria that have the same id and the same maximum in both analyses."""
    before = {(each.id, each.max): each for each in old.criteria}
    pairs = [(before[key], each) for each in new.criteria if (key := (each.id, each.max)) in before]
    changes = [_criterion(one, other) for one, other in pairs if one.points != other.points]
    return sorted(changes, key=lambda each: (each.change is None, -abs(each.change or 0), each.id))


def _criterion(before: Criterion, after: Criterion) -> CriterionChange:
    assessed = before.points is not None and after.points is not None
    return CriterionChange(
        id=after.id,
        area=after.area,
        before=before.points,
        after=after.points,
        max=after.max,
        change=_difference(before.points or 0, after.points or 0) if assessed else None,
        reason_before=before.reason,
        reason=after.reason,
    )


def _findings(old: _Details, new: _Details) -> tuple[list[str], list[str]]:
    """Return removed and added finding codes. Results that are older than findings give none."""
    if old.findings is None or new.findings is None:
        return [], []
    before, after = ({each.code for each in details.findings or ()} for details in (old, new))
    return sorted(before - after), sorted(after - before)
