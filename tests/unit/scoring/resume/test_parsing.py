"""Parse dates, sections, education and the language of a resume."""

import re

import pytest
from contracts.document import Section
from contracts.vocabulary import SectionType
from hypothesis import given
from hypothesis import strategies as st
from scoring.language import dates
from scoring.language.detection import is_japanese
from scoring.language.text import count_words, fold
from scoring.resume.resume import Resume

from tests.unit.scoring.personas import (
    MEDIUM,
    RUBRIC,
    STRONG,
    STRONG_JA,
    WEAK,
    WEAK_JA,
    criterion,
    report,
    request,
    txt,
)

PRODUCTS = (
    "職務経歴\n株式会社A 2018年4月～現在\n・AWS, GCP, Azure, Kubernetes, Docker, Terraform で基盤を構築\n"
    "・Python, Go, TypeScript, React, Next.js, FastAPI, Django で開発\n"
    "・Datadog, Prometheus, Grafana, PagerDuty, Sentry で監視\n"
)
KOREAN = "김민수\n\n경력\n소프트웨어 엔지니어 2019 - 2022\n• 결제 시스템을 개발하여 비용을 30% 절감\n"
CHINESE = "张伟\n\n工作经历\n软件工程师 2019年4月 - 2022年3月\n• 负责开发支付系统\n• 管理8人团队\n"
SUBHEADED = (
    "佐藤花子\n\n【職務経歴】\n■株式会社A（2018年4月～現在）\nシステムエンジニア\n【担当業務】\n"
    "・要件定義を主導し、工数を20％削減\n【実績】\n・売上を3億円に拡大\n"
    "■株式会社B（2015年4月～2018年3月）\n【担当業務】\n・設計を推進\n【実績】\n・障害を半減\n"
)


def read(text: str) -> Resume:
    return Resume.of(request(text), rubric=RUBRIC)


_TODAY = 2026 * 12 + 10
FRENCH = (
    "Expérience\nIngénieur, Acme, 2019 - 2022\n- Conception de la plateforme de paiement pour les clients\n"
    "- Réduction des coûts de 30% avec une équipe de 8 personnes\n- Animation du comité et des ateliers\n"
)


@given(st.text())
def test_folding_keeps_offsets(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Mar 2021 - Present", (2021, 3), (2026, 11)),
        ("January 2019 – Feb. 2020", (2019, 1), (2020, 2)),
        ("07/2019 - 02/2021", (2019, 7), (2021, 2)),
        ("2019-07 to 2021-02", (2019, 7), (2021, 2)),
        ("2018年4月～現在", (2018, 4), (2026, 11)),
        ("２０１８年４月〜２０２０年３月", (2018, 4), (2020, 3)),
        ("平成30年4月～令和2年3月", (2018, 4), (2020, 3)),
        ("2019/04～2021/03", (2019, 4), (2021, 3)),
        ("2022 - 2022", (2022, 1), (2022, 6)),
        ("2020年4月～", (2020, 4), (2026, 11)),
        ("since May 2020", (2020, 5), (2026, 11)),
        ("2012年4月　株式会社A 入社\n2018年3月　株式会社A 退社", (2012, 4), (2018, 3)),
        ("2018年4月　株式会社B 入社\n現在に至る", (2018, 4), (2026, 11)),
    ],
)
def test_date_range_is_found(text: str, first: tuple[int, int], last: tuple[int, int]) -> None:
    (found,) = dates.find_date_ranges(fold(text), today=_TODAY)
    assert divmod(found.first, 12) == (first[0], first[1] - 1)
    assert divmod(found.last, 12) == (last[0], last[1] - 1)


@pytest.mark.parametrize(
    "text", ["Mar 2021 - Jan 2020", "2030 - 2031", "in 2019", "May do 2019", "$2019 - 2020"]
)
def test_implausible_date_range_is_ignored(text: str) -> None:
    assert dates.find_date_ranges(fold(text), today=_TODAY) == []


def test_parallel_positions_count_once() -> None:
    found = dates.find_date_ranges(
        "jan 2020 - dec 2021\njul 2021 - dec 2022\njan 2024 - jun 2024", today=_TODAY
    )
    assert dates.months_covered(found) == 36 + 6


def test_years_and_language_of_personas() -> None:
    assert round(Resume.of(request(STRONG), rubric=RUBRIC).experience_years) == 10
    assert not is_japanese(MEDIUM)
    assert is_japanese(STRONG_JA)


def test_look_alike_letters_do_not_add_words() -> None:
    assert count_words("portfolio ERP連携 C++ don't") == 4
    assert count_words("рortfоlio") == 0
    assert count_words("portfоliо") == 1


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
def test_age_of_a_company_is_not_experience(line: str, years: int) -> None:
    text = f"EXPERIENCE\n{line}\n- Brewed 40 beers a year\n- Led 5 people\n"
    assert round(read(text).experience_years) == years
    assert "for 1 position." in criterion(report(text), "ats.dates").reason
    assert criterion(report(text), "formatting.length").points is not None


def test_subheadings_of_a_japanese_position_are_not_sections() -> None:
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
        resume = Resume.of(request(SUBHEADED, signals=signals), rubric=RUBRIC)
        assert [section.kind for section in resume.sections] == ["head", "experience"]
        assert (len(resume.positions), len(resume.ranges), len(resume.bullets)) == (2, 2, 4)


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
def test_language_of_resume_is_detected(text: str, language: str, foreign: bool) -> None:
    resume = read(text)
    assert (resume.language, resume.is_foreign) == (language, foreign)
    result = report(text)
    assert (criterion(result, "content.results").points is None) is foreign
    assert any("neither English" in notice for notice in result.detailed_scores.notices) is foreign


@pytest.mark.parametrize("text", ["I'm a cook", "Boston, MA", "900 ms in all", "MS Excel", "Driving licence"])
def test_only_a_degree_is_education(text: str) -> None:
    assert not read(text).has_education
    assert read(f"{text}\nMS in Physics").has_education


def test_japanese_form_is_parsed() -> None:
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
def test_summary_starts_after_its_heading(head: str, title: str) -> None:
    text = f"Ann\n\n{head}Engineer of ten years.\n\nEXPERIENCE\nClerk | Acme | Jan 2020 - Present\n"
    parts = [
        Section(type=kind, title=name, start=text.index(at), end=len(text))
        for kind, name, at in (
            (SectionType.SUMMARY, title, head.strip()),
            (SectionType.EXPERIENCE, "EXPERIENCE", "EXPERIENCE"),
        )
    ]
    signals = txt(text).model_copy(update={"sections": tuple(parts)})
    span = Resume.of(request(text, signals=signals), rubric=RUBRIC).summary
    assert span is not None
    assert text[span.start : span.end] == "Engineer of ten years."


WORK = """Nadia Fenwick
nadia@example.com

Experience
Analyst, Harrow & Pike, Mar 2021 - Present
- Led a team of 9 analysts and cut order lead time by 31%
- Saved 1.2 million a year in freight costs with 6 suppliers

Education
BSc Economics, 2011
"""


@pytest.mark.parametrize(
    ("heading", "lines"),
    [
        ("Selected Honors", "- Mill Lane Fellowship, 2005 - 2008\n- Northmoor Prize"),
        (
            "Invited Talks",
            "- Presented the keynote at Retail Data Day, York, 2012\n- Supply Chain Week, Hull",
        ),
        ("Publications", "Wrote Forecasting at Scale, Journal of Logistics, Mar 2010 - May 2010."),
        ("Patents", "- Filed US 123, a method that cut stock errors by 12%, Jan 2009 - Jun 2012"),
        ("Languages", "- English, French\n- German (lived in Bonn, 2004 - 2006)"),
        ("References", "- Led by Tom Hart, Director, Jan 2003 - Mar 2009"),
        ("Volunteer Experience", "Treasurer, Food Bank, Jan 2001 - Dec 2009\n- Raised 12,000 in two years"),
        ("受賞・表彰", "- 社長賞を受賞 2005年4月～2008年3月"),
        ("Curling", "- Played third for the county, Jan 2001 - Dec 2009\n- Captain, 2005"),
    ],
)
@pytest.mark.parametrize("has_signals", [True, False])
def test_other_sections_are_no_work(heading: str, lines: str, has_signals: bool) -> None:
    text = f"{WORK}\n{heading}\n{lines}\n"
    at = text.index(heading)
    sections = (
        Section(type=SectionType.EXPERIENCE, title="Experience", start=text.index("Exp"), end=at),
        Section(type=SectionType.EDUCATION, title="Education", start=text.index("Edu"), end=at),
        Section(type=SectionType.OTHER, title=heading, start=at, end=len(text)),
    )
    signals = txt(text).model_copy(update={"sections": sections}) if has_signals else None
    resume, plain = Resume.of(request(text, signals=signals), rubric=RUBRIC), read(WORK)
    assert [bullet.text for bullet in resume.bullets] == [bullet.text for bullet in plain.bullets]
    assert (resume.experience_years, len(resume.positions)) == (plain.experience_years, 1)


def test_unknown_section_with_described_work_is_work() -> None:
    lines = "Founder, Fenwick Tools, Jan 2016 - Dec 2018\n- Built and sold a stock tool to 14 shops\n"
    lines += "- Won 3 grants for the company in a single year\n"
    text = f"{WORK}\nOwn Venture\n{lines}"
    at = text.index("Own Venture")
    sections = (
        Section(type=SectionType.EXPERIENCE, title="Experience", start=text.index("Exp"), end=at),
        Section(type=SectionType.OTHER, title="Own Venture", start=at, end=len(text)),
    )
    resume = Resume.of(
        request(text, signals=txt(text).model_copy(update={"sections": sections})), rubric=RUBRIC
    )
    assert len(resume.bullets) == 4
    assert round(resume.experience_years - read(WORK).experience_years) == 3


def test_volunteering_of_somebody_without_a_job_is_work() -> None:
    text = "Ana\n\nVolunteer Experience\nTreasurer, Food Bank, 2019 - 2021\n- Raised 12,000 for 300 people\n"
    assert len(read(text).bullets) == 1


@pytest.mark.parametrize(
    "bullet",
    [
        "Digitised patient records from 1985 to 2015",
        "Reconciled the ledgers of 1999 - 2012 within a year",
        "Analysed sales between Jan 2001 - Dec 2010 for the board",
        "Compared the prices (1999 - 2012) of three suppliers",
    ],
)
def test_years_in_a_bullet_are_no_work_beside_the_years_of_the_position(bullet: str) -> None:
    text = (
        f"EXPERIENCE\nClerk, Acme | Jan 2019 - Dec 2021\n- {bullet}\n- Trained 4 clerks in the new archive\n"
    )
    assert read(text).experience_years == pytest.approx(3.0)


@pytest.mark.parametrize(
    "bullet",
    [
        "Analyst, Birch, Jan 2016 - Dec 2018",
        "Junior Analyst (Jan 2016 - Dec 2018)",
        "Junior Analyst (Jan 2016 - Dec 2018), Leeds",
        "Jan 2016 - Dec 2018: analyst at Birch",
        "From Jan 2016 to Dec 2018 analyst at Birch",
        "2016年1月～2018年12月　B社にて設計を担当",
    ],
)
def test_a_dated_bullet_is_work_beside_the_years_of_the_position(bullet: str) -> None:
    text = (
        f"EXPERIENCE\nClerk, Acme | Jan 2019 - Dec 2021\n- {bullet}\n- Trained 4 clerks in the new archive\n"
    )
    assert read(text).experience_years == pytest.approx(6.0)


def test_years_in_bullets_count_where_no_other_line_has_them() -> None:
    text = "EXPERIENCE\nClerk, Acme\n- Kept the records of the ward from Jan 2019 to Dec 2021\n- Led 4\n"
    assert read(text).experience_years == pytest.approx(3.0)


def test_each_position_keeps_its_own_years() -> None:
    text = (
        "EXPERIENCE\nClerk, Acme | Jan 2019 - Dec 2021\n- Trained 4 clerks in the new archive\n"
        "Analyst, Birch | Jan 2017 - Dec 2018\n- Cut the close by 3 days\n"
    )
    assert read(text).experience_years == pytest.approx(5.0)
