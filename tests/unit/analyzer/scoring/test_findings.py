"""Resumes that were once judged wrongly."""

import pytest
from analyzer.scoring.resume import Resume

from tests.unit.analyzer.scoring.personas import RUBRIC, criterion, report, request


def read(text: str) -> Resume:
    return Resume(request(text), rubric=RUBRIC)


@pytest.mark.parametrize(
    ("line", "years"),
    [
        ("Head Brewer, Old Mill Brewery (family brewery since 1912) | Apr 2019 - Present", 8),
        ("Head Brewer, Old Mill Brewery (since 1985), Apr 2019 - Present", 8),
        ("Clerk at Acme, a bank since 1985, Apr 2019 - Present", 8),
        ("Old Mill Brewery, brewing since 1912\nHead Brewer | Apr 2019 - Present", 8),
        ("Head Brewer | Jan 1901 - Present", 60),
        ("Head Brewer since May 2020", 7),
    ],
)
def test_the_age_of_a_company_is_no_experience(line: str, years: int) -> None:
    text = f"EXPERIENCE\n{line}\n- Brewed 40 beers a year\n- Led 5 people\n"
    assert round(read(text).experience_years) == years
    assert "for 1 position," in criterion(report(text), "ats.dates").reason
    assert criterion(report(text), "formatting.length").points is not None
