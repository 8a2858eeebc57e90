"""Conversion of reports to rows of review_feedback_items."""

from typing import Any

import pytest
from contracts.report import Criterion, Evidence, Finding, Report, SpecificFeedback
from results_api.storage.feedback_items import FeedbackItem, feedback_items

from tests.support.events import golden_report, report

QUOTE = Evidence(quote="Reduced costs by 30%", start=26, end=46)


def criterion(**changes: Any) -> Criterion:
    return Criterion(
        **{
            "id": "content.quantified",
            "area": "content",
            "points": 10,
            "max": 30,
            "method": "rule",
            "reason": "3 of 10 bullets give an amount.",
            **changes,
        }
    )


def items_of(*criteria: Criterion, **details: Any) -> list[FeedbackItem]:
    base = report()
    detailed = base.detailed_scores.model_copy(update={"criteria": criteria, **details})
    return feedback_items(base.model_copy(update={"detailed_scores": detailed}))


def with_remarks(*remarks: SpecificFeedback) -> list[FeedbackItem]:
    structure = report().detailed_scores.structure_analysis
    feedback = structure.feedback.model_copy(update={"specific_feedback": remarks})
    return items_of(structure_analysis=structure.model_copy(update={"feedback": feedback}))


def test_criterion_with_most_of_its_points_is_a_strength() -> None:
    (item,) = items_of(criterion(points=24, evidence=(QUOTE,), fix="Quantify two more.", confidence=0.85))
    assert item == FeedbackItem(
        feedback_type="strength",
        category="content",
        feedback_text="3 of 10 bullets give an amount.",
        severity_level=1,
        original_text="Reduced costs by 30%",
        suggested_text="Quantify two more.",
        confidence_score=85,
    )


def test_other_criterion_is_a_weakness_without_a_quote() -> None:
    (item,) = items_of(
        criterion(
            points=23.9, evidence=(QUOTE,), fix="Quantify two more.", potential_gain=2.7, confidence=0.7
        )
    )
    assert (item.feedback_type, item.severity_level, item.confidence_score) == ("weakness", 3, 70)
    assert (item.original_text, item.suggested_text) == (None, "Quantify two more.")


@pytest.mark.parametrize(
    ("gain", "severity"), [(0, 1), (0.9, 1), (1, 2), (2, 3), (3.9, 3), (4, 4), (8, 5), (100, 5)]
)
def test_severity_grows_with_the_potential_gain(gain: float, severity: int) -> None:
    assert [item.severity_level for item in items_of(criterion(potential_gain=gain))] == [severity]


def test_weaknesses_are_sorted_by_gain_without_unassessed_criteria() -> None:
    items = items_of(
        criterion(reason="little", potential_gain=1),
        criterion(reason="unknown", points=None),
        criterion(reason="much", potential_gain=9),
    )
    assert [item.feedback_text for item in items] == ["much", "little"]


@pytest.mark.parametrize(
    ("area", "name", "category"),
    [
        ("ats", "ats.headings", "formatting"),
        ("ats", "ats.contact", "content"),
        ("content", "content.results", "content"),
        ("content", "content.tense_spelling", "grammar"),
        ("formatting", "formatting.fonts", "formatting"),
        ("industry_fit", "industry.skills", "keywords"),
        ("industry_fit", "a.later_criterion", "keywords"),
    ],
)
def test_every_criterion_has_a_category(area: str, name: str, category: str) -> None:
    assert [item.category for item in items_of(criterion(area=area, id=name))] == [category]


@pytest.mark.parametrize(
    ("remark_category", "feedback_type", "category"),
    [
        ("grammar", "error", "grammar"),
        ("structure", "suggestion", "formatting"),
        ("scr_framework", "suggestion", "content"),
        ("quantitative_impact", "suggestion", "content"),
        ("appeal_point", "suggestion", "keywords"),
    ],
)
def test_remark_is_a_suggestion_or_a_grammar_error(
    remark_category: str, feedback_type: str, category: str
) -> None:
    remark = SpecificFeedback.model_validate(
        {
            "category": remark_category,
            "target_text": "recieved",
            "issue": "Misspelt.",
            "suggestion": "received",
        }
    )
    (item,) = with_remarks(remark)
    assert (item.feedback_type, item.category) == (feedback_type, category)
    assert (item.feedback_text, item.original_text, item.suggested_text) == (
        "Misspelt.",
        "recieved",
        "received",
    )
    assert (item.severity_level, item.confidence_score) == (3, None)


def test_duplicate_items_are_removed() -> None:
    same = {"reason": "No bullets were found.", "fix": "Use bullets."}
    items = items_of(
        criterion(id="content.results", potential_gain=4, **same),
        criterion(id="content.quantified", potential_gain=9, **same),
    )
    assert [(item.feedback_text, item.severity_level) for item in items] == [("No bullets were found.", 5)]


def test_unknown_finding_is_an_error() -> None:
    finding = Finding(code="added_later", detail="Something is odd.", count=1, evidence=(QUOTE,))
    (item,) = items_of(findings=(finding,))
    assert (item.feedback_type, item.category, item.severity_level) == ("error", "content", 3)
    assert item.original_text == "Reduced costs by 30%"


def test_deep_report_yields_all_items() -> None:
    deep = golden_report("4-deep")
    items = feedback_items(deep)
    assert items == feedback_items(Report.model_validate_json(deep.model_dump_json()))
    assert [(item.feedback_type, item.category, item.severity_level) for item in items] == [
        ("weakness", "content", 4),
        ("suggestion", "content", 3),
        ("suggestion", "formatting", 3),
        ("suggestion", "keywords", 3),
        ("suggestion", "content", 3),
        ("suggestion", "content", 3),
        ("error", "formatting", 5),
        ("error", "content", 5),
        ("error", "content", 3),
    ]
    comment, rewrite, hidden = items[4], items[5], items[6]
    assert (comment.original_text, comment.suggested_text) == (None, "Say for each what came of it.")
    assert (rewrite.original_text, rewrite.suggested_text) == (
        "Led a team of 8.",
        "Led a team of 8 that delivered [what] by [date].",
    )
    assert hidden.original_text == "market sizing, due diligence, valuation"
