"""The content of the page, in its order and its words."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from contracts.plain_text import model_name
from contracts.report import Criterion, Evidence, Finding, SectionFeedback

from results_api.domain.analysis_view import NO_INDUSTRY, AnalysisView, Result
from results_api.queries.compare_versions import Changes, PointsChange, ScoreChange, Since
from results_api.queries.read_report import MissingText
from results_api.report.highlights import Line, Passage, mark_passages
from results_api.report.stored_report import Remark, StoredReport
from results_api.report.texts import Texts, language_of, texts_in

AREAS: Final = ("ats", "content", "formatting", "industry_fit")
# Lists of sentences in the structure and appeal analysis.
_STRENGTHS: Final = (
    "strengths",
    "relevant_achievements",
    "competitive_advantages",
    "transferable_experience",
    "missing_skills",
    "missing_sections",
)
# Of the analyzer's reports, these repeat the reasons and fixes of the criteria.
_WEAKNESSES: Final = ("improvement_areas", "issues", "recommendations")
# Label of a remark among the numbers of the criteria.
_REMARK: Final = "R"


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaScore:
    """The score of an area, None if not assessed, and its points of the overall score, None if not stored."""

    area: str
    name: str
    score: int | None
    points: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedCriterion:
    """A criterion with the number that marks its evidence in the text of the resume."""

    number: int
    name: str
    criterion: Criterion

    @property
    def share(self) -> float | None:
        """Share of the points that were given."""
        points, maximum = self.criterion.points, self.criterion.max
        return None if points is None or not maximum else min(points / maximum, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedLines:
    """Sentences under a heading."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFinding:
    """A finding with its name."""

    name: str
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedChange:
    """A changed number with its name."""

    name: str
    change: ScoreChange | PointsChange


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChanges:
    """Changes since an earlier version."""

    since: Since
    date: str
    is_comparable: bool
    scores: tuple[NamedChange, ...]
    criteria: tuple[NamedChange, ...]
    new_findings: str
    gone_findings: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage:
    """The content of the page."""

    texts: Texts
    view: AnalysisView
    result: Result
    stored: StoredReport
    date: str
    industry: str
    tier: str | None
    scores: tuple[AreaScore, ...]
    total: float | None
    total_note: str | None
    findings: tuple[NamedFinding, ...]
    changes: ShownChanges | None
    areas: tuple[tuple[AreaScore, tuple[NumberedCriterion, ...]], ...]
    strengths: tuple[NamedLines, ...]
    sections: tuple[tuple[str, SectionFeedback], ...]
    # Remarks by the passage that they are about, None for the whole resume.
    remarks: tuple[tuple[str | None, tuple[Remark, ...]], ...]
    # The text of the resume, or the sentence in its place.
    resume: Sequence[Line]
    text_note: str | None
    engine: str


def build_page(
    view: AnalysisView,
    result: Result,
    details: dict[str, Any],
    *,
    changes: Changes | None,
    text: str | MissingText,
) -> ReportPage:
    """Build the page of a result. `details` are its `detailed_scores`, completed for the frontends."""
    stored = StoredReport.of(details)
    texts = texts_in(language_of(notices=stored.notices, summary=result.executive_summary or ""))
    criteria = [
        NumberedCriterion(number=number, name=texts.name_of("criterion_names", each.id), criterion=each)
        for number, each in enumerate(sorted(stored.criteria, key=lambda it: AREAS.index(it.area)), start=1)
    ]
    scores = tuple(_area_score(area, result, stored, texts) for area in AREAS)
    total = round(sum(each.points or 0 for each in scores), 2)
    return ReportPage(
        texts=texts,
        view=view,
        result=result,
        stored=stored,
        date=texts.date(view.ended_at or view.requested_at),
        industry=texts.name_of("industries", view.industry or NO_INDUSTRY),
        tier=stored.market_tier and texts.name_of("tiers", stored.market_tier),
        scores=scores,
        total=total if stored.contributions else None,
        total_note=_total_note(result, stored, texts, total=total, scores=scores),
        findings=tuple(
            NamedFinding(name=texts.name_of("findings", each.code), finding=each) for each in stored.findings
        ),
        changes=_changes(changes, texts) if changes else None,
        areas=tuple(
            (score, found)
            for score in scores
            if (found := tuple(each for each in criteria if each.criterion.area == score.area))
        ),
        strengths=_strengths(stored, texts),
        remarks=_remarks_by_passage(stored.remarks),
        sections=tuple(
            (texts.name_of("section_names", each.section), each) for each in stored.section_feedback
        ),
        resume=[] if isinstance(text, MissingText) else mark_passages(text, _passages(stored, criteria)),
        text_note=_text_note(text, texts),
        engine=model_name(result.ai_model_used or "") or texts("about.unknown"),
    )


def _area_score(area: str, result: Result, stored: StoredReport, texts: Texts) -> AreaScore:
    criteria = [each for each in stored.criteria if each.area == area]
    assessed = [each for each in criteria if each.points is not None]
    score: int | None = None
    if area == "industry_fit":
        # It has no column in Schema v1.1.
        maximum = sum(each.max for each in assessed)
        score = int(100 * sum(each.points or 0 for each in assessed) / maximum + 0.5) if maximum else None
    elif assessed or not criteria:
        score = getattr(result, f"{area}_score")
    return AreaScore(
        area=area,
        name=texts(f"scores.{area}"),
        score=score,
        points=getattr(stored.contributions, area) if stored.contributions else None,
    )


def _total_note(
    result: Result, stored: StoredReport, texts: Texts, *, total: float, scores: Sequence[AreaScore]
) -> str | None:
    """Return how the overall score follows from the sum of the contributions."""
    if stored.contributions is None or result.overall_score is None:
        return None
    if stored.cap_reason and int(total + 0.5) > result.overall_score:
        return texts("scores.capped", reason=stored.cap_reason)
    if stored.criteria and any(each.score is None for each in scores):
        return texts("scores.unassessed")
    return texts("scores.rounded")


def _changes(changes: Changes, texts: Texts) -> ShownChanges:
    scores, since = changes.scores, changes.since
    return ShownChanges(
        since=since,
        date=texts.date(since.completed_at) if since.completed_at else texts("about.unknown"),
        is_comparable=changes.is_comparable,
        scores=tuple(
            NamedChange(name=texts(f"scores.{name}"), change=getattr(scores, name))
            for name in ("overall", "ats", "content", "formatting")
        ),
        criteria=tuple(
            NamedChange(name=texts.name_of("criterion_names", each.id), change=each)
            for each in changes.criteria
        ),
        new_findings=texts.join(texts.name_of("findings", each) for each in changes.new_findings),
        gone_findings=texts.join(texts.name_of("findings", each) for each in changes.gone_findings),
    )


def _text_note(text: str | MissingText, texts: Texts) -> str | None:
    if isinstance(text, MissingText):
        return texts(f"resume.{text.value}")
    return None if text.strip() else texts("resume.empty")


def _remarks_by_passage(
    remarks: Iterable[Remark],
) -> tuple[tuple[str | None, tuple[Remark, ...]], ...]:
    by_passage: dict[str | None, list[Remark]] = defaultdict(list)
    for each in remarks:
        by_passage[each.passage].append(each)
    return tuple((passage, tuple(each)) for passage, each in by_passage.items())


def _strengths(stored: StoredReport, texts: Texts) -> tuple[NamedLines, ...]:
    found = []
    for name in _STRENGTHS if stored.criteria else (*_STRENGTHS, *_WEAKNESSES):
        lines = dict.fromkeys((*stored.structure.get(name, ()), *stored.appeal.get(name, ())))
        if lines:
            found.append(NamedLines(name=texts(f"strengths.{name}"), lines=tuple(lines)))
    return tuple(found)


def _passages(stored: StoredReport, criteria: Sequence[NumberedCriterion]) -> list[Passage]:
    advice: list[Evidence] = [quote for each in stored.findings for quote in each.evidence]
    advice += [each.passage for each in stored.scrambled]
    advice += [each.original for each in stored.rewrites]
    return [
        *(
            Passage(it.quote, str(each.number), it.start)
            for each in criteria
            for it in each.criterion.evidence
        ),
        *(Passage(each.quote, _REMARK, each.start) for each in advice),
        *(Passage(each.passage, _REMARK) for each in stored.remarks if each.passage),
    ]
