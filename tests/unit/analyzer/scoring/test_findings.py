"""Resumes that were once judged wrongly."""

import re

import pytest
from analyzer.scoring.resume import Resume
from analyzer.scoring.text import fold

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


def wording_faults(line: str) -> list[str]:
    text = f"Ann Lee\n\nEXPERIENCE\nClerk | Acme | Jan 2020 - Present\n- {line}\n"
    remarks = report(text).detailed_scores.structure_analysis.feedback.specific_feedback
    return [each.target_text or "" for each in remarks if each.category == "grammar"]


@pytest.mark.parametrize(
    "line",
    [
        "Sold tours to Bora Bora and Pago Pago", "Worked with costumers of the opera", "Led the TEH project",
        "Ran the mine in Portland, ME", "当社のものののち、企画を主導", "Maintained calenders for paper",
    ],
)  # fmt: skip
def test_right_words_are_no_faults(line: str) -> None:
    assert wording_faults(line) == []
    text = f"EXPERIENCE\n- {line}\n"
    reason = criterion(report(text), "content.filler").reason
    assert re.search("0 first-person|一人称が0", reason)


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("Cleaned the data data for reports", "data data"),
        ("Ensured that that plan held", "that that"),
        ("Ran teh office", "teh"),
        ("反対にも関わず企画を主導", "関わず"),
    ],
)
def test_wrong_words_are_faults(line: str, wrong: str) -> None:
    assert wrong in wording_faults(line)


@pytest.mark.parametrize(
    ("group", "shown", "others"),
    [
        ("deals", ["Ran M&A deals"], ["Sold daily deals", "Handled 900 card transactions a day"]),
        ("deal_execution", ["Closed the acquisition of a mill"], ["Closed 40 tickets", "Raised pigs"]),
        ("accounting", ["Prepared corporate tax returns"], ["Consolidation of servers", "Paid road tax"]),
        ("cloud", ["Ran AWS Lambda", "Computer network"], ["A lambda calculus", "Network of 40 shops"]),
        ("financial_modelling", ["Built financial forecasts"], ["Kept the budget", "Forecast rain"]),
        ("capital_markets", ["Managed investment portfolios"], ["Kept a portfolio of drawings"]),
        (
            "leadership",
            ["Led a team", "Led 12 engineers", "Led a 14-person team"],
            ["Cut lead time", "Leading to 4 sales", "Led the rewrite"],
        ),
        ("client_trust", ["Grew key accounts"], ["Won a race", "Repeat offenders", "Built an extension"]),
        ("precision", ["Built the financial model"], ["Drew a model", "Fitted remote controls"]),
        (
            "software",
            ["Python, Go, Rust", "Wrote it in Go", "Built Go services", "Swift, Kotlin"],
            ["Go-live in May", "Swift answers to guests", "Planned the Go-to-market"],
        ),
    ],
)
def test_terms_are_those_a_recruiter_would_sign(group: str, shown: list[str], others: list[str]) -> None:
    index = RUBRIC.skill_index if group in RUBRIC.skills else RUBRIC.appeal_index

    def found(line: str) -> bool:
        return group in {hit.group for hit in index.find(line, fold(line))}

    assert [line for line in shown if not found(line)] == []
    assert [line for line in others if found(line)] == []
