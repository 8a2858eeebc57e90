"""Terms of every script: whatever a consultant may type is found."""

from datetime import date

import pytest
from contracts.matching import JobRequirements, Requirement
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matching.evidence.reading import read_resume
from matching.evidence.skills import term_index
from matching.matcher import match
from pydantic import TypeAdapter, ValidationError
from request_api.http.fields import Term
from scoring.language.text import fold

TODAY = date(2026, 11, 30)
RESUME = """Kim Park

EXPERIENCE
Planner | Acme | Jan 2020 - Present
- Worked with {} for four sales teams every week
"""
ACCEPTED = TypeAdapter(Term)


def outcome(term: str, written: str, kind: str = "skill") -> str:
    requirement = Requirement.model_validate({"id": "a", "kind": kind, "importance": "must", "terms": [term]})
    reading = read_resume(RESUME.format(written), today=TODAY)
    return match(JobRequirements(requirements=(requirement,)), reading, TODAY).requirements[0].outcome


@pytest.mark.parametrize(
    ("term", "written"),
    [
        ("파이썬", "파이썬을"),
        ("1С:Бухгалтерия", "1С:Бухгалтерия 8"),
        ("ΛΟΓΙΣΤΙΚΉ", "λογιστική"),
        ("برمجة", "برمجة"),
        ("½", "½"),
        ("🧪", "🧪"),
        ("บัญชี", "งานบัญชีทั่วไป"),
        ("Straßenbau", "Straßenbau"),
        ("Łódź", "Łódź"),
        ("C++", "C++"),
        (".NET", ".NET"),
        ("SAP (FI)", "SAP (FI)"),
        ("42", "42"),
        ("---", "---"),
        ("=", "="),
    ],
)
def test_a_term_of_any_script_is_found_as_it_is_written(term: str, written: str) -> None:
    assert outcome(term, written) == "met"


@pytest.mark.parametrize(
    ("term", "written"),
    [
        ("1С:Бухгалтерия", "1 tool"),
        ("Баня", "Кабаня"),
        ("Straßenbau", "stra enbau"),
        ("½", "1"),
        ("☕ Яндекс", "☕"),
        ("42", "142"),
    ],
)
def test_a_part_of_a_term_or_of_a_longer_word_is_not_the_term(term: str, written: str) -> None:
    assert outcome(term, written) == "not_shown"


# The first term loads the word lists.
@settings(deadline=None)
@given(st.text(min_size=1, max_size=80))
@example("2級")
@example("=")
@example("0")
def test_each_term_that_a_job_accepts_is_found(typed: str) -> None:
    try:
        term = ACCEPTED.validate_python(typed)
    except ValidationError:
        return
    text = f"Used {term} daily"
    assert term_index((term,)).find(text, fold(text))


# The first term loads the word lists.
@settings(deadline=None)
@given(
    st.text(min_size=1, max_size=80),
    st.sampled_from(
        ["skill", "experience_years", "education", "language", "certificate", "responsibility", "location"]
    ),
)
@example("2級", "certificate")
def test_each_term_that_a_job_accepts_can_be_matched_as_every_kind(typed: str, kind: str) -> None:
    try:
        term = ACCEPTED.validate_python(typed)
    except ValidationError:
        return
    assert outcome(term, "warehouses", kind) in ("met", "partly", "not_shown", "unknown")
