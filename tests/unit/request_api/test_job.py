"""Requirements of a job through edits of consultants and new texts."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from contracts.matching import MAX_REQUIREMENTS, JobRequirements, Kind, Minimum, Requirement
from request_api.domain.errors import RequirementEmpty, RequirementRepeated, RequirementUnknown
from request_api.domain.job import MAX_REMOVED, JobText, JobVersion, Origin, RequirementEdit

BY, AT = uuid4(), datetime(2026, 11, 30, tzinfo=UTC)
TEXT = JobText(title="Engineer", text="Python and SQL.", language=None)


def requirement(*terms: str, **fields: Any) -> Requirement:
    values = {"id": "r1", "kind": "skill", "importance": "must", "quote": f"We want {' or '.join(terms)}."}
    return Requirement(**{**values, "terms": terms, **fields})


def extracted(*terms: str) -> JobRequirements:
    return JobRequirements(requirements=tuple(requirement(each) for each in terms))


def job(*terms: str) -> JobVersion:
    return JobVersion.first(TEXT, extracted(*terms), by=BY, at=AT)


def kept(version: JobVersion, **changes: dict[str, Any]) -> list[RequirementEdit]:
    """Return the edits that change requirements by their terms, and nothing else."""
    return [
        RequirementEdit(
            id=each.id,
            wanted=each.requirement.model_copy(update=changes.get(each.requirement.terms[0], {})),
        )
        for each in version.requirements
    ]


def added(*terms: str, **fields: Any) -> RequirementEdit:
    return RequirementEdit(id=None, wanted=requirement(*terms, id=uuid4().hex, quote="", **fields))


def edit(version: JobVersion, edits: list[RequirementEdit]) -> JobVersion:
    return version.edit_requirements(edits, by=BY, at=AT)


def rewrite(version: JobVersion, *terms: str) -> JobVersion:
    return version.rewrite(TEXT, extracted(*terms), by=BY, at=AT)


def shown(version: JobVersion) -> list[tuple[str, Origin]]:
    return [(each.requirement.terms[0], each.origin) for each in version.requirements]


def test_ids_do_not_depend_on_other_requirements_of_the_text() -> None:
    (alone,), (_, second) = job("SQL").requirements, job("Python", "SQL").requirements
    assert alone.id == second.id


def test_equal_requirements_are_one() -> None:
    assert shown(job("SQL", "SQL")) == [("SQL", Origin.TEXT)]


def test_unchanged_requirements_stay_those_of_the_text_in_any_order() -> None:
    version = job("Python", "SQL")
    edited = edit(version, list(reversed(kept(version))))
    assert (edited.version, shown(edited)) == (2, [("SQL", Origin.TEXT), ("Python", Origin.TEXT)])


def test_quote_cannot_be_edited() -> None:
    version = job("Python")
    (edited,) = edit(version, kept(version, Python={"quote": "Anything", "weight": 3.0})).requirements
    assert (edited.requirement.quote, edited.requirement.weight) == ("We want Python.", 3.0)
    assert edited.origin is Origin.EDITED


def test_edits_survive_a_new_text() -> None:
    version = job("Python", "SQL", "Go")
    edits = [each for each in kept(version, Python={"weight": 5.0}) if each.wanted.terms != ("Go",)]
    edited = edit(version, [*edits, added("Kafka")])
    assert [each.requirement.terms for each in edited.removed] == [("Go",)]

    again = rewrite(edited, "Rust", "Go", "Python")
    assert shown(again) == [("Rust", Origin.TEXT), ("Python", Origin.EDITED), ("Kafka", Origin.ADDED)]
    assert again.requirements[1].requirement.weight == 5
    # The consultant removed it from the first text, and may come back to that.
    assert shown(rewrite(rewrite(again, "Rust"), "Go", "SQL")) == [
        ("SQL", Origin.TEXT),
        ("Python", Origin.EDITED),
        ("Kafka", Origin.ADDED),
    ]


def test_quotes_after_a_rewrite_are_from_the_present_text() -> None:
    version = job("Python", "SQL", "Go")
    edits = kept(version, Python={"weight": 5.0}, SQL={"weight": 2.0})[:2]
    edited = edit(version, edits)
    same = JobRequirements(requirements=(requirement("Python", quote="Python, please."),))
    again = edited.rewrite(TEXT, same, by=BY, at=AT)
    assert [each.requirement.quote for each in again.requirements] == ["Python, please.", ""]
    assert [each.requirement.quote for each in again.removed] == [""]
    # What was read can be sent back.
    assert edit(again, kept(again)).requirements == again.requirements


def test_edited_requirement_that_only_its_quote_describes_goes_with_it() -> None:
    text = JobRequirements(requirements=(requirement(kind="permission", quote="Right to work."),))
    version = JobVersion.first(TEXT, text, by=BY, at=AT)
    wanted = version.requirements[0].requirement.model_copy(update={"weight": 2.0})
    edited = edit(version, [RequirementEdit(id=wanted.id, wanted=wanted)])
    assert rewrite(edited, "Python").requirements[1:] == ()


def test_removed_requirement_can_be_restored() -> None:
    version = job("Python", "SQL")
    without = edit(version, kept(version)[:1])
    restored = edit(without, kept(version))
    assert (restored.requirements, restored.removed) == (version.requirements, ())


def test_added_requirement_that_is_removed_leaves_no_trace() -> None:
    version = edit(job(), [added("Kafka")])
    assert edit(version, []).removed == ()


def test_edits_have_priority_over_the_text_at_the_limit() -> None:
    full = edit(job(), [added(f"own {number}") for number in range(MAX_REQUIREMENTS - 1)])
    version = rewrite(full, "Python", "SQL", "Go")
    assert len(version.requirements) == MAX_REQUIREMENTS
    assert (shown(version)[0], version.dropped) == (("Python", Origin.TEXT), 2)


def test_removed_requirements_are_limited() -> None:
    version = job()
    for start in range(0, MAX_REMOVED + MAX_REQUIREMENTS, MAX_REQUIREMENTS):
        version = rewrite(version, *(f"term {number}" for number in range(start, start + MAX_REQUIREMENTS)))
        version = edit(version, [])
    assert len(version.removed) == MAX_REMOVED
    assert version.removed[-1].requirement.terms == (f"term {start + MAX_REQUIREMENTS - 1}",)


def test_invalid_edits_are_refused() -> None:
    version = job("Python")
    (same,) = kept(version)
    with pytest.raises(RequirementUnknown):
        edit(version, [replace(same, id="another")])
    with pytest.raises(RequirementRepeated):
        edit(version, [same, same])
    with pytest.raises(RequirementEmpty):
        edit(version, [added()])
    with pytest.raises(RequirementEmpty):
        edit(version, [added(minimum=Minimum())])


@pytest.mark.parametrize(
    "kind", ["skill", "language", "certificate", "responsibility", "location", "permission"]
)
def test_minimum_alone_says_nothing_about_what_has_a_name(kind: Kind) -> None:
    with pytest.raises(RequirementEmpty):
        edit(job(), [added(kind=kind, minimum=Minimum(years=3, level="native"))])


def test_requirement_may_have_a_minimum_alone() -> None:
    version = edit(job(), [added(kind="experience_years", minimum=Minimum(years=3))])
    assert version.requirements[0].requirement.minimum == Minimum(years=3)


def test_only_terms_that_a_consultant_typed_are_new() -> None:
    version = job("Python", "SQL")
    edited = edit(version, [*kept(version, SQL={"terms": ("SQL", "Spark")}), added("Kafka")])
    assert edited.new_terms(version) == ["Spark", "Kafka"]
