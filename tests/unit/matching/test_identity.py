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


@pytest.mark.parametrize(
    ("requirement", "bullet"),
    [
        ("Pythonの開発経験", "写真管理システムをPythonで開発"),
        ("SQLの実務経験", "年齢層別の売上分析をSQLで自動化"),
        ("年末調整の経験", "配偶者控除など年末調整の実務"),
        ("BINDの構築経験", "名前解決の仕組みをBINDで構築"),
        ("Terraformの経験", "国籍: 多言語サイトの国籍判定をTerraformで運用"),
    ],
)
def test_a_label_in_a_japanese_bullet_hides_no_work(requirement: str, bullet: str) -> None:
    resume = f"田中 太郎\n\n職務経歴\n株式会社ベータ 2020年4月～現在\n・{bullet}\n・社内の問い合わせに対応\n"
    job = extract_requirements("", f"応募資格\n・{requirement}\n")
    assert match(job, read_resume(resume, today=TODAY), TODAY).requirements[0].outcome == "met"


def test_a_label_in_a_list_of_skills_hides_no_skill() -> None:
    resume = RESUME.replace(
        "Languages\n{language}", "Skills\n- Photo: Lightroom, Photoshop\n- Weight: Tableau"
    )
    resume = resume.format(
        name="Maya Okafor", contact="", bullet="Built a shop", personal="Nationality: German"
    )
    job = extract_requirements("", "Requirements\n- Lightroom\n- Photoshop\n- Fluent German\n")
    found = match(job, read_resume(resume, today=TODAY), TODAY).requirements
    assert [each.outcome for each in found] == ["partly", "partly", "not_shown"]


def test_a_label_in_an_english_bullet_hides_no_work() -> None:
    assert outcome("Experience with Lightroom", bullet="Photo: retouching with Lightroom") == "met"


def test_a_nationality_above_work_without_a_heading_is_no_language() -> None:
    job = extract_requirements("", "Requirements\n- Fluent German\n")
    text = (
        "Julia Swift\nperson@example.com\nBerlin\nMunich\nNationality: German\n"
        "Developer, Beta Group, Apr 2020 - Present\n- Built the checkout of a shop\n"
    )
    assert match(job, read_resume(text, today=TODAY), TODAY).requirements[0].outcome == "not_shown"
