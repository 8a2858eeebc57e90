"""Find positions and their bullets."""

import pytest
from scoring.resume.resume import Resume

from tests.unit.scoring.personas import (
    RUBRIC,
    criterion,
    report,
    request,
)


def read(text: str) -> Resume:
    return Resume.of(request(text), rubric=RUBRIC)


HEAD = "EXPERIENCE\nEngineer | Acme | Jan 2020 - Present\n"


def test_wrapped_lines_are_joined() -> None:
    text = (
        "EXPERIENCE\nEngineer | Acme | Jan 2020 - Present\n"
        "• Built the reporting pipeline that finance uses to close\n"
        "  the month, and cut its run time\n• Led two migrations\n◦ Technologies: Python, AWS\n"
    )
    resume = Resume.of(request(text), rubric=RUBRIC)
    assert [bullet.text.split()[0] for bullet in resume.bullets] == ["Built", "Led"]
    assert resume.bullets[0].text.endswith("run time")
    assert len(resume.work.listings) == 1


@pytest.mark.parametrize(
    "signs",
    [
        ("+ ",) * 3,
        ("> ",) * 3,
        ("~ ",) * 3,
        ("◾ ",) * 3,
        ("-",) * 3,
        ("–",) * 3,
        ("① ", "② ", "③ "),
        ("❶", "❷", "❸"),
        ("a) ", "b) ", "c) "),
        ("(a) ", "(b) ", "(c) "),
        ("i. ", "ii. ", "iii. "),
        ("•\n",) * 3,
        ("-\n",) * 3,
    ],
)
def test_unusual_sign_on_several_lines_introduces_bullets(signs: tuple[str, ...]) -> None:
    tasks = ("Built the tool", "Cut costs", "Led a team")
    resume = read(HEAD + "\n".join(sign + task for sign, task in zip(signs, tasks, strict=True)))
    assert [bullet.text for bullet in resume.bullets] == list(tasks)


def test_bullet_may_start_with_a_figure_behind_a_sign_of_arithmetic() -> None:
    resume = read(f"{HEAD}+ Built the tool\n+ 20 people trained\n+ Cut costs")
    assert [bullet.text for bullet in resume.bullets] == ["Built the tool", "20 people trained", "Cut costs"]


@pytest.mark.parametrize(
    ("rest", "unsigned"),
    [
        ("-5 % costs in a year\n-7 % errors in a year", "5 % costs in a year"),
        ("a) the plan of the whole year", "the plan of the whole year"),
        ("> the plan of the whole year", "the plan of the whole year"),
        ("-The plan of the whole year", "The plan of the whole year"),
        ("> 99 % of the time\n> 98 % of the time", "99 % of the time"),
        ("+ 20 people in the team\n+ 30 people in the team", "20 people in the team"),
        ("| Python and SQL for the data\n| SQL and Go for the data", "Python and SQL for the data"),
        ("i. e. the plan of the whole year", "e. the plan of the whole year"),
    ],
)
def test_sign_within_a_text_introduces_no_bullet(rest: str, unsigned: str) -> None:
    bullets = [bullet.text for bullet in read(f"{HEAD}- Led a team\n- Made plans\n\n{rest}\n").bullets]
    assert bullets[0] == "Led a team"
    assert unsigned not in bullets


def test_position_behind_a_circled_number_is_no_bullet() -> None:
    text = "【職務経歴】\n①販売管理の開発\n・要件定義を主導した\n②在庫管理の開発\n・設計を推進した\n"
    assert [bullet.text for bullet in read(text).bullets] == ["要件定義を主導した", "設計を推進した"]


def test_sentences_are_bullets_without_signs() -> None:
    text = (
        "Work Experience\nClerk, Acme, 2019 - 2021\nI was responsible for mail. I sorted 200 letters a day.\n"
    )
    resume = Resume.of(request(text), rubric=RUBRIC)
    assert [bullet.text for bullet in resume.bullets] == [
        "I was responsible for mail.",
        "I sorted 200 letters a day.",
    ]


def test_japanese_position_with_a_sign_is_not_a_bullet() -> None:
    text = (
        "【職務経歴】\n■株式会社A　2019年4月～現在\n・要件定義を主導し、工数を20％削減\n"
        "■株式会社B　2015年4月～2019年3月\n・設計を推進\n"
    )
    resume = Resume.of(request(text), rubric=RUBRIC)
    assert len(resume.bullets) == 2
    assert len(resume.positions) == 2
    assert round(resume.experience_years) == 12


def test_position_after_a_full_line_is_not_joined_to_it() -> None:
    long = "- Analysed the market for the board and wrote the plan for the year after the merger"
    text = (
        f"EXPERIENCE\nAcme | Jan 2020 - Dec 2021\n{long}\n{long.replace('board', 'staff')}\n"
        f"{long.replace('board', 'buyer')}\nNorthwind Ltd\n- Led two audits\n"
    )
    resume = Resume.of(request(text), rubric=RUBRIC)
    assert len(resume.positions) == 2
    assert len(resume.bullets) == 4


def test_work_without_a_heading_is_found_by_dates() -> None:
    text = (
        "Ann Lee\nann@example.com\n\nSUMMARY\nEngineer for data platforms.\n\n"
        "Engineer | Acme | Jan 2020 - Present\n- Built 3 platforms\n- Cut cost by 20%\n\nEDUCATION\nBSc\n"
    )
    resume = Resume.of(request(text), rubric=RUBRIC)
    assert len(resume.bullets) == 2
    assert resume.has_experience
    assert resume.summary is not None
    assert text[resume.summary.start : resume.summary.end] == "Engineer for data platforms."


def test_repeated_bullet_counts_once() -> None:
    text = "EXPERIENCE\nAcme | Jan 2020 - Dec 2021\n- Cut costs by 20%\n- Led two audits\n"
    once, thrice = (
        Resume.of(request(each), rubric=RUBRIC) for each in (text, text + "- Cut costs by 20%\n" * 2)
    )
    assert [bullet.text for bullet in thrice.bullets] == [bullet.text for bullet in once.bullets]
    assert thrice.body_length == once.body_length


def test_bare_numbers_do_not_add_length() -> None:
    text = "EXPERIENCE\nAcme | Jan 2020 - Dec 2021\n- Led two audits{}\n"
    plain, filled = (Resume.of(request(text.format(each)), rubric=RUBRIC) for each in ("", " 7 42 99 365"))
    assert filled.body_length == plain.body_length


def test_prose_without_headings_is_parsed() -> None:
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


@pytest.mark.parametrize("sign", ["🚀 ", "→ ", "⇒ ", "★ ", "▶️ ", "‐ ", "» ", "› "])
def test_sign_marks_bullets(sign: str) -> None:
    lines = [f"{sign}Led the rewrite of the ledger", f"{sign}Cut the cost of it", f"{sign}Built a mill"]
    resume = read("EXPERIENCE\nClerk | Acme | Jan 2020 - Present\n" + "\n".join(lines))
    assert [bullet.text.split()[0] for bullet in resume.bullets] == ["Led", "Cut", "Built"]


def test_memberships_and_links_are_not_work() -> None:
    text = (
        HEAD
        + "- Led a crew\n\nLINKS\ngithub.com/x\n\nACTIVITIES\n- Member, Chess Club\n- Coached 12 pupils\n"
    )
    result = report(text)
    assert criterion(result, "content.quantified").reason.startswith("1 of 2 bullets")
    assert criterion(result, "ats.dates").reason == "1 range of dates for 1 position."


def test_mixed_signs_are_all_bullets() -> None:
    text = (
        "EXPERIENCE\n\nAnalyst, Acme Ltd | Mar 2021 - Present\n"
        "◆ Led a team of 9 analysts and cut lead time by 31%.\n◆ Negotiated contracts with 6 suppliers.\n"
        "◦ Automated the month-end close in Python.\n\nClerk, Mill Ltd | Jun 2017 - Feb 2021\n"
        "◆ Built a demand forecast in SQL.\n◆ Redesigned the returns workflow.\n"
    )
    resume = read(text)
    assert len(resume.bullets) == 5
    assert len(resume.positions) == 2


@pytest.mark.parametrize(("outer", "inner"), [("•", "-"), ("•", "◦"), ("●", "○"), ("■", "-"), ("▪", "–")])
def test_company_lines_as_outer_bullets_are_positions(outer: str, inner: str) -> None:
    text = (
        f"EXPERIENCE\n{outer} Senior Analyst, Acme Logistics, Mar 2021 - Present\n{inner} Led a team of 9\n"
        f"{inner} Cut lead time by 31%\n{outer} Analyst, Bellweather Retail, Jun 2017 - Feb 2021\n"
        f"{inner} Built a forecast in SQL\n"
    )
    resume = read(text)
    assert [bullet.text.split()[0] for bullet in resume.bullets] == ["Led", "Cut", "Built"]
    assert len(resume.positions) == 2


def test_bullet_with_details_below_stays_a_bullet() -> None:
    text = (
        HEAD + "• Led the migration of billing to Kafka\n  - wrote the design\n  - trained the team\n"
        "• Cut costs by 4%\n"
    )
    assert len(read(text).bullets) == 4


@pytest.mark.parametrize(
    "line",
    [
        "Leadership: Led a crew of 12",
        "Process Improvement: Reduced scrap by 4%",
        "Cloud & DevOps - Migrated 40 services",
    ],
)
def test_label_before_the_verb_is_skipped(line: str) -> None:
    (bullet,) = read(HEAD + f"- {line}\n").bullets
    assert bullet.opening.strength == "strong"


def test_label_before_a_duty_is_no_verb() -> None:
    (bullet,) = read(HEAD + "- Responsible for: managing staff\n").bullets
    assert bullet.opening.strength == "weak"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "- Introduced a dashboard for all regional sites that cut stock errors from 4.1% to",
            "1.3% within a year.",
        ),
        ("- Introduced a dashboard for all regional sites and lowered the share of errors by", "12 points"),
        ("- Rewrote the scheduler of the warehouse (with two colleagues from London and", "Paris) in Go"),
        (
            "- Introduced a dashboard for the regional sites of the largest customer, which",
            "Acme now uses daily",
        ),
        (
            "- Built the reporting pipeline that the finance team of the whole group uses in",
            "London, Paris and Rome",
        ),
        (
            "- Built the reporting pipeline that the finance team of the whole group has used",
            "2,000 times a day since.",
        ),
        (
            "- Built the reporting pipeline that the finance team uses since its launch in",
            "March 2021 for the close",
        ),
    ],
)
def test_wrapped_row_is_not_a_position(first: str, second: str) -> None:
    wide = "- Analysed the market for the board and wrote the plan for the year after the merger of the mills"
    wide_ones = f"{wide}\n{wide.replace('board', 'staff')}\n{wide.replace('board', 'buyer')}\n"
    resume = read(f"{HEAD}{wide_ones}{first}\n{second}\n- Led two audits\n")
    assert len(resume.positions) == 1
    assert len(resume.bullets) == 5
    assert any(bullet.text.endswith(second) for bullet in resume.bullets)


@pytest.mark.parametrize(
    "header",
    ["Northwind Ltd, 2019 - 2020", "Harbour Software Inc.", "3M, Jan 2015 - Feb 2016", "Clerk, Mill"],
)
def test_position_below_a_bullet_is_not_joined_to_it(header: str) -> None:
    resume = read(HEAD + f"- Led two audits of the regional offices with staff\n{header}\n- Cut costs\n")
    assert len(resume.positions) == 2


JA_BULLET = "コールセンターの応対フローを全面的に見直し、お客様の平均待ち時間を六十秒から六秒に短縮"
JA_WIDE = "".join(f"• {JA_BULLET.replace('六十', each)}\n" for each in ("七十", "八十", "九十"))
JA_HEAD = f"職歴\n課長, 株式会社青葉\n2025年6月 - 現在\n{JA_WIDE}"


@pytest.mark.parametrize(
    "header", ["主任, みらい総研株式会社", "株式会社ひかり物流", "合同会社ことのは 営業部"]
)
def test_japanese_employer_below_a_full_line_is_not_joined_to_it(header: str) -> None:
    resume = read(f"{JA_HEAD}• {JA_BULLET}\n{header}\n2020年8月 - 2025年1月\n• 研修を担当\n")
    assert [bullet.text for bullet in resume.bullets][3:] == [JA_BULLET, "研修を担当"]


def test_japanese_line_with_an_employer_goes_on_where_the_sentence_does() -> None:
    first = f"{JA_BULLET[:-4]}、導入先は"
    resume = read(f"{JA_HEAD}• {first}\nみらい総研株式会社\n• 研修を担当\n")
    assert resume.bullets[3].text.endswith("みらい総研株式会社")
