"""The variants of `make fairness`, and that it detects a matcher which reads a name."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from matching.evidence import reading
from scoring.resume.resume import Resume

from tools.fairness import comparison
from tools.fairness.people import Person, people
from tools.fairness.variants import Variant, variants


@pytest.fixture
def person() -> Person:
    return next(people())


def test_no_variant_changes_positions_and_dates(person: Person) -> None:
    found = list(variants(person))
    assert {each.attribute for each in found} == {
        "name", "gender words", "age", "photograph", "family", "nationality", "address",
    }  # fmt: skip
    for each in found:
        assert person.rest in each.person.text
        assert each.person != each.reference


@pytest.mark.parametrize("is_read", [False, True])
def test_a_matcher_that_reads_the_name_is_detected(
    person: Person, monkeypatch: pytest.MonkeyPatch, is_read: bool
) -> None:
    def only_name(person: Person) -> Iterator[Variant]:
        yield Variant("name", "Julia Swift", replace(person, name="Julia Swift"), person)

    def hide_nothing(resume: Resume, *, names: Sequence[str]) -> str:
        return resume.text

    monkeypatch.setattr(comparison, "variants", only_name)
    if is_read:
        monkeypatch.setattr(reading, "hide_identity", hide_nothing)
    comparison._read.cache_clear()
    found = comparison.compare(person)
    comparison._read.cache_clear()
    assert found["name", comparison.SCORES].changes == []
    assert bool(found["name", comparison.MATCHES].changes) == is_read
