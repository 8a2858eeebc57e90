"""Job advertisements of many styles, with what they ask for."""

import pytest
from contracts.matching import Requirement
from matching.extraction import extract_requirements

# Each expectation is "importance kind: terms" or "... minimum", in any order.
ADS: dict[str, tuple[str, str, set[str]]] = {
    "sections with bullets": (
        "Backend Engineer",
        """About us
We are a bank founded in 1990.

What you'll do
- Operate payment services

Requirements
- 5+ years of experience with Python or Go
- Strong knowledge of PostgreSQL, Kafka and Kubernetes
- Bachelor's degree in Computer Science or a related field
- Fluent English; German is a plus
- Right to work in the UK

Nice to have
- Experience with Terraform
- AWS certification

Benefits
- 30 days of paid leave""",
        {
            "nice responsibility",
            "must experience_years: Python, Go 5",
            "must skill: PostgreSQL",
            "must skill: Kafka",
            "must skill: Kubernetes",
            "must education: Computer Science bachelor",
            "must language: english fluent",
            "nice language: german",
            "must permission",
            "nice skill: Terraform",
            "nice certificate: AWS certification",
        },
    ),
    "prose": (
        "Nurse",
        (
            """Sunny Care Home is looking for a caring person for our night team. You will write care plans \
and support families. You must have at least two years of experience in elderly care. Experience with \
electronic health records would be a plus. We offer free meals."""
        ),
        {
            "nice responsibility",
            "must experience_years: elderly care 2",
            "nice skill: electronic health records",
        },
    ),
    "government": (
        "Policy Officer",
        """Essential criteria:
1. Demonstrated experience in policy analysis.
2. Ability to meet tight deadlines.
Desirable criteria:
a) Knowledge of the Freedom of Information Act.
Eligibility: A Baseline security clearance is required.""",
        {
            "must skill: policy analysis",
            "must skill: meet tight deadlines",
            "nice skill: Freedom of Information Act",
            "must permission",
        },
    ),
    "start-up with emoji": (
        "Designer",
        """🚀 What you'll bring
✅ Figma and Photoshop
✅ 3 years in product design
💡 Bonus points
✅ Illustrator
🎁 Perks
✅ Free lunch""",
        {
            "must skill: Figma",
            "must skill: Photoshop",
            "must experience_years: product design 3",
            "nice skill: Illustrator",
        },
    ),
    "one line": (
        "Chef",
        "Sushi chef wanted, 3 years experience, Japanese speaking preferred.",
        {"must skill: Sushi chef", "must experience_years: Chef 3", "nice language: japanese"},
    ),
    "markup": (
        "Analyst",
        "<h2>Requirements</h2><ul><li>Advanced <b>Excel</b></li><li>SQL &amp; Tableau</li></ul>",
        {"must skill: Excel", "must skill: SQL", "must skill: Tableau"},
    ),
    "markdown": (
        "Analyst",
        "## **Must have**\n* Power BI\n* Degree in Statistics\n\n## **Nice to have**\n* R",
        {"must skill: Power BI", "must education: Statistics bachelor", "nice skill: R"},
    ),
    "labels": (
        "Driver",
        "Location: Leeds\nRequirements: driving licence, forklift\nSalary: 30k",
        {"must location: Leeds", "must certificate: driving licence", "must skill: forklift"},
    ),
    "trades": (
        "Electrician",
        (
            "You hold a registration as a licensed electrician. You have experience with PLC. "
            "Your tasks: repair machines."
        ),
        {"must certificate: licensed electrician", "must skill: PLC", "nice responsibility"},
    ),
    "必須と歓迎": (
        "エンジニア",
        """【仕事内容】
・決済サービスの開発

【必須条件】
・Pythonの開発経験3年以上
・AWSの実務経験
・大卒以上
・日本語ビジネスレベル（JLPT N2以上）

【歓迎条件】
・Kubernetesの運用経験
・英語でのコミュニケーション（TOEIC 730点以上）

【待遇】
年収500万円～""",
        {
            "nice responsibility",
            "must experience_years: Python 3",
            "must skill: AWS",
            "must education bachelor",
            "must language: japanese business",
            "nice skill: Kubernetes",
            "nice language: english business",
        },
    ),
    "募集要項の表": (
        "経理",
        (
            "職種\t経理スタッフ\n雇用形態\t正社員\n仕事内容\t月次決算の補助\n応募資格\t簿記2級、経理の実務経験2年以上\n"
            "歓迎スキル\t連結決算の経験\n勤務地\t大阪市北区\n給与\t月給25万円～"
        ),
        {
            "nice responsibility",
            "must certificate: 簿記2級",
            "must experience_years: 経理 2",
            "nice skill: 連結決算",
            "must location: 大阪市北区",
        },
    ),
    "文章の求人": (
        "看護師",
        "看護師の資格をお持ちの方を募集します。電子カルテの使用経験があれば尚可です。昇給あり、賞与年2回。",
        {"must certificate: 看護師", "nice skill: 電子カルテ"},
    ),
    "日英混在": (
        "PM",
        "■Requirements\n・Business level English\n・プロジェクト管理の経験\n■Preferred\n・PMP",
        {"must language: english business", "must skill: プロジェクト管理", "nice certificate: PMP"},
    ),
    "記号の列": (
        "施工管理",
        "＜応募資格＞\n【必須】\n■施工管理経験3年以上\n■普通自動車免許\n【歓迎】\n◎CADの操作スキル\n◎積算の経験\n■待遇\n寮完備",
        {
            "must experience_years: 施工管理 3",
            "must certificate: 普通自動車免許",
            "nice skill: CAD",
            "nice skill: 積算",
        },
    ),
    "written and spoken": (
        "Agent",
        "Requirements\n- Excellent written and spoken English",
        {"must language: english fluent"},
    ),
    "a language that is not read": (
        "Lagerist",
        """Ihr Profil
- Erfahrung im Lager
- Staplerschein

Wir bieten ein gutes Team und faire Bezahlung für alle.""",
        {"must skill: Erfahrung im Lager", "must skill: Staplerschein"},
    ),
    "未経験歓迎": ("販売", "未経験歓迎！学歴不問、年齢不問。楽しい職場です。", set()),
    "nothing asked for": ("Clerk", "We are a friendly team in a sunny office.", set()),
}


def summary(each: Requirement) -> str:
    terms = f": {', '.join(each.terms)}" if each.terms else ""
    minimum = each.minimum
    least = f" {minimum.level or format(minimum.years, 'g')}" if minimum else ""
    return f"{each.importance.split('_')[0]} {each.kind}{terms}{least}"


@pytest.mark.parametrize("style", ADS)
def test_requirements_of_a_style(style: str) -> None:
    title, text, expected = ADS[style]
    job = extract_requirements(title, text)
    assert {summary(each) for each in job.requirements} == expected
    assert all(each.quote and each.quote in text for each in job.requirements)
    assert [each.id for each in job.requirements] == [f"r{n}" for n in range(1, len(expected) + 1)]
