"""Distinguish amounts from other numbers."""

from functools import cache

import pytest
from scoring.language.text import fold
from scoring.resume.amounts import find_amounts

from tests.unit.scoring.personas import (
    report,
)


@pytest.mark.parametrize(
    "text",
    [
        "Reduced latency by 60%", "Saved $2M a year", "Served 10M+ users", "Mentored 5 junior developers",
        "Cut release time from 8 weeks to 2 weeks", "Doubled revenue", "Managed 8 engineers", "Grew sales 3x",
        "Handled 1,200 tickets", "Led a 10-person team", "Won three awards", "売上を３０％増加",
        "12億円の投資を実現",
        "8名のチームを率い", "3社を統合", "三名を育成", "工数を半減", "2.5 hours saved", "Raised 1.5 million",
    ],
)  # fmt: skip
def test_amount_is_found(text: str) -> None:
    assert find_amounts(text, fold(text)).measured


@pytest.mark.parametrize(
    "text",
    [
        "Worked there since 2019", "Migrated to Python 3.11", "Used HTML5 and CSS3 on EC2", "See page 3",
        "Upgraded Java 8 services", "Certified for ISO 9001 audits", "Call +81 90-1234-5678",
        "Phase 2 trials",
        "From Apr 2020 to Mar 2021", "2020年4月から担当", "Built a 5-day forecast", "GPA 3.9/4.0",
        "24/7 support", "Drew CAD 2D plans", "Wired RS 232 lines", "Trained in AutoCAD 2020",
        "Used CAD 3D tools",
        "For 5 years", "10年間の経験", "Mailed a1@b2.example", "Advised Fortune 500 clients",
        "v2.1.3 released",
        "第2章を担当", "B2B sales", "Windows 11 rollout",
    ],
)  # fmt: skip
def test_other_number_is_not_an_amount(text: str) -> None:
    assert find_amounts(text, fold(text)).measured == ()


@pytest.mark.parametrize(
    "text",
    [
        "Cut accidents from 5 to 1 a year", "Took NPS from 31 to 58", "LED A CREW OF 60",
        "Reduced falls from 9 a month to 3", "Cut faults from 40 per week to 12", "Went from 2 sites to 5",
        "Ranked 1st of 30", "Grew it from two to nine", "Cut waste by a third", "Held a 4.8/5 rating",
    ],
)  # fmt: skip
def test_amount_in_words_is_found(text: str) -> None:
    assert find_amounts(text, fold(text)).measured


@pytest.mark.parametrize(
    "text",
    [
        "Six Sigma black belt", "24 / 7 support", "Held 1:1 meetings", "Sawed 2 x 4 lumber", "GPA 3.9/5",
        "Manned the desk from 9 am to 5", "CGPA: 8.5/10",
        "Moved from 5 years to 3 years", "From two to three years",
        "Audited by a third party",
    ],
)  # fmt: skip
def test_number_in_a_name_is_not_an_amount(text: str) -> None:
    assert find_amounts(text, fold(text)).measured == ()


@pytest.mark.parametrize(
    "text",
    [
        "Cut infrastructure costs 30%", "Grew monthly recurring revenue 45%", "Improved query speed 3x",
        "Increased sales (+20%)", "Revenue: +45%", "Ran the site at an uptime of 99.9%", "Sold 99.9% uptime",
        "Managed a $2M budget", "Managed a budget of $4.5M", "Sold units worth €300k", "Hit 98%",
        "45% reduction in defects", "Achieved 120% of quota", "Raised the margin from 12% to 18%",
        "Shortened the close to 3 days", "Saved 40 hours", "Delivered 2 weeks early", "Held it at 95%+",
        "Cut spend by 20-30%", "Cut the build (from 40 to 12 minutes)", "Won $12M+ in new business",
        "Earned EUR 3 million", "Answered tickets within 24 hours", "Beat quota 120%", "Churn -20%",
        "Trained clerks, of whom 5 were promoted", "Reached 9 of its goals", "Grew usage 40% and cut churn",
        "売上を30％拡大", "コスト30％削減", "コスト削減30％", "コスト削減（30％）",
        "売上高3億円", "予算2億円を管理", "約30％の改善", "前年比120％",
        "目標達成率120％", "工数を月40時間削減", "1.5倍に拡大",
        "30％以上の短縮", "離職率を半減（15％から7％）",
        "Secured a CHF 250,000 grant", "Saved ₹2,000,000 a year", "Saved Rs. 20 lakh a year",
        "Managed a budget of INR 3 crore", "Won CAD 1.2 million in orders", "Cut costs by AUD 40,000",
        "Saved Rs 5,00,000 a year", "Saved ₹20,00,000 a year",
        "会員3万人", "稼働率99.9％を維持",
        "利益率を４％から７％へ改善", "費用を 30％ 削減",
    ],
)  # fmt: skip
def test_amount_that_measures_something_is_found(text: str) -> None:
    found = find_amounts(text, fold(text))
    assert found.measured
    assert found.decorative == ()


HEADS = {
    "EXPERIENCE\nClerk | Acme | Jan 2020 - Present\n": [
        "Led workshops for clients", "Responsible for budgets", "Helped with reports etc", "Read it",
    ],
    "職務経歴\n株式会社アオゾラ　2020年1月～現在\n": [
        "システムに関する業務を担当", "資料など", "会議のサポート", "企画を主導",
    ],
}  # fmt: skip


@cache
def points_of(decoration: str) -> list[float | None]:
    """Return the points of every criterion for resumes whose bullets all end with the decoration."""
    texts = [head + "".join(f"- {line}{decoration}\n" for line in lines) for head, lines in HEADS.items()]
    return [each.points for text in texts for each in report(text).detailed_scores.criteria]


@pytest.mark.parametrize(
    "decoration",
    [
        " 99% 100%", " +45%", " $2M", " 3x", " (20%)", " [99%]", " 40 hours", " $2M, 3x, 99%", ", 99%",
        " - 99%", " 100k+", " €5 million", "（20％）", " ＋45％", " 2億円", " 2億円以上 3倍",
        " 40時間", " 12 months",
    ],
)  # fmt: skip
def test_decorative_amount_changes_no_points(decoration: str) -> None:
    for lines in HEADS.values():
        for line in lines:
            assert find_amounts(line + decoration, fold(line + decoration)).measured == ()
    assert points_of(decoration) == points_of("")


@pytest.mark.parametrize(
    ("line", "issue"),
    [("Led workshops", "not measured"), ("Led workshops 99%", "nothing says what it measures")],
)
def test_remark_says_what_an_amount_lacks(line: str, issue: str) -> None:
    text = f"EXPERIENCE\nClerk | Acme | Jan 2020 - Present\n- {line}\n"
    remarks = report(text).detailed_scores.appeal_analysis.feedback.specific_feedback
    (remark,) = (each for each in remarks if each.category == "quantitative_impact")
    assert issue in remark.issue


def test_amount_before_a_sentence_is_not_part_of_it() -> None:
    assert find_amounts("99% Led workshops", "99% led workshops").measured == ()
    assert find_amounts("99% of orders", "99% of orders").measured


def test_overlapping_amounts_count_once() -> None:
    text = "Raised NPS from 31 to 58%"
    assert [text[span.start : span.end] for span in find_amounts(text, fold(text)).measured] == [
        "from 31 to 58%"
    ]
