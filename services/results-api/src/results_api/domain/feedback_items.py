"""The rows of `review_feedback_items` that a report gives: one remark each, in the words of Schema v1.1."""

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
    """A row. `original_text` is the resume's own; `confidence_score` is None where nobody said how sure."""

    feedback_type: FeedbackType
    category: Category
    feedback_text: str
    severity_level: int
    original_text: str | None = None
    suggested_text: str | None = None
    confidence_score: int | None = None


# Where the report calls a criterion a strength, so do we.
_STRONG: Final = 0.8
# Points of the overall score from which on a weakness weighs 2, 3, 4 and 5: each twice the one before.
_GAINS: Final = (1.0, 2.0, 4.0, 8.0)
# There is nothing to do about a strength.
_OF_A_STRENGTH: Final = 1
# The column's own default, for remarks that do not say how much they weigh.
_MIDDLE: Final = 3
# These raise the question whether the file is honest: somebody has to look.
_OF_FINDINGS: Final[Mapping[str, int]] = {FindingCode.HIDDEN_TEXT: 5, FindingCode.SUSPECTED_INSTRUCTION: 5}

_OF_AREAS: Final[Mapping[str, Category]] = {
    "ats": "formatting",
    "content": "content",
    "formatting": "formatting",
    "industry_fit": "keywords",
}
# Criteria that are about something else than their area.
_OF_CRITERIA: Final[Mapping[str, Category]] = {
    "ats.contact": "content",
    "content.tense_spelling": "grammar",
}
_OF_REMARKS: Final[Mapping[str, Category]] = {
    "grammar": "grammar",
    "structure": "formatting",
    "scr_framework": "content",
    "quantitative_impact": "content",
    "appeal_point": "keywords",
}


def feedback_items(report: Report) -> list[FeedbackItem]:
    """Strengths, weaknesses, suggestions, errors; the weightiest weakness first, and nothing said twice."""
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
    # Without bullets, say, many criteria have the same to say: the first says it.
    once: dict[tuple[str | None, ...], FeedbackItem] = {}
    for each in items:
        said = (each.feedback_type, each.feedback_text, each.original_text, each.suggested_text)
        once.setdefault(said, each)
    return list(once.values())


def _is_strong(criterion: Criterion) -> bool:
    return (criterion.points or 0) >= _STRONG * criterion.max


def _strength(criterion: Criterion) -> FeedbackItem:
    return FeedbackItem(
        feedback_type="strength",
        category=_category(criterion),
        feedback_text=criterion.reason,
        severity_level=_OF_A_STRENGTH,
        original_text=criterion.evidence[0].quote if criterion.evidence else None,
        suggested_text=criterion.fix,
        confidence_score=round(100 * criterion.confidence),
    )


def _weakness(criterion: Criterion) -> FeedbackItem:
    """Without a quote: evidence is what earned points, not what lost them."""
    return FeedbackItem(
        feedback_type="weakness",
        category=_category(criterion),
        feedback_text=criterion.reason,
        severity_level=1 + bisect_right(_GAINS, criterion.potential_gain),
        suggested_text=criterion.fix,
        confidence_score=round(100 * criterion.confidence),
    )


def _category(criterion: Criterion) -> Category:
    return _OF_CRITERIA.get(criterion.id, _OF_AREAS[criterion.area])


def _remarks(detailed: DetailedScores) -> Iterator[FeedbackItem]:
    structure, appeal = detailed.structure_analysis.feedback, detailed.appeal_analysis.feedback
    for remark in (*structure.specific_feedback, *appeal.specific_feedback):
        yield _remark(remark)


def _remark(remark: SpecificFeedback) -> FeedbackItem:
    return FeedbackItem(
        feedback_type="error" if remark.category == "grammar" else "suggestion",
        category=_OF_REMARKS[remark.category],
        feedback_text=remark.issue,
        severity_level=_MIDDLE,
        original_text=remark.target_text,
        suggested_text=remark.suggestion,
    )


def _advice(detailed: DetailedScores) -> Iterator[FeedbackItem]:
    """What a deep analysis adds."""
    for comment in detailed.section_feedback:
        if comment.suggestion is not None:
            yield FeedbackItem(
                feedback_type="suggestion",
                category="content",
                feedback_text=comment.comment,
                severity_level=_MIDDLE,
                suggested_text=comment.suggestion,
            )
    for rewrite in detailed.rewrites:
        yield FeedbackItem(
            feedback_type="suggestion",
            category="content",
            feedback_text=rewrite.reason,
            severity_level=_MIDDLE,
            original_text=rewrite.original.quote,
            suggested_text=rewrite.rewrite,
        )


def _error(finding: Finding) -> FeedbackItem:
    quote = finding.evidence[0].quote if finding.evidence else None
    return FeedbackItem(
        feedback_type="error",
        category="formatting" if finding.code == FindingCode.HIDDEN_TEXT else "content",
        feedback_text=finding.detail,
        severity_level=_OF_FINDINGS.get(finding.code, _MIDDLE),
        original_text=finding.excerpt or quote,
    )
