"""The requirements that decide between two candidates, and the words of requirements and reasons."""

import subprocess
import sys

import pytest
from contracts.matching import Minimum, Outcome, Reason, ReasonValues, Requirement
from contracts.vocabulary import AnalysisStatus
from results_api.domain.match import Assessment, MatchState
from results_api.domain.match_view import MatchCounts, find_deciding
from results_api.http.matches.models import sentence, text_of
from results_api.match_events import match_change

from tests.support.match_events import match_context, match_requested, match_succeeded

WEIGHTS = {"a": 3.0, "b": 3.0, "c": 1.0, "d": 1.0}
CREDITS: dict[Outcome, float] = {"met": 1, "partly": 0.5, "not_shown": 0, "unknown": 0}


def found(**outcomes: Outcome) -> dict[str, Assessment]:
    by_id: dict[str, Outcome] = {**dict.fromkeys(WEIGHTS, "met"), **outcomes}
    return {id_: Assessment(outcome=each, credit=CREDITS[each]) for id_, each in by_id.items()}


def points(higher: dict[str, Assessment], lower: dict[str, Assessment]) -> list[tuple[str, float]]:
    return [(each.requirement_id, each.points) for each in find_deciding(WEIGHTS, higher, lower)]


def test_largest_differences_of_weight_and_credit_come_first() -> None:
    lower = found(a="partly", b="not_shown", c="not_shown", d="partly")
    assert points(found(), lower) == [("b", 37.5), ("a", 18.8), ("c", 12.5)]


def test_requirement_may_speak_for_the_lower_candidate() -> None:
    assert points(found(c="not_shown"), found(a="not_shown")) == [("a", 37.5), ("c", -12.5)]


def test_nothing_decides_between_equals() -> None:
    assert points(found(c="partly"), found(c="partly")) == []


def test_differences_add_up_to_that_of_the_scores_if_something_is_unknown() -> None:
    # Of a weight of 5, 5 are earned: 100 points. Of a weight of 8, 5 are earned: 62.5 points.
    decides = find_deciding(WEIGHTS, found(a="unknown"), found(a="not_shown"))
    assert sum(each.points for each in decides) == 37.5
    assert {each.requirement_id for each in decides} == {"b", "c", "d"}


def test_nothing_known_gives_no_points() -> None:
    nothing = {id_: Assessment(outcome="unknown", credit=0) for id_ in WEIGHTS}
    assert points(nothing, nothing) == []


def test_outcomes_of_unknown_requirements_are_ignored() -> None:
    other = {**found(), "removed": Assessment(outcome="met", credit=1)}
    assert points(other, found(b="not_shown")) == [("b", 37.5)]


@pytest.mark.parametrize(("versions", "is_comparable"), [((), True), (("1",), True), (("1", "2"), False)])
def test_scores_of_one_version_of_the_rules_compare(versions: tuple[str, ...], is_comparable: bool) -> None:
    assert MatchCounts(matcher_versions=versions).is_comparable is is_comparable


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"quote": "Python is needed", "terms": ("Python",)}, "Python is needed"),
        ({"terms": ("SQL", "PostgreSQL")}, "SQL / PostgreSQL"),
        ({"kind": "experience_years", "minimum": Minimum(years=5)}, "experience years: 5"),
        (
            {"kind": "language", "terms": ("Japanese",), "minimum": Minimum(level="business")},
            "Japanese: business",
        ),
        ({"kind": "permission"}, "permission"),
    ],
)
def test_requirement_has_words(values: dict[str, object], text: str) -> None:
    requirement = Requirement.model_validate({"id": "a", "kind": "skill", "importance": "must", **values})
    assert text_of(requirement) == text


def test_reason_of_a_newer_analyzer_has_no_sentence() -> None:
    assert sentence(Reason(key="skill.not_shown", values=ReasonValues(term="Go")), "en")
    assert sentence(Reason(key="skill.of_tomorrow"), "en") is None
    # A known key whose sentence needs a value that is missing.
    assert sentence(Reason(key="skill.not_shown"), "en") is None


def test_match_only_moves_forward() -> None:
    about = match_context()
    state = MatchState(match_id=about.match_id, status=AnalysisStatus.PENDING, version=1)
    assert state.apply(match_change(match_requested(about))) is None
    completed = state.apply(match_change(match_succeeded(about)))
    assert completed == MatchState(match_id=about.match_id, status=AnalysisStatus.COMPLETED, version=2)
    assert completed.apply(match_change(match_succeeded(about))) is None


def test_service_loads_neither_the_matcher_nor_the_rules_of_scoring() -> None:
    program = "import sys, results_api.main; print(*sys.modules)"
    output = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    loaded = {name for name in output.split() if name.startswith(("matching.", "scoring."))}
    assert loaded == {"matching.messages", "matching.weights", "scoring.data"}
