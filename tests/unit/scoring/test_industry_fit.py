"""Industry fit: evidence that a person works in a field, and the appeal analysis."""

import pytest
from contracts.report import Report
from scoring.language.text import fold

from tests.unit.scoring.personas import (
    RUBRIC,
    STRONG,
    criterion,
    report,
)

HEAD_JA = "職務経歴\n株式会社アオゾラ　2020年1月～現在\n"
HEAD = "EXPERIENCE\nEngineer | Acme | Jan 2020 - Present\n"


def of_bullets(*lines: str, industry: str = "strategy_tech") -> Report:
    japanese = any("ぁ" <= each <= "ん" for each in lines[0])
    head, sign = (HEAD_JA, "・") if japanese else (HEAD, "- ")
    return report(head + "".join(f"{sign}{line}\n" for line in lines), industry=industry)


@pytest.mark.parametrize(
    ("industry", "of_it", "not_of_it"),
    [
        ("software_engineering", "Principal Engineer | Acme", "Civil Engineer | Acme"),
        ("software_engineering", "バックエンドエンジニア 株式会社A", "事業開発 株式会社A"),
        ("software_engineering", "Backend Developer | Acme", "Product Manager | Harbour Software"),
        ("data_ai", "Analytics Engineer | Acme", "Data Entry Clerk | Acme"),
        ("data_ai", "データサイエンティスト 株式会社A", "データ入力 株式会社A"),
        ("finance", "Credit Analyst | Acme", "Business Analyst | Acme"),
        ("finance", "経理マネージャー 株式会社A", "総務 株式会社A"),
    ],
)
def test_titles_show_the_field(industry: str, of_it: str, not_of_it: str) -> None:
    index = RUBRIC.domain_index(industry)
    assert list(index.find(of_it, fold(of_it)))
    assert not list(index.find(not_of_it, fold(not_of_it)))


def test_core_skill_needs_several_bullets() -> None:
    head = "EXPERIENCE\nAnalyst | Acme | Jan 2020 - Present\n"
    lines = [f"- Cut the costs by 20% with {tool}\n" for tool in ("SQL", "machine learning", "Snowflake")]
    once, thrice = (
        criterion(report(head + "".join(some), industry="data_ai"), "industry.skills")
        for some in (lines[:1], lines)
    )
    assert (once.points or 0) * 2.9 < (thrice.points or 0)
    assert "One or two more bullets would bear out: data and AI." in once.reason


def test_name_of_an_employer_is_not_a_skill() -> None:
    text = "EXPERIENCE\nClerk | {} | Jan 2020 - Present\n- Led a crew\n"
    consulting, mill = (
        report(text.format(name), industry="consulting") for name in ("Acme Advisory", "Acme Mill")
    )
    assert criterion(consulting, "industry.skills").points == criterion(mill, "industry.skills").points


def test_only_a_listed_skill_gets_the_remark() -> None:
    text = (
        "SUMMARY\nCuts incidents.\n\nEXPERIENCE\nClerk | Acme | Jan 2020 - Present\n- Led a crew\n\n"
        "SKILLS\nSAP\n"
    )
    remarks = report(text, industry="system_integrator").detailed_scores.appeal_analysis.feedback
    of_appeal = [each for each in remarks.specific_feedback if each.category == "appeal_point"]
    assert [each.target_text for each in of_appeal] == ["SAP"]


def test_result_in_another_field_counts_half() -> None:
    text = "EXPERIENCE\n{} | Acme | Jan 2020 - Present\n- Cut the cost of bread by 20%\n"
    near, far = (
        criterion(report(text.format(title), industry="data_ai"), "industry.appeals").points or 0
        for title in ("Data Scientist", "Baker")
    )
    assert near == pytest.approx(2 * far, abs=0.02)


def test_appeal_point_in_a_duty_earns_less() -> None:
    touched = criterion(
        of_bullets("Responsible for the board of a bank", industry="finance"), "industry.appeals"
    )
    shown = criterion(of_bullets("Advised the board of a bank", industry="finance"), "industry.appeals")
    assert 0 < (touched.points or 0) < (shown.points or 0)


def test_same_field_in_two_titles_is_a_line_of_work() -> None:
    text = (
        "EXPERIENCE\nFinance Manager | Acme | Jan 2020 - Present\n- Led audits\n"
        "Financial Analyst | Mill | Jan 2016 - Dec 2019\n- Cut costs\n"
    )
    assert criterion(report(text, industry="general"), "industry.domain").reason.startswith("2 of 2")
    other = text.replace("Finance Manager", "Nurse")
    assert criterion(report(other, industry="general"), "industry.domain").reason.startswith("1 of 2")


def test_undated_work_in_the_field_gets_the_advice_to_add_dates() -> None:
    text = "EXPERIENCE\nData Scientist | Acme\n- Cut costs by 20%\n"
    assert criterion(report(text, industry="data_ai"), "industry.domain").fix == (
        "Give the positions close to data and AI their start and end."
    )


def test_bullet_is_an_advantage_once_and_cut_between_words() -> None:
    advantages = report(STRONG).detailed_scores.appeal_analysis.feedback.competitive_advantages
    quotes = [each.partition(': "')[2] for each in advantages]
    assert len(set(quotes)) == len(quotes) > 0
    assert all(each[0].isupper() for each in advantages)
    line = "Built machine learning models that cut the cost of " + "claims " * 40 + "by 20%"
    (long,) = of_bullets(
        line, industry="data_ai"
    ).detailed_scores.appeal_analysis.feedback.competitive_advantages
    assert long.endswith('claims…"')


def test_bullet_with_a_measured_result_represents_a_skill() -> None:
    result = of_bullets(
        "Built NLP for 1M+ reviews with machine learning",
        "Built a machine learning model that cut fraud by 40%",
        industry="data_ai",
    )
    (advantage,) = result.detailed_scores.appeal_analysis.feedback.competitive_advantages
    assert "fraud" in advantage


@pytest.mark.parametrize(
    "line", ["I was involved in valuations", "Responsible for market research", "市場調査など"]
)
def test_duty_is_neither_specific_nor_transferable(line: str) -> None:
    result = of_bullets(line, industry="ma_financial")
    assert criterion(result, "content.specificity").points == 0
    assert result.detailed_scores.appeal_analysis.feedback.transferable_experience == ()


def test_strong_resume_of_another_field_stays_under_90() -> None:
    for industry in ("software_engineering", "data_ai", "finance"):
        result = report(STRONG, industry=industry)
        assert result.overall_score < 90
        parts = result.detailed_scores.contributions
        assert (
            round(parts.ats + parts.content + parts.formatting + parts.industry_fit) == result.overall_score
        )
    limited = criterion(report(STRONG, industry="software_engineering"), "industry.skills")
    assert "closer to another field" in limited.reason
    own = criterion(report(STRONG, industry="strategy_tech"), "industry.skills")
    assert "closer to another field" not in own.reason
