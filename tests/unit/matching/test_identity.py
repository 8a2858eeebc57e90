"""Names, accounts and personal details meet no requirement."""

from datetime import date

import pytest
from matching.evidence.reading import read_resume
from matching.extraction import extract_requirements
from matching.matcher import match

TODAY = date(2026, 11, 30)
RESUME = """{name}
{contact}

Experience
Developer, Beta Group, Apr 2020 - Present
- {bullet}

Languages
{language}

Personal details
{personal}
"""


def outcome(
    requirement: str,
    *,
    name: str = "Maya Okafor",
    contact: str = "person@example.com",
    bullet: str = "Built the checkout of a shop",
    language: str = "English",
    personal: str = "Available from January",
    known: str | None = None,
) -> str:
    job = extract_requirements("", f"Requirements\n- {requirement}\n")
    text = RESUME.format(name=name, contact=contact, bullet=bullet, language=language, personal=personal)
    names = (name if known is None else known,)
    return match(job, read_resume(text, names=names, today=TODAY), TODAY).requirements[0].outcome


@pytest.mark.parametrize(
    ("requirement", "name"),
    [
        ("Experience with Ruby", "Ruby Lead"),
        ("Knowledge of Swift", "Julia Swift"),
        ("Experience with Oracle", "Oracle Vietnamese"),
    ],
)
def test_a_name_is_no_skill(requirement: str, name: str) -> None:
    assert outcome(requirement, name=name) == "not_shown"


def test_an_unusual_name_is_recognised_without_knowing_it() -> None:
    assert outcome("Knowledge of Swift", name="Julia Swift", known="") == "not_shown"


def test_a_name_above_work_without_a_heading_is_no_skill() -> None:
    job = extract_requirements("", "Requirements\n- Knowledge of Swift\n")
    text = "Julia Swift\nDeveloper, Beta Group, Apr 2020 - Present\n- Built the checkout of a shop\n"
    assert match(job, read_resume(text, today=TODAY), TODAY).requirements[0].outcome == "not_shown"


def test_a_name_is_no_place() -> None:
    assert outcome("Based in London", name="Jack London") == "unknown"
    assert outcome("Based in London", contact="person@example.com | London") == "met"


@pytest.mark.parametrize("contact", ["ruby.lead@example.com", "linkedin.com/in/ruby-lead"])
def test_an_account_is_no_skill(contact: str) -> None:
    assert outcome("Experience with Ruby", contact=contact) == "not_shown"


def test_a_skill_that_is_also_the_name_counts_where_work_shows_it() -> None:
    assert outcome("Experience with Ruby", name="Ruby Tanaka", bullet="Wrote the checkout in Ruby") == "met"


@pytest.mark.parametrize("personal", ["Nationality: German", "Citizenship: German", "Place of birth: German"])
def test_a_nationality_is_no_language(personal: str) -> None:
    assert outcome("Fluent German", personal=personal) == "not_shown"
    assert outcome("Fluent German", personal=personal, language="German: fluent") == "met"


@pytest.mark.parametrize("personal", ["Citizenship: British", "Indian citizen", "I am a British citizen."])
def test_a_nationality_is_no_permission(personal: str) -> None:
    assert outcome("Right to work in the UK", personal=personal) == "unknown"
    assert outcome("Right to work in the UK", personal=f"{personal}\nWork permit until 2030") == "met"
