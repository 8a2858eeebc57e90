"""Industry fit: what shows that somebody is of a field."""

import pytest
from scoring.language.text import fold

from tests.unit.scoring.personas import RUBRIC, criterion, report


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
def test_titles_tell_the_field(industry: str, of_it: str, not_of_it: str) -> None:
    index = RUBRIC.domain_index(industry)
    assert list(index.find(of_it, fold(of_it)))
    assert not list(index.find(not_of_it, fold(not_of_it)))


def test_the_heart_of_a_field_wants_more_than_one_bullet() -> None:
    head = "EXPERIENCE\nAnalyst | Acme | Jan 2020 - Present\n"
    lines = [f"- Cut the costs by 20% with {tool}\n" for tool in ("SQL", "machine learning", "Snowflake")]
    once, thrice = (
        criterion(report(head + "".join(some), industry="data_ai"), "industry.skills")
        for some in (lines[:1], lines)
    )
    assert (once.points or 0) * 2.9 < (thrice.points or 0)
    assert "One or two more bullets would bear out: data and AI." in once.reason


def test_the_name_of_an_employer_is_no_skill() -> None:
    text = "EXPERIENCE\nClerk | {} | Jan 2020 - Present\n- Led a crew\n"
    consulting, mill = (
        report(text.format(name), industry="consulting") for name in ("Acme Advisory", "Acme Mill")
    )
    assert criterion(consulting, "industry.skills").points == criterion(mill, "industry.skills").points


def test_only_a_listed_skill_is_said_to_be_only_named() -> None:
    text = (
        "SUMMARY\nCuts incidents.\n\nEXPERIENCE\nClerk | Acme | Jan 2020 - Present\n- Led a crew\n\n"
        "SKILLS\nSAP\n"
    )
    remarks = report(text, industry="system_integrator").detailed_scores.appeal_analysis.feedback
    of_appeal = [each for each in remarks.specific_feedback if each.category == "appeal_point"]
    assert [each.target_text for each in of_appeal] == ["SAP"]


def test_a_result_in_another_line_of_work_says_less() -> None:
    text = "EXPERIENCE\n{} | Acme | Jan 2020 - Present\n- Cut the cost of bread by 20%\n"
    near, far = (
        criterion(report(text.format(title), industry="data_ai"), "industry.appeals").points or 0
        for title in ("Data Scientist", "Baker")
    )
    assert near == pytest.approx(2 * far, abs=0.02)
