"""Ages beside a name, and nationalities without a colon."""

import re

import pytest
from scoring.blinding import blind


def blinded(text: str, name: str) -> str:
    return blind(text, names=[name]).excerpt(0, len(text))


@pytest.mark.parametrize("name", ["Maya Okafor", "山田 太郎", "山田太郎"])
@pytest.mark.parametrize(
    "age",
    [
        "（{}歳）", "({}歳)", "（満{}歳）", "（{}才・男性）", "　{}歳", " {}歳", "、{}歳",
        "　{}歳　女性", "・満{}歳", "（{}）", " ({})", " (aged {})", " ({} years old)", " ({}, female)",
        " ({}yo)", ", {}", ", aged {}", ", {} years old", " – {} years old", ", {} | Leeds", ", {}\tLeeds",
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["{}", "履歴書\n{}\nLeeds", "EXPERIENCE\n- Acme\n{}"])
def test_age_behind_the_name_is_gone(name: str, age: str, place: str) -> None:
    text = blinded(place.format(f"{name}{age.format(47)}"), name)
    assert not re.search(r"47|[歳才男女満]|aged|old|yo|male", text)


def test_age_behind_a_reading_is_gone() -> None:
    assert "47" not in blinded("履歴書\n山田 太郎（やまだ たろう）　47歳", "山田 太郎")


@pytest.mark.parametrize(
    "behind",
    [
        " (2019)", ", 2019", ", 34 people", " 34", ", 12 years of experience", " (12 years)",
        "、30歳以下の社員", " (7)", ", 12/2020", ", 03/2021", ", 12\nengineers",
    ],
)  # fmt: skip
def test_other_numbers_behind_the_name_stay(behind: str) -> None:
    assert blinded(f"EXPERIENCE\n- Team of Maya Okafor{behind}", "Maya Okafor").endswith(behind)


@pytest.mark.parametrize(
    "nationality",
    [
        "British", "South African", "Sri Lankan", "New Zealand", "United States", "Dominican Republic",
        "British/Irish", "British and South Korean", "Franco-German", "British, Saudi Arabian",
        "US Citizen", "American Citizen", "Indian National", "South Korean National", "Permanent Resident",
        "Vietnamese American", "British Irish", "East Timorese", "Solomon Islander", "Equatorial Guinean",
    ],
)  # fmt: skip
@pytest.mark.parametrize("label", ["Nationality", "Citizenship"])
def test_nationality_behind_one_space_is_gone(label: str, nationality: str) -> None:
    line = f"{label} {nationality}"
    assert blind(f"EXPERIENCE\n{line}\n- Built x").excerpt(11, 11 + len(line)) == ""


@pytest.mark.parametrize(
    "employer",
    ["British Airways", "United Airlines", "Irish Life", "South Staffordshire Water", "German Red Cross"],
)
def test_employer_that_begins_like_a_nationality_stays(employer: str) -> None:
    assert employer in blinded(f"EXPERIENCE\nNationality {employer}\n- Built x", "Maya Okafor")
