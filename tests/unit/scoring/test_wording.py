"""Find terms, verbs, tenses and misspellings."""

import re

import pytest
from contracts.report import Report
from scoring.language.terms import TermIndex
from scoring.language.text import fold
from scoring.resume.openings import read_opening

from tests.unit.scoring.personas import (
    RUBRIC,
    criterion,
    report,
)


def reason(report: Report, name: str) -> str:
    each = criterion(report, name)
    return f"{each.reason} {each.fix}"


def wording_faults(line: str) -> list[str]:
    text = f"Ann Lee\n\nEXPERIENCE\nClerk | Acme | Jan 2020 - Present\n- {line}\n"
    remarks = report(text).detailed_scores.structure_analysis.feedback.specific_feedback
    return [each.target_text or "" for each in remarks if each.category == "grammar"]


@pytest.mark.parametrize(
    ("term", "text", "is_found"),
    [
        ("java", "JavaScript", False), ("java", "Java, SQL", True), ("c++", "C++17 code", True),
        ("c++", "modern C++ code", True), ("=R", "R&D", False), ("=R", "R and SQL", True),
        ("=Go", "go home", False),
        ("=AI", "said", False), ("ci/cd", "CI/CD pipeline", True),
        ("machine learning", "Machine-Learning", True),
        ("stakeholder", "stakeholders", True), ("node.js", "Node.js", True), ("m&a", "M&A deals", True),
        ("m&a", "M.A. in history", False), ("aws", "AWSを用いた", True), ("aws", "ＡＷＳ", True),
        ("リーダー", "リーダーシップ", False), ("リーダー", "チームのリーダーとして", True),
        ("machine learning", "machine, learning", False), ("=.NET", "net income", False),
        ("=.NET", ".NET", True),
    ],
)  # fmt: skip
def test_terms_match_at_word_boundaries(term: str, text: str, is_found: bool) -> None:
    assert bool(TermIndex({"group": [term]}).find(text, fold(text))) is is_found


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("Led a team", "strong"), ("Successfully negotiated terms", "strong"), ("Planned releases", "strong"),
        ("Responsible for sales", "weak"), ("Helped users", "weak"), ("Take part in talks", "weak"),
        ("I was in charge of mail", "weak"),
        ("Liaised with banks", "plain"), ("Team of four", "none"), ("業務改革を主導", "strong"),
        ("要件定義を担当", "weak"), ("資料作成のサポートをしました", "weak"),
        ("売上を30%向上させた。", "strong"),
    ],
)  # fmt: skip
def test_strength_of_opening(text: str, strength: str) -> None:
    assert read_opening(text, fold(text), RUBRIC).strength == strength


def test_corrections_are_not_misspellings() -> None:
    index = RUBRIC.misspelling_index
    for words in RUBRIC.words.values():
        for wrong, right in words.misspellings.items():
            assert list(index.find(wrong, fold(wrong))), wrong
            assert not list(index.find(right, fold(right))), right


@pytest.mark.parametrize("ending", ["", " 42", " 7 42 99 365", " 99% 100%"])
def test_numbers_do_not_strengthen_a_weak_ending(ending: str) -> None:
    text = f"資料など{ending}"
    assert read_opening(text, fold(text), RUBRIC).strength == "weak"


@pytest.mark.parametrize(
    "line",
    [
        "Sold tours to Bora Bora and Pago Pago", "Worked with costumers of the opera", "Led the TEH project",
        "Ran the mine in Portland, ME", "当社のものののち、企画を主導", "Maintained calenders for paper",
    ],
)  # fmt: skip
def test_correct_words_are_not_faults(line: str) -> None:
    assert wording_faults(line) == []
    text = f"EXPERIENCE\n- {line}\n"
    reason = criterion(report(text), "content.filler").reason
    assert not re.search("first-person|一人称が", reason)


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
        (
            "risk_compliance",
            ["Ran KYC checks", "内部監査を実施"],
            ["Took risks", "Aml"],
        ),
        (
            "data_ai",
            ["Built prediction models", "統計モデルを構築"],
            ["Played the model"],
        ),
        ("accounting", ["Shortened the year-end close", "監査対応を主導"], ["Close to the sea"]),
        ("capital_markets", ["Ran the treasury", "運転資本を圧縮"], ["A treasure hunt"]),
        ("quality", ["Raised test coverage", "自動テストを導入"], ["Covered the test"]),
        ("operations", ["Defined SLOs", "Observability"], ["Slo-pitch softball"]),
        ("precision", ["Built the financial model"], ["Drew a model", "Fitted remote controls"]),
        (
            "software",
            ["Python, Go, Rust", "Wrote it in Go", "Built Go services", "Swift, Kotlin"],
            ["Go-live in May", "Swift answers to guests", "Planned the Go-to-market"],
        ),
    ],
)
def test_terms_match_what_a_recruiter_would_accept(group: str, shown: list[str], others: list[str]) -> None:
    index = RUBRIC.skill_index if group in RUBRIC.skills else RUBRIC.appeal_index

    def found(line: str) -> bool:
        return group in {hit.group for hit in index.find(line, fold(line))}

    assert [line for line in shown if not found(line)] == []
    assert [line for line in others if found(line)] == []


@pytest.mark.parametrize(
    ("lines", "mixed"),
    [
        (["Engineer | Acme | Jan 2020 - Present", "Lead the team", "Launched two products"], 0),
        (["Engineer | Acme | Jan 2020 - Dec 2021", "Manage the team", "Launched two products"], 1),
        (["Clerk | Acme | Jan 2020 - Dec 2021", "Found 14 leaks and fixed them", "Launched a site"], 0),
        (["Clerk | Acme | Jan 2020 - Dec 2021", "Research on mice", "Launched a site"], 0),
        (["Clerk | Acme | Jan 2020 - Dec 2021", "Launched a site", "業務改革を主導しました"], 0),
    ],
)
def test_mixed_tenses_are_counted(lines: list[str], mixed: int) -> None:
    text = "Ann Lee\n\nEXPERIENCE\n" + "\n- ".join(lines) + "\n"
    reason = criterion(report(text), "content.tense_spelling").reason
    assert ("keeps to one tense" if not mixed else f"{mixed} bullet in another tense") in reason


@pytest.mark.parametrize(
    "text",
    ["Lead engineer for pumps", "Project manager of 3 sites", "Research on mice", "Program director, mills"],
)
def test_titles_are_not_verbs(text: str) -> None:
    assert read_opening(text, fold(text), RUBRIC).strength == "none"
    assert read_opening("Lead teams", "lead teams", RUBRIC).strength == "strong"


@pytest.mark.parametrize(
    "text",
    [
        "Beat the plan", "Brought in two partners", "Took over the night shift", "Held talks",
        "Rewrote the API", "Served guests", "Treated patients", "Repaired lifts", "Troubleshot pumps",
        "We built a mill", "Personally trained staff", "新規顧客を開拓", "資格を取得", "売上を伸ばした",
    ],
)  # fmt: skip
def test_verb_is_strong(text: str) -> None:
    assert read_opening(text, fold(text), RUBRIC).strength == "strong"


@pytest.mark.parametrize("text", ["売上を伸ばした", "納期を前倒し", "残業をゼロにした", "不良が減少"])
def test_japanese_verb_is_a_result(text: str) -> None:
    assert read_opening(text, fold(text), RUBRIC).is_result


def test_long_resume_may_name_its_main_tool_often() -> None:
    head = "EXPERIENCE\nCloud Engineer | Acme | Jan 2020 - Present\n"
    ends = ("ern", "wood", "gate", "port", "field")
    names = [first + last for first in ("north", "south", "east", "west") for last in ends]
    lines = [
        f"- Migrated the {name} service of the {name} team to AWS with its owners, and moved the data "
        f"of the {name} archive into {name} buckets that operations can restore within a working day\n"
        f"- Agreed the budget of the {name} office with its directors and wrote the {name} runbook\n"
        for name in names
    ]
    assert "aws" not in criterion(report(head + "".join(lines)), "content.filler").reason.lower()
    stuffed = head + "- Ran mail\n\nSKILLS\n" + "AWS, " * 20
    assert "aws" in criterion(report(stuffed), "content.filler").reason.lower()
