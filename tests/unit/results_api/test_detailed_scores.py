"""Responses for any stored `detailed_scores`, checked with the strictness of the frontends' pages."""

import json
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from contracts.vocabulary import AnalysisStatus
from hypothesis import given
from hypothesis import strategies as st
from results_api.domain.analysis_view import Result
from results_api.http.detailed_scores import complete_detailed_scores
from results_api.http.responses import Presenter, ResultView
from results_api.queries.read_analysis import AnalysisDetails

from tests.support.events import golden_report
from tests.support.http.frontend_pages import HISTORY, OPTIONAL, RESULT_OF, PageError, draw
from tests.support.views import VIEW

GOLDEN = ("1-full", "2-minimal", "3-japanese", "4-deep")
_NAMES = sorted(
    {
        part.removesuffix("[]")
        for fields in RESULT_OF.values()
        for field in fields
        for part in field.path.split(".")
    }
    | {"criteria", "next_steps", "points", "max", "fix", "reason", "potential_gain"}
)
# JSONB stores 1e400, and Python reads it as infinity.
_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers() | st.just(10**400),
    st.floats(allow_nan=False),
    st.text(max_size=5),
    st.just("2026-13-01"),
)
_ANYTHING = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=5),
    max_leaves=25,
)


def response_for(detailed_scores: object, **changes: Any) -> dict[str, Any]:
    """Return the response for a result that has only details and `changes`, as a client parses it."""
    names = [name for name in Result.__slots__ if name != "detailed_scores"]
    result = Result(**{**dict.fromkeys(names), "detailed_scores": detailed_scores, **changes})
    response: ResultView = Presenter(failed_word="failed").result(replace(VIEW, industry=None), result, None)
    read: dict[str, Any] = json.loads(response.to_json())
    return read


def nested(levels: int) -> object:
    value: object = 1
    for _ in range(levels):
        value = {"structure_analysis": value, "feedback": [value]} if levels < 5 else {"feedback": value}
    return value


def details_with(path: str, value: object) -> dict[str, Any]:
    """Return the details of a valid report with another value at a path."""
    stored: dict[str, Any] = golden_report("1-full").detailed_scores.model_dump(mode="json")
    *names, last = path.split(".")
    parent = stored
    for name in names:
        parent = parent[name]
    parent[last] = value
    return stored


@given(_ANYTHING)
def test_pages_can_draw_any_stored_details(stored: object) -> None:
    answer = response_for(stored)
    for fields in RESULT_OF.values():
        draw(answer, fields, null=(HISTORY, OPTIONAL))


@pytest.mark.parametrize("levels", [3, 49, 60, 300, 3_000])
def test_deeply_nested_details_are_served(levels: int) -> None:
    for stored in (nested(levels), {"x": nested(levels)}):
        draw(response_for(stored), RESULT_OF["october"], null=(HISTORY, OPTIONAL))


@pytest.mark.parametrize(
    "path",
    sorted(
        field.path
        for field in RESULT_OF["newest"]
        if field.path.startswith("detailed_scores.") and "[]" not in field.path
    ),
)
@pytest.mark.parametrize("value", [None, [], {}, "", "x", 7, True, [None, 1, {"a": 1}, ["b"]], float("inf")])
def test_pages_can_draw_details_with_one_invalid_value(path: str, value: object) -> None:
    inner = path.removeprefix("detailed_scores.")
    parents = [inner.rpartition(".")[0], inner.partition(".")[0]]
    for each in {inner, *filter(None, parents)}:
        draw(response_for(details_with(each, value)), RESULT_OF["newest"], null=(HISTORY, OPTIONAL))


def test_complete_details_are_copied_as_stored_text() -> None:
    # A serialization that the analyzer would not produce.
    whole = complete_detailed_scores(
        details_with("added_later", 1), analysis_id=VIEW.analysis_id, completed_at=VIEW.requested_at
    )
    text = json.dumps(whole).replace('"added_later": 1', '"added_later":   1e0')
    names: dict[str, Any] = dict.fromkeys(Result.__slots__)
    result = Result(**{**names, "detailed_scores": whole, "detailed_json": text})
    presenter = Presenter(failed_word="failed")
    view = replace(VIEW, status=AnalysisStatus.COMPLETED)
    for response in (
        presenter.result(view, result, None),
        presenter.status(AnalysisDetails(analysis=view, result=result)),
    ):
        written = response.to_json()
        assert text in written
        assert json.loads(written) == response.model_dump(mode="json")
    lacking = replace(result, detailed_scores={**whole, "market_tier": None, "appeal_analysis": {}})
    assert text not in presenter.result(view, lacking, None).to_json()


@pytest.mark.parametrize("name", GOLDEN)
def test_report_of_the_analyzer_is_served_unchanged(name: str) -> None:
    report = golden_report(name)
    stored = report.detailed_scores.model_dump(mode="json")
    answer = response_for(stored, executive_summary=report.executive_summary)
    served = answer["detailed_scores"]
    older = ("issues", "recommendations", "priority_improvements")
    for each in (served, stored):
        for key in older:
            each["structure_analysis"]["feedback"].pop(key)
    assert served == stored
    assert answer["market_tier"] == stored["market_tier"]
    assert answer["analysis_summary"] == answer["executive_summary"] == report.executive_summary


def test_partial_details_of_the_legacy_backend_are_completed() -> None:
    answer = response_for(
        {
            "structure_analysis": {
                "scores": {"format": 80, "organization": 75.5, "tone": "70", "extra": 1},
                "feedback": {"issues": ["Inconsistent bullet points", 3], "strengths": ["Clear timeline"]},
            },
            "appeal_analysis": {
                "feedback": {"strengths": "all", "specific_feedback": [{"issue": "Vague"}, "x"]}
            },
            "market_tier": "mid",
            "conversion_timestamp": "yesterday",
            "own": {"kept": [1]},
        }
    )
    details = answer["detailed_scores"]
    structure, appeal = details["structure_analysis"], details["appeal_analysis"]
    assert structure["scores"] == {
        "format": 80, "organization": 75.5, "tone": None, "completeness": None, "extra": 1,
    }  # fmt: skip
    assert structure["feedback"]["issues"] == answer["issues"] == ["Inconsistent bullet points"]
    assert structure["metadata"] == {"total_sections": None, "word_count": None, "reading_time": None}
    assert appeal["feedback"]["strengths"] == []
    assert appeal["feedback"]["specific_feedback"] == [
        {"category": "appeal_point", "target_text": None, "issue": "Vague", "suggestion": ""}
    ]
    assert (details["market_tier"], details["own"]) == ("mid", {"kept": [1]})
    assert details["ai_analysis_id"] == str(VIEW.analysis_id)
    assert details["conversion_timestamp"] == "2026-01-03T00:00:00+00:00"
    assert answer["structure_feedback"] == "Clear timeline\nInconsistent bullet points"
    assert answer["appeal_feedback"] == ""


def test_empty_result_is_served_with_defaults() -> None:
    answer = response_for(None)
    names = ("industry", "executive_summary", "ai_model_used", "market_tier", "structure_feedback", "issues")
    assert [answer[name] for name in names] == ["unspecified", "", "unknown", None, "", []]
    assert answer["overall_score"] is None
    assert answer["completed_at"] == "2026-01-03T00:00:00Z"


def criterion(points: float | None, *, gain: float, name: str, fix: str | None = "") -> dict[str, Any]:
    return {
        "id": name,
        "points": points,
        "max": 10,
        "potential_gain": gain,
        "reason": f"{name} lacks",
        "fix": f"Mend {name}" if fix == "" else fix,
    }


def test_empty_lists_are_filled_from_the_criteria() -> None:
    criteria = [
        criterion(9, gain=9, name="strong"),
        criterion(7, gain=1, name="small"),
        criterion(5, gain=3, name="large"),
        criterion(None, gain=0, name="unseen"),
        criterion(10, gain=0, name="full", fix=None),
        criterion(5, gain=3, name="large"),
    ]
    answer = response_for({"criteria": criteria, "next_steps": ["Mend large (worth 3)", None]})
    assert answer["issues"] == ["large lacks", "small lacks"]
    assert answer["recommendations"] == ["Mend strong", "Mend large", "Mend small"]
    assert answer["priority_improvements"] == ["Mend large (worth 3)"]
    feedback = answer["detailed_scores"]["structure_analysis"]["feedback"]
    assert {name: feedback[name] for name in ("issues", "recommendations", "priority_improvements")} == {
        name: answer[name] for name in ("issues", "recommendations", "priority_improvements")
    }
    kept = {"structure_analysis": {"feedback": {"issues": ["Mine"]}}, "criteria": criteria}
    assert response_for(kept)["issues"] == ["Mine"]
    # If every criterion is a strength, the remaining improvements are listed.
    assert response_for({"criteria": criteria[:1]})["issues"] == ["strong lacks"]
    assert response_for({"criteria": criteria[3:5]})["issues"] == []


def test_feedback_is_available_as_text() -> None:
    for name in GOLDEN:
        report = golden_report(name)
        answer = response_for(report.detailed_scores.model_dump(mode="json"))
        structure = report.detailed_scores.structure_analysis.feedback
        lines = answer["structure_feedback"].splitlines()
        assert lines[: len(structure.strengths)] == list(structure.strengths)
        assert set(structure.improvement_areas) <= set(lines)
        appeal = report.detailed_scores.appeal_analysis.feedback
        assert set(appeal.improvement_areas) <= set(answer["appeal_feedback"].splitlines())


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"industry": None}, "industry is null"),
        ({"issues": ["a", None]}, "issues is no texts"),
        ({"completed_at": "soon"}, "completed_at is no time"),
        ({"overall_score": True}, "overall_score is no number"),
        ({"overall_score": None}, "overall_score is null"),
        ({"detailed_scores": {}}, r"structure_analysis.scores.format is missing"),
        ({"analysis_id": str(uuid4())[:-1]}, "analysis_id is no id"),
    ],
)
def test_page_model_rejects_invalid_responses(change: dict[str, Any], complaint: str) -> None:
    report = golden_report("1-full")
    numbers = ("overall_score", "ats_score", "content_score", "formatting_score", "processing_time_ms")
    good = response_for(
        report.detailed_scores.model_dump(mode="json"), **{name: getattr(report, name) for name in numbers}
    )
    draw(good, RESULT_OF["october"])
    with pytest.raises(PageError, match=complaint):
        draw({**good, **change}, RESULT_OF["october"])


@pytest.mark.parametrize("number", [float("inf"), float("-inf"), 10**400, -(10**400), True, "80", [80]])
def test_invalid_number_counts_as_missing(number: object) -> None:
    stored = {"structure_analysis": {"scores": {"format": number, "tone": 0}}}
    details = complete_detailed_scores(stored, analysis_id=VIEW.analysis_id, completed_at=VIEW.requested_at)
    scores = details["structure_analysis"]["scores"]
    assert scores == {"format": None, "organization": None, "tone": 0, "completeness": None}
