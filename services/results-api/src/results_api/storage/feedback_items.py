"""Conversion of a report to rows of `review_feedback_items`, with the types and categories of Schema v1.1."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from contracts.report import Criterion, DetailedScores, Finding, Report, SpecificFeedback
from contracts.vocabulary import FindingCode

FeedbackType = Literal["strength", "weakness", "suggestion", "error"]
Category = Literal["content", "formatting", "keywords", "grammar"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackItem:
    """A row. `original_text` quotes the resume. `confidence_score` is None if the report has none."""

    feedback_type: FeedbackType
    category: Category
    feedback_text: str
    severity_level: int
    original_text: str | None = None
    suggested_text: str | None = None
    confidence_score: int | None = None


# Share of the points from which on the report calls a criterion a strength.
_STRONG: Final = 0.8
# Potential gains, in points of the overall score, from which on a weakness has severity 2, 3, 4 and 5. Each
# is twice the one before.
_GAINS: Final = (1.0, 2.0, 4.0, 8.0)
# Strengths need no action.
_STRENGTH_SEVERITY: Final = 1
# The column's default, for remarks without a weight.
_DEFAULT_SEVERITY: Final = 3
# These findings suggest manipulation, so a person has to check the file.
_FINDING_SEVERITIES: Final[Mapping[str, int]] = {
    FindingCode.HIDDEN_TEXT: 5,
    FindingCode.SUSPECTED_INSTRUCTION: 5,
}

_AREA_CATEGORIES: Final[Mapping[str, Category]] = {
    "ats": "formatting",
    "content": "content",
    "formatting": "formatting",
    "industry_fit": "keywords",
}
# Criteria whose category differs from that of their area.
_CRITERION_CATEGORIES: Final[Mapping[str, Category]] = {
    "ats.contact": "content",
    "content.tense_spelling": "grammar",
}
_REMARK_CATEGORIES: Final[Mapping[str, Category]] = {
    "grammar": "grammar",
    "structure": "formatting",
    "scr_framework": "content",
    "quantitative_impact": "content",
    "appeal_point": "keywords",
}


def feedback_items(report: Report) -> list[FeedbackItem]:
    """Return strengths, weaknesses by falling weight, suggestions and errors, without duplicates."""
    detailed = report.detailed_scores
    assessed = [each for each in detailed.criteria if each.points is not None]
    strong = [each for each in assessed if _is_strong(each)]
    weak = [each for each in assessed if not _is_strong(each)]
    items = [
        *(_strength(each) for each in strong),
        *(_weakness(each) for each in sorted(weak, key=lambda each: -each.potential_gain)),
        *_remarks(detailed),
        *_advice(detailed),
        *(_error(each) for each in detailed.findings),
    ]
    # Several criteria can give the same reason, for example if a resume has no bullets.
    unique: dict[tuple[str | None, ...], FeedbackItem] = {}
    for each in items:
        key = (each.feedback_type, each.feedback_text, each.original_text, each.suggested_text)
        unique.setdefault(key, each)
    return list(unique.values())


def _is_strong(criterion: Criterion) -> bool:
    return (criterion.points or 0) >= _STRONG * criterion.max


def _strength(criterion: Criterion) -> FeedbackItem:
    return FeedbackItem(
        feedback_type="strength",
        category=_category(criterion),
        feedback_text=criterion.reason,
        severity_level=_STRENGTH_SEVERITY,
        original_text=criterion.evidence[0].quote if criterion.evidence else None,
        suggested_text=criterion.fix,
        confidence_score=round(100 * criterion.confidence),
    )


def _weakness(criterion: Criterion) -> FeedbackItem:
    # Evidence shows what earned points, not what lost them, so there is no quote.
    return FeedbackItem(
        feedback_type="weakness",
        category=_category(criterion),
        feedback_text=criterion.reason,
        severity_level=1 + bisect_right(_GAINS, criterion.potential_gain),
        suggested_text=criterion.fix,
        confidence_score=round(100 * criterion.confidence),
    )


def _category(criterion: Criterion) -> Category:
    return _CRITERION_CATEGORIES.get(criterion.id, _AREA_CATEGORIES[criterion.area])


def _remarks(detailed: DetailedScores) -> Iterator[FeedbackItem]:
    structure, appeal = detailed.structure_analysis.feedback, detailed.appeal_analysis.feedback
    for remark in (*structure.specific_feedback, *appeal.specific_feedback):
        yield _remark(remark)


def _remark(remark: SpecificFeedback) -> FeedbackItem:
    return FeedbackItem(
        feedback_type="error" if remark.category == "grammar" else "suggestion",
        category=_REMARK_CATEGORIES[remark.category],
        feedback_text=remark.issue,
        severity_level=_DEFAULT_SEVERITY,
        original_text=remark.target_text,
        suggested_text=remark.suggestion,
    )


def _advice(detailed: DetailedScores) -> Iterator[FeedbackItem]:
    """Yield the items that only a deep analysis has."""
    for comment in detailed.section_feedback:
        if comment.suggestion is not None:
            yield FeedbackItem(
                feedback_type="suggestion",
                category="content",
                feedback_text=comment.comment,
                severity_level=_DEFAULT_SEVERITY,
                suggested_text=comment.suggestion,
            )
    for rewrite in detailed.rewrites:
        yield FeedbackItem(
            feedback_type="suggestion",
            category="content",
            feedback_text=rewrite.reason,
            severity_level=_DEFAULT_SEVERITY,
            original_text=rewrite.original.quote,
            suggested_text=rewrite.rewrite,
        )


def _error(finding: Finding) -> FeedbackItem:
    quote = finding.evidence[0].quote if finding.evidence else None
    return FeedbackItem(
        feedback_type="error",
        category="formatting" if finding.code == FindingCode.HIDDEN_TEXT else "content",
        feedback_text=finding.detail,
        severity_level=_FINDING_SEVERITIES.get(finding.code, _DEFAULT_SEVERITY),
        original_text=finding.excerpt or quote,
    )
