"""Comparison of the analyses of two versions of a resume."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from contracts.report import Criterion, Finding
from results_api.domain.analysis_view import Result
from results_api.queries.compare_versions import Changes, compare_versions

from tests.support.events import report
from tests.support.views import VIEW

LATER = replace(VIEW, analysis_id=UUID("40000000-0000-4000-8000-000000000002"), resume_version=2)


def criterion(name: str, points: float | None, reason: str = "", maximum: float = 30) -> Criterion:
    return Criterion(id=name, area="content", points=points, max=maximum, method="rule", reason=reason)


def result(*criteria: Criterion, findings: tuple[str, ...] = (), rubric: str = "1", **changes: Any) -> Result:
    base = report()
    detailed = base.detailed_scores.model_copy(
        update={
            "criteria": criteria,
            "findings": tuple(Finding(code=code, detail="Odd.", count=1) for code in findings),
            "rubric_version": rubric,
        }
    )
    values = {
        "overall_score": base.overall_score,
        "ats_score": base.ats_score,
        "content_score": base.content_score,
        "formatting_score": base.formatting_score,
        "executive_summary": base.executive_summary,
        "detailed_scores": detailed.model_dump(mode="json"),
        "ai_model_used": f"rules/{rubric}",
        "processing_time_ms": 1,
    }
    return Result(**{**values, **changes})


def changes(before: Result, after: Result) -> Changes:
    return compare_versions((VIEW, before), (LATER, after))


def test_comparison_names_the_earlier_analysis() -> None:
    since = changes(result(), result()).since
    assert (since.analysis_id, since.resume_version) == (VIEW.analysis_id, 1)
    assert (since.completed_at, since.file_name) == (VIEW.ended_at, "職務経歴書.pdf")


def test_equal_results_have_no_changes() -> None:
    same = result(criterion("content.quantified", 10), findings=("hidden_text",))
    found = changes(same, same)
    assert (found.is_comparable, found.note, found.criteria) == (True, None, [])
    assert (found.new_findings, found.gone_findings) == ([], [])
    assert found.scores.overall.model_dump() == {"before": 61, "after": 61, "change": 0}
    assert found.contributions is not None
    assert found.contributions.industry_fit.change == 0


def test_score_changes_are_positive_or_negative() -> None:
    scores = changes(result(), result(overall_score=70, ats_score=65)).scores
    assert scores.overall.model_dump() == {"before": 61, "after": 70, "change": 9}
    assert scores.ats.model_dump() == {"before": 70, "after": 65, "change": -5}
    assert (scores.content.change, scores.formatting.change) == (0, 0)


def test_criteria_are_sorted_by_the_size_of_their_change() -> None:
    found = changes(
        result(
            criterion("content.summary", 5.0),
            criterion("content.quantified", 10.1, "One of ten."),
            criterion("content.results", 20.0),
            criterion("content.filler", 3.0),
        ),
        result(
            criterion("content.results", 4.0),
            criterion("content.filler", 3.0),
            criterion("content.quantified", 30.0, "Nine of ten."),
            criterion("content.summary", 4.0),
        ),
    )
    assert [(each.id, each.change) for each in found.criteria] == [
        ("content.quantified", 19.9),
        ("content.results", -16.0),
        ("content.summary", -1.0),
    ]
    assert found.criteria[0].model_dump() == {
        "id": "content.quantified",
        "area": "content",
        "before": 10.1,
        "after": 30.0,
        "max": 30.0,
        "change": 19.9,
        "reason_before": "One of ten.",
        "reason": "Nine of ten.",
    }


def test_criterion_that_was_not_assessable_has_no_numeric_change() -> None:
    found = changes(
        result(criterion("formatting.fonts", None), criterion("content.summary", 1)),
        result(criterion("formatting.fonts", 15), criterion("content.summary", 2)),
    )
    assert [(each.id, each.before, each.after, each.change) for each in found.criteria] == [
        ("content.summary", 1, 2, 1),
        ("formatting.fonts", None, 15, None),
    ]


def test_new_and_gone_findings_are_listed() -> None:
    found = changes(
        result(findings=("hidden_text", "unverified_quotes")),
        result(findings=("unverified_quotes", "suspected_instruction", "added_later")),
    )
    assert found.new_findings == ["added_later", "suspected_instruction"]
    assert found.gone_findings == ["hidden_text"]


def test_criteria_with_another_weight_are_left_out() -> None:
    found = changes(
        result(criterion("content.quantified", 20), criterion("content.results", 5), rubric="1"),
        result(criterion("content.quantified", 9, maximum=10), criterion("content.results", 6), rubric="2"),
    )
    assert found.is_comparable is False
    assert found.note == (
        "The two were not scored by the same rubric. A difference need not come from the resume."
    )
    assert [each.id for each in found.criteria] == ["content.results"]
    assert found.scores.overall.change == 0


@pytest.mark.parametrize(
    ("before", "after", "note"),
    [
        ("rules/1", "model-a", "The earlier one was answered by rules, this one by model-a."),
        ("model-a", "rules/1", "The earlier one was answered by model-a, this one by rules."),
        ("model-a", "model-b", "The earlier one was answered by model-a, this one by model-b."),
        (None, "rules/1", "The earlier one was answered by an unknown model, this one by rules."),
    ],
)
def test_results_of_different_scorers_are_not_comparable(before: str | None, after: str, note: str) -> None:
    found = changes(result(ai_model_used=before), result(ai_model_used=after))
    assert found.is_comparable is False
    assert found.note == f"{note} A difference need not come from the resume."


def test_results_of_the_same_model_are_comparable() -> None:
    found = changes(result(ai_model_used="model-a"), result(ai_model_used="model-a"))
    assert found.is_comparable is True


@pytest.mark.parametrize(
    "detailed",
    [
        None,
        {},
        {"market_tier": "mid", "structure_analysis": {}},
        {"criteria": "none", "findings": [1]},
        [1],
        "mid",
        7,
    ],
)
def test_legacy_result_is_compared_by_its_scores_only(detailed: dict[str, Any] | None) -> None:
    old = result(detailed_scores=detailed, ai_model_used="gpt-4", ats_score=None)
    found = changes(old, result(criterion("content.results", 5), findings=("hidden_text",)))
    assert found.scores.overall.model_dump() == {"before": 61, "after": 61, "change": 0}
    assert found.scores.ats.model_dump() == {"before": None, "after": 70, "change": None}
    assert (found.criteria, found.contributions) == ([], None)
    assert (found.new_findings, found.gone_findings) == ([], [])
    assert found.is_comparable is False
    assert found.note is not None
    assert found.note.startswith("The two were not scored by the same rubric.")
