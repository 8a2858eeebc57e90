"""What two analyses say of two versions of a resume, side by side."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from contracts.report import Criterion, Finding
from results_api.domain.analysis import Result
from results_api.queries.compare_versions import Changes, compare

from tests.support.events import report
from tests.support.views import VIEW

LATER = replace(VIEW, analysis_id=UUID("40000000-0000-4000-8000-000000000002"), resume_version=2)


def criterion(name: str, points: float | None, reason: str = "", most: float = 30) -> Criterion:
    return Criterion(id=name, area="content", points=points, max=most, method="rule", reason=reason)


def result(*criteria: Criterion, findings: tuple[str, ...] = (), rubric: str = "1", **changes: Any) -> Result:
    whole = report()
    detailed = whole.detailed_scores.model_copy(
        update={
            "criteria": criteria,
            "findings": tuple(Finding(code=code, detail="Odd.", count=1) for code in findings),
            "rubric_version": rubric,
        }
    )
    values = {
        "overall_score": whole.overall_score,
        "ats_score": whole.ats_score,
        "content_score": whole.content_score,
        "formatting_score": whole.formatting_score,
        "executive_summary": whole.executive_summary,
        "detailed_scores": detailed.model_dump(mode="json"),
        "ai_model_used": f"rules/{rubric}",
        "processing_time_ms": 1,
    }
    return Result(**{**values, **changes})


def changes(before: Result, after: Result) -> Changes:
    return compare((VIEW, before), (LATER, after))


def test_it_says_what_it_compares_with() -> None:
    since = changes(result(), result()).since
    assert (since.analysis_id, since.resume_version) == (VIEW.analysis_id, 1)
    assert (since.completed_at, since.file_name) == (VIEW.ended_at, "職務経歴書.pdf")


def test_the_same_twice_has_not_changed() -> None:
    same = result(criterion("content.quantified", 10), findings=("hidden_text",))
    found = changes(same, same)
    assert (found.is_comparable, found.note, found.criteria) == (True, None, [])
    assert (found.new_findings, found.gone_findings) == ([], [])
    assert found.scores.overall.model_dump() == {"before": 61, "after": 61, "change": 0}
    assert found.contributions is not None
    assert found.contributions.industry_fit.change == 0


def test_scores_rise_and_fall() -> None:
    scores = changes(result(), result(overall_score=70, ats_score=65)).scores
    assert scores.overall.model_dump() == {"before": 61, "after": 70, "change": 9}
    assert scores.ats.model_dump() == {"before": 70, "after": 65, "change": -5}
    assert (scores.content.change, scores.formatting.change) == (0, 0)


def test_the_largest_change_comes_first_whichever_its_direction() -> None:
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


def test_what_could_not_be_assessed_once_has_changed_by_no_number() -> None:
    found = changes(
        result(criterion("formatting.fonts", None), criterion("content.summary", 1)),
        result(criterion("formatting.fonts", 15), criterion("content.summary", 2)),
    )
    assert [(each.id, each.before, each.after, each.change) for each in found.criteria] == [
        ("content.summary", 1, 2, 1),
        ("formatting.fonts", None, 15, None),
    ]


def test_findings_come_and_go() -> None:
    found = changes(
        result(findings=("hidden_text", "unverified_quotes")),
        result(findings=("unverified_quotes", "suspected_instruction", "of_tomorrow")),
    )
    assert found.new_findings == ["of_tomorrow", "suspected_instruction"]
    assert found.gone_findings == ["hidden_text"]


def test_another_rubric_is_said_and_what_it_weighs_differently_left_out() -> None:
    found = changes(
        result(criterion("content.quantified", 20), criterion("content.results", 5), rubric="1"),
        result(criterion("content.quantified", 9, most=10), criterion("content.results", 6), rubric="2"),
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
def test_answers_of_another_kind_are_said(before: str | None, after: str, note: str) -> None:
    found = changes(result(ai_model_used=before), result(ai_model_used=after))
    assert found.is_comparable is False
    assert found.note == f"{note} A difference need not come from the resume."


def test_the_same_model_compares() -> None:
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
def test_a_result_of_the_old_backend_gives_what_it_has(detailed: dict[str, Any] | None) -> None:
    old = result(detailed_scores=detailed, ai_model_used="gpt-4", ats_score=None)
    found = changes(old, result(criterion("content.results", 5), findings=("hidden_text",)))
    assert found.scores.overall.model_dump() == {"before": 61, "after": 61, "change": 0}
    assert found.scores.ats.model_dump() == {"before": None, "after": 70, "change": None}
    assert (found.criteria, found.contributions) == ([], None)
    assert (found.new_findings, found.gone_findings) == ([], [])
    assert found.is_comparable is False
    assert found.note is not None
    assert found.note.startswith("The two were not scored by the same rubric.")
