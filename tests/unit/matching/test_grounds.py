"""Demands about the person beside promises, requirements and lawful subjects."""

import time

import pytest
from matching.extraction import extract_requirements
from matching.job.protected import find_ground
from scoring.language.text import fold


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("Males, equal opportunity", "gender"),
        ("Equal opportunity employer seeking women", "gender"),
        ("Inclusive: female candidates only", "gender"),
        ("年齢不問、女性歓迎", "gender"),
        ("性別不問（35歳以下）", "age"),
        ("Only women are welcome", "gender"),
        ("Women's health, male only", "gender"),
        ("no older than 40", "age"),
        ("under 35", "age"),
        ("Must be under 35 and mobile", "age"),
        ("between 20 and 30 years old", "age"),
        ("from 25 to 35 years of age", "age"),
        ("Customer service representative must be female", "gender"),
        ("Sales support: females preferred", "gender"),
        ("support candidates should be male", "gender"),
        ("Customer support female only", "gender"),
        ("Care assistants must be women", "gender"),
        ("Clothing sales: women preferred", "gender"),
        ("Japanese nationality", "nationality"),
        ("国籍: 日本", "nationality"),
        ("no disability", "health"),
        ("non-smoker", "health"),
        ("unmarried", "family"),
        ("独身の方", "family"),
        ("女性スタッフ募集", "gender"),
        ("女性社員を募集します", "gender"),
        ("女性スタッフ歓迎", "gender"),
        ("男性ドライバー募集", "gender"),
        ("女性事務員", "gender"),
        ("女性看護師募集", "gender"),
        ("女性管理職募集", "gender"),
        ("女性客室乗務員募集", "gender"),
        ("男子学生歓迎", "gender"),
        ("女性が望ましい", "gender"),
        ("20代スタッフ歓迎", "age"),
        ("30代の経験者を優遇", "age"),
        ("20代～30代の方", "age"),
        ("若年層の方", "age"),
        ("定年後再雇用の方", "age"),
        ("定年退職者歓迎", "age"),
        ("年齢制限あり", "age"),
        ("外国人スタッフ不可", "nationality"),
        ("外国籍の方は応募できません", "nationality"),
        ("妊娠中の方はご遠慮ください", "health"),
        ("喫煙者不可", "health"),
        ("既婚者不可", "family"),
        ("結婚の予定がない方", "family"),
        ("age limit up to 35", "age"),
        ("age limit below 35", "age"),
        ("age restriction: 40", "age"),
        ("good health condition", "health"),
        ("nationality preference: japanese", "nationality"),
        ("gender preference: female", "gender"),
    ],
)
def test_a_demand_is_recognised_beside_anything(text: str, ground: str) -> None:
    assert find_ground(fold(text)) == ground


@pytest.mark.parametrize(
    "text",
    [
        "applications regardless of age are welcome",
        "people of all genders and ages",
        "年齢不問",
        "性別・国籍を問わず",
        "Women are encouraged to apply",
        "Race condition debugging",
        "Experience: between 10 and 15 years",
        "Care for elderly women and men",
        "Care of pregnant women",
        "Supporting disabled adults",
        "Support for people with disabilities",
        "Clothing and shoes for men",
        "Market research with women",
        "Health services for women",
        "Disability law",
        "Family law",
        "Gender studies library",
        "Gender pay gap analysis",
        "Citizenship law",
        "Citizen developer programmes",
        "Pregnancy care",
        "Marital therapy",
        "Women's history",
        "国籍法",
        "結婚式場での接客",
        "外国人雇用",
        "女性向け商品の企画",
        "女性誌の編集経験",
        "女性誌編集者",
        "外国人労働者の労務管理",
        "外国人採用支援の経験",
        "外国人観光客への接客",
        "外国人顧客への対応",
        "30代女性向けアプリの企画",
        "20代をターゲットとしたマーケティング",
        "20代向けサービスの企画",
        "若年層向けマーケティング",
        "若年者の就労支援",
        "若年性認知症のケア",
        "定年退職者の手続き",
        "定年後再雇用制度の運用",
        "定年制度の設計",
        "多国籍企業での経理経験",
        "結婚相談所での勤務経験",
        "妊娠・出産に関する知識",
        "妊娠期の栄養指導",
        "受動喫煙対策",
        "独身寮の管理",
        "既婚者向け保険の提案",
        "配偶者控除の実務",
        "扶養家族の手続き",
        "女性活躍推進の経験",
        "女性の健康に関する知識",
        "女性のキャリア支援",
        "女性スタッフの管理経験",
        "外国人社員の教育",
        "外国人患者の対応",
        "性別違和に関する知識",
        "性別適合手術の看護",
        "年齢確認業務",
        "年齢別の売上分析",
        "女子サッカーの指導",
        "女子大での勤務経験",
        "外国人とのコミュニケーション",
        "外国籍社員のマネジメント",
        "20代の部下のマネジメント",
        "ability to carry out audits",
        "managed a team of over 30",
        "certificates not older than 3 months",
    ],
)
def test_promises_and_lawful_subjects_are_no_demand(text: str) -> None:
    assert find_ground(fold(text)) is None


@pytest.mark.parametrize(
    ("sentence", "terms", "grounds"),
    [
        ("Experience with SAP, regardless of age or gender", [("SAP",)], []),
        ("Experience with inclusive design", [("inclusive design",)], []),
        ("年齢・性別不問、Pythonの実務経験", [("Python",)], []),
        ("Open to all genders, SAP experience", [("SAP",)], []),
        ("Applications from women are welcome; experience with SAP", [("SAP",)], []),
        ("All genders welcome, experience with SAP", [("SAP",)], []),
        (
            "Regardless of age, gender or any other characteristic protected by law, experience with SAP",
            [("SAP",)],
            [],
        ),
        ("regardless of age, male candidates preferred", [], ["gender"]),
        ("without regard to religion, women only", [], ["gender"]),
        ("Regardless of race or colour, and female applicants only", [], ["gender"]),
        ("irrespective of gender, citizenship required", [], ["nationality"]),
        ("国籍不問、男性のみ", [], ["gender"]),
        ("年齢に関わらず、未婚の方", [], ["family"]),
        ("Equal opportunity employer, experience with SAP", [("SAP",)], []),
        ("Males, equal opportunity, experience with SAP", [("SAP",)], ["gender"]),
        ("年齢不問、女性歓迎、SAPの実務経験", [("SAP",)], ["gender"]),
        ("We welcome applications regardless of age, gender or nationality.", [], []),
    ],
)
def test_a_promise_hides_neither_requirements_nor_demands(
    sentence: str, terms: list[tuple[str, ...]], grounds: list[str]
) -> None:
    job = extract_requirements("", f"Requirements\n- {sentence}")
    assert ([each.terms for each in job.requirements], [each.ground for each in job.left_out]) == (
        terms,
        grounds,
    )


@pytest.mark.parametrize(
    ("sentence", "terms", "importance"),
    [
        ("Experience with any of: Java, Kotlin, Scala", [("Java", "Kotlin", "Scala")], "must"),
        ("Experience in any of the following languages: Java, Go", [("Java", "Go")], "must"),
        ("Ideally knowledge of all AWS services", [("AWS",)], "nice_to_have"),
        (
            "Experience with different databases such as PostgreSQL",
            [("different databases", "PostgreSQL")],
            "must",
        ),
        ("5 years of experience with different JavaScript frameworks", [("JavaScript",)], "must"),
        ("Knowledge of all health and safety regulations", [("health and safety",)], "must"),
        ("Experience with different colour spaces", [("different colour spaces",)], "must"),
        ("Experience with different age groups", [("different age groups",)], "must"),
        ("Experience with people of all ages", [("people of all ages",)], "must"),
        ("Regardless of the platform, experience with SAP", [("SAP",)], "must"),
        ("Encouraging and supporting the team", [("Encouraging and supporting the team",)], "must"),
        ("多国籍企業での経理経験", [("経理",)], "must"),
    ],
)
def test_words_for_all_of_something_divide_no_requirement(
    sentence: str, terms: list[tuple[str, ...]], importance: str
) -> None:
    job = extract_requirements("", f"Requirements\n- {sentence}")
    assert [each.terms for each in job.requirements] == terms
    assert {each.importance for each in job.requirements} == {importance}
    assert job.left_out == ()


@pytest.mark.parametrize(
    ("sentence", "term"),
    [
        ("Experience with discriminative and generative models", "discriminative and generative models"),
        ("Lead the team on inclusive design", "Lead the team on inclusive design"),
        ("Experience with our diversity programmes", "our diversity programmes"),
        ("Lead our team on inclusive design", "Lead our team on inclusive design"),
        ("Knowledge of anti-discrimination law", "anti-discrimination law"),
        ("Knowledge of equal opportunities legislation", "equal opportunities legislation"),
        ("Investigate discrimination complaints", "Investigate discrimination complaints"),
    ],
)
def test_a_requirement_in_the_words_of_a_statement_is_kept(sentence: str, term: str) -> None:
    job = extract_requirements("", f"Requirements\n- {sentence}")
    assert [each.terms for each in job.requirements] == [(term,)]


@pytest.mark.parametrize(
    "sentence",
    [
        "We do not discriminate",
        "We celebrate diversity and are committed to an inclusive workplace",
        "Our company values diversity",
        "As a company we value diversity and inclusion",
        "An employer that embraces diversity",
        "Inclusive employer",
        "We warmly welcome applications from everyone",
    ],
)
def test_a_statement_about_the_employer_asks_for_nothing(sentence: str) -> None:
    job = extract_requirements("", f"Requirements\n- {sentence}")
    assert (job.requirements, job.left_out) == ((), ())


@pytest.mark.parametrize(
    ("sentence", "terms", "years"),
    [
        ("Experience: between 10 and 15 years", (), 10),
        ("Sales experience from 10 to 12 years", ("Sales",), 10),
        ("Between three and five years of SAP experience", ("SAP",), 3),
    ],
)
def test_a_range_of_years_is_no_age(sentence: str, terms: tuple[str, ...], years: float) -> None:
    job = extract_requirements("", f"Requirements\n- {sentence}")
    assert job.left_out == ()
    found = [(each.terms, each.minimum and each.minimum.years) for each in job.requirements]
    assert found == [(terms, years)]


def test_a_duty_with_all_of_something_stays_whole() -> None:
    sentence = "Keep an inventory of all devices"
    job = extract_requirements("", f"Duties\n- {sentence}")
    assert [each.quote for each in job.requirements] == [sentence]


@pytest.mark.parametrize(
    "unit",
    [
        "and ", "age, ", "all ", "of all ", "all ages ", "regardless of ", "women ", "from all ages and ",
        ", and ", "support ", "support for ", "we our ", "between 20 ", "年齢", "女性", "女性の",
        "20代", "と", "不問",
    ],
)  # fmt: skip
def test_a_hostile_sentence_takes_little_time(unit: str) -> None:
    sentence = (unit * 500)[:500]
    began = time.process_time()
    find_ground(sentence)
    extract_requirements("", f"Requirements\n- {sentence}")
    assert time.process_time() - began < 1
