"""Resumes that were once judged wrongly."""

import re

import pytest
from contracts.document import Section
from contracts.vocabulary import SectionType
from scoring import create_context
from scoring.criteria import content
from scoring.language import dates
from scoring.language.text import fold
from scoring.resume.openings import read_opening
from scoring.resume.resume import Resume

from tests.unit.scoring.personas import RUBRIC, STRONG, WEAK, WEAK_JA, criterion, report, request
from tests.unit.scoring.test_report import txt


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
    assert "for 1 position." in criterion(report(text), "ats.dates").reason
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
def test_terms_are_those_a_recruiter_would_sign(group: str, shown: list[str], others: list[str]) -> None:
    index = RUBRIC.skill_index if group in RUBRIC.skills else RUBRIC.appeal_index

    def found(line: str) -> bool:
        return group in {hit.group for hit in index.find(line, fold(line))}

    assert [line for line in shown if not found(line)] == []
    assert [line for line in others if found(line)] == []


SUBHEADED = (
    "佐藤花子\n\n【職務経歴】\n■株式会社A（2018年4月～現在）\nシステムエンジニア\n【担当業務】\n"
    "・要件定義を主導し、工数を20％削減\n【実績】\n・売上を3億円に拡大\n"
    "■株式会社B（2015年4月～2018年3月）\n【担当業務】\n・設計を推進\n【実績】\n・障害を半減\n"
)


def test_results_under_a_japanese_position_are_no_section() -> None:
    sections = [
        Section(
            type=SectionType.EXPERIENCE if title == "職務経歴" else SectionType.OTHER,
            title=title,
            start=found.start(),
            end=len(SUBHEADED),
        )
        for title in ("職務経歴", "担当業務", "実績")
        for found in re.finditer(f"【{title}】", SUBHEADED)
    ]
    for signals in (None, txt(SUBHEADED).model_copy(update={"sections": tuple(sections)})):
        resume = Resume(request(SUBHEADED, signals=signals), rubric=RUBRIC)
        assert [section.kind for section in resume.sections] == ["head", "experience"]
        assert (len(resume.positions), len(resume.ranges), len(resume.bullets)) == (2, 2, 4)


CHINESE = "张伟\n\n工作经历\n软件工程师 2019年4月 - 2022年3月\n• 负责开发支付系统\n• 管理8人团队\n"
KOREAN = "김민수\n\n경력\n소프트웨어 엔지니어 2019 - 2022\n• 결제 시스템을 개발하여 비용을 30% 절감\n"
FRENCH = (
    "Expérience\nIngénieur, Acme, 2019 - 2022\n- Conception de la plateforme de paiement pour les clients\n"
    "- Réduction des coûts de 30% avec une équipe de 8 personnes\n- Animation du comité et des ateliers\n"
)
PRODUCTS = (
    "職務経歴\n株式会社A 2018年4月～現在\n・AWS, GCP, Azure, Kubernetes, Docker, Terraform で基盤を構築\n"
    "・Python, Go, TypeScript, React, Next.js, FastAPI, Django で開発\n"
    "・Datadog, Prometheus, Grafana, PagerDuty, Sentry で監視\n"
)


@pytest.mark.parametrize(
    ("text", "language", "foreign"),
    [
        (CHINESE, "en", True),
        (KOREAN, "en", True),
        (FRENCH, "en", True),
        (PRODUCTS, "ja", False),
        (STRONG, "en", False),
        (WEAK, "en", False),
        (WEAK_JA, "ja", False),
    ],
)
def test_language(text: str, language: str, foreign: bool) -> None:
    resume = read(text)
    assert (resume.language, resume.is_foreign) == (language, foreign)
    result = report(text)
    assert (criterion(result, "content.results").points is None) is foreign
    assert any("neither English" in notice for notice in result.detailed_scores.notices) is foreign


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
def test_tense(lines: list[str], mixed: int) -> None:
    text = "Ann Lee\n\nEXPERIENCE\n" + "\n- ".join(lines) + "\n"
    reason = criterion(report(text), "content.tense_spelling").reason
    assert ("keeps to one tense" if not mixed else f"{mixed} bullet in another tense") in reason


@pytest.mark.parametrize(
    "text",
    ["Lead engineer for pumps", "Project manager of 3 sites", "Research on mice", "Program director, mills"],
)
def test_titles_are_no_verbs(text: str) -> None:
    assert read_opening(text, fold(text), RUBRIC).strength == "none"
    assert read_opening("Lead teams", "lead teams", RUBRIC).strength == "strong"


def test_prose_without_headings_is_read() -> None:
    text = (
        "Ravi Kumar\nravi@example.com\n\nBackend engineer at Flipkart since June 2021. I led the migration "
        "of the cart to Kafka. It cut p99 from 900 ms to 210 ms and saved 60 hours a month.\n\n"
        "B.Tech in Computer Science, NIT Trichy, 2018.\n"
    )
    resume = read(text)
    assert resume.has_experience
    assert resume.has_education
    assert [bullet.text.split()[0] for bullet in resume.bullets] == ["Backend", "I", "It"]
    assert report(text).content_score > 0


@pytest.mark.parametrize("text", ["I'm a cook", "Boston, MA", "900 ms in all", "MS Excel", "Driving licence"])
def test_what_is_no_degree(text: str) -> None:
    assert not read(text).has_education
    assert read(f"{text}\nMS in Physics").has_education


NURSE = (
    "Lea Moss\n\nEXPERIENCE\nNurse | St Mary | Jan 2021 - Present\n- Treated 30 patients a day\n"
    "Cook | Old Inn | Jan 2018 - Dec 2020\n- Cooked for 80 guests\n\nEDUCATION\nDiploma\n\nPROJECTS\nChoir\n"
    "SUMMARY\nNurse of eight years.\n\nPROJECTS\nGarden\n"
)


def test_general_does_not_judge_by_skills_it_does_not_know() -> None:
    result = report(NURSE, industry="general")
    assert criterion(result, "industry.skills").points is None
    assert criterion(result, "industry.summary").points is None
    assert "Too few terms" in criterion(result, "industry.skills").reason
    domain = criterion(result, "industry.domain")
    assert domain.reason == "1 of 2 positions shows the same line of work in the title."
    assert domain.reason not in result.detailed_scores.appeal_analysis.feedback.strengths


def test_headings_are_counted_and_quoted_as_they_stand() -> None:
    headings = criterion(report(NURSE), "ats.headings")
    assert "recognises: Experience, Education, and Summary; 5 headings" in headings.reason
    projects = [evidence.start for evidence in headings.evidence if evidence.quote == "PROJECTS"]
    assert projects == [NURSE.index("PROJECTS")]


@pytest.mark.parametrize(("words", "is_thin"), [(250, False), (100, True)])
def test_only_a_thin_text_is_called_thin(words: int, is_thin: bool) -> None:
    # Each line its own: what is repeated adds no length.
    towns = (chr(97 + number % 26) * 3 + chr(97 + number // 26) for number in range(words // 5))
    text = "EXPERIENCE\nClerk | Acme | Jan 2020 - Present\n" + "".join(
        f"- Led {number} teams in {town.title()}\n" for number, town in enumerate(towns, start=2)
    )
    result = report(text)
    assert ("little for a reader" in criterion(result, "formatting.length").reason) is is_thin
    strengths = result.detailed_scores.structure_analysis.feedback.strengths
    assert not any("little for a reader" in each for each in strengths)


def test_nothing_is_said_twice() -> None:
    result = report("Lea Moss\n\nEXPERIENCE\nNurse | St Mary | Jan 2021 - Present\n\nEDUCATION\nDiploma\n")
    structure = result.detailed_scores.structure_analysis.feedback
    steps = [step.partition(" (worth")[0] for step in result.detailed_scores.next_steps]
    for said in (structure.improvement_areas, structure.issues, structure.recommendations, steps):
        assert len(set(said)) == len(said) > 0
    assert steps[0].startswith("Under each position write")


def test_faultless_but_few_bullets_want_more_bullets() -> None:
    result = report("EXPERIENCE\nNurse | St Mary | Jan 2021 - Present\n- Trained 12 nurses in a year\n")
    for name in ("tense_spelling", "filler", "quantified", "action_verbs", "specificity"):
        assert str(criterion(result, f"content.{name}").fix).startswith("Under each position write")


@pytest.mark.parametrize(
    ("line", "issue"),
    [
        ("Negotiated with vendors of the town", "what was done, but not"),
        ("Responsible for the vendors of the town", "names a duty"),
        ("Vendors of the town and the county", "does not say what came"),
        ("ベンダーとの価格の交渉を主導", "行ったことは"),
    ],
)
def test_a_missing_result_is_named_for_what_is_there(line: str, issue: str) -> None:
    text = f"EXPERIENCE\nClerk | Acme | Jan 2020 - Present\n- {line}\n"
    text = text.replace("EXPERIENCE\nClerk | Acme", "職歴\n株式会社アオゾラ") if "を" in line else text
    answers = content.assess(create_context(request(text), rubric=RUBRIC))
    (remark,) = next(each.remarks for each in answers if each.id == "content.results")
    assert issue in remark.issue


@pytest.mark.parametrize(
    "text",
    [
        "Beat the plan", "Brought in two partners", "Took over the night shift", "Held talks",
        "Rewrote the API", "Served guests", "Treated patients", "Repaired lifts", "Troubleshot pumps",
        "We built a mill", "Personally trained staff", "新規顧客を開拓", "資格を取得", "売上を伸ばした",
    ],
)  # fmt: skip
def test_more_verbs_are_strong(text: str) -> None:
    assert read_opening(text, fold(text), RUBRIC).strength == "strong"


@pytest.mark.parametrize("text", ["売上を伸ばした", "納期を前倒し", "残業をゼロにした", "不良が減少"])
def test_more_japanese_results(text: str) -> None:
    assert read_opening(text, fold(text), RUBRIC).is_result


@pytest.mark.parametrize("sign", ["🚀 ", "→ ", "⇒ ", "★ ", "▶️ ", "‐ ", "» ", "› "])
def test_other_signs_mark_bullets(sign: str) -> None:
    lines = [f"{sign}Led the rewrite of the ledger", f"{sign}Cut the cost of it", f"{sign}Built a mill"]
    resume = read("EXPERIENCE\nClerk | Acme | Jan 2020 - Present\n" + "\n".join(lines))
    assert [bullet.text.split()[0] for bullet in resume.bullets] == ["Led", "Cut", "Built"]


def test_the_japanese_form() -> None:
    text = "佐藤 花子\n\n学歴・職歴\n2012\t4\t株式会社アオゾラ 入社\n2018\t3\t株式会社アオゾラ 退社\n"
    resume = read(text)
    assert resume.has_education
    missing = report(text).detailed_scores.structure_analysis.feedback.missing_sections
    assert not {"学歴", "職務経歴"} & set(missing)
    assert resume.headings.keys() >= {"education", "experience"}
    assert [(each.first, each.last) for each in dates.find_date_ranges(fold(text), today=2026 * 12)] == [
        (2012 * 12 + 3, 2018 * 12 + 2)
    ]
    assert round(resume.experience_years) == 6


@pytest.mark.parametrize(
    ("head", "title"), [("【職務要約】\n", "職務要約"), ("Summary: ", "Summary"), ("SUMMARY\n", "SUMMARY")]
)
def test_a_summary_begins_behind_its_heading(head: str, title: str) -> None:
    text = f"Ann\n\n{head}Engineer of ten years.\n\nEXPERIENCE\nClerk | Acme | Jan 2020 - Present\n"
    parts = [
        Section(type=kind, title=name, start=text.index(at), end=len(text))
        for kind, name, at in (
            (SectionType.SUMMARY, title, head.strip()),
            (SectionType.EXPERIENCE, "EXPERIENCE", "EXPERIENCE"),
        )
    ]
    signals = txt(text).model_copy(update={"sections": tuple(parts)})
    span = Resume(request(text, signals=signals), rubric=RUBRIC).summary
    assert span is not None
    assert text[span.start : span.end] == "Engineer of ten years."
