"""Headings in capitals that no list knows, in a text without styles."""

import pytest
from documents.limits import Limits
from documents.parser import parse_file

WORK = """EXPERIENCE
Harrow & Pike, Analyst, Mar 2019 - Present
- Led a team of nine analysts and cut the order lead time by 31% in two years
- Built a forecast of demand that raised availability to 97% in 120 stores
"""
EDUCATION = "EDUCATION\nBSc Economics, University of Northmoor, 2018\n"


def titles_of(*parts: str) -> list[str | None]:
    text = "\n".join(["Nadia Fenwick", "nadia@example.com, Leeds\n", *parts])
    content = parse_file(text.encode(), Limits())
    return [section["title"] for section in content["signals"]["sections"]]


@pytest.mark.parametrize(
    "heading",
    ["MILITARY DECORATIONS", "CAUSES I SUPPORT", "SELECTED CLIENTS", "THINGS I AM PROUD OF", "FILMOGRAPHY"],
)
@pytest.mark.parametrize("below", ["Silver medal of the county", "- Two of them\n- A third one"])
def test_unknown_heading_in_capitals_starts_a_section(heading: str, below: str) -> None:
    expected = [None, "EXPERIENCE", heading, "EDUCATION"]
    assert titles_of(WORK, f"{heading}\n{below}\n", EDUCATION) == expected
    assert titles_of(WORK, EDUCATION, f"{heading}\n{below}\n") == [None, "EXPERIENCE", "EDUCATION", heading]


@pytest.mark.parametrize(
    "entry",
    [
        "BELLWEATHER RETAIL\nClerk, 2016 - 2019\n- Kept the books of two shops",
        "BELLWEATHER RETAIL\nClerk\nJun 2016 to Feb 2019\n- Kept the books",
        "BELLWEATHER LTD\nClerk\n- Kept the books of two shops",
        (
            "BELLWEATHER RETAIL\n- Kept the books of two shops in good order for nine years in a row\n"
            "- Counted the stock of two shops every quarter, with a loss below one percent"
        ),
        "NIGHT SHIFT CLERK 2016-2019\n- Kept the books",
    ],
    ids=["dates", "dates below", "name of a company", "work", "dates beside"],
)
def test_employer_in_capitals_starts_no_section(entry: str) -> None:
    assert titles_of(WORK, f"{entry}\n", EDUCATION) == [None, "EXPERIENCE", "EDUCATION"]


@pytest.mark.parametrize(
    "line",
    ["AWS", "NADIA FENWICK", "MBA FINANCE", "PAGE TWO - NADIA", "SQL, PYTHON", "REFERENCES ON REQUEST."],
)
def test_other_lines_in_capitals_start_no_section(line: str) -> None:
    assert titles_of(WORK, EDUCATION, f"{line}\nand more\n") == [None, "EXPERIENCE", "EDUCATION"]


def test_capitals_are_no_sign_where_the_headings_have_none() -> None:
    work, education = WORK.replace("EXPERIENCE", "Experience"), EDUCATION.replace("EDUCATION", "Education")
    assert titles_of(work, "SELECTED CLIENTS\nTwo banks\n", education) == [None, "Experience", "Education"]


def test_line_without_a_blank_line_above_starts_no_section() -> None:
    skills = "SKILLS\nSQL\nPROJECT PLANNING\nPython\n"
    assert titles_of(WORK, EDUCATION, skills) == [None, "EXPERIENCE", "EDUCATION", "SKILLS"]
