"""Small parts: dates, terms, bullets, openings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scoring import Messages
from scoring.language import dates
from scoring.language.terms import TermIndex
from scoring.language.text import count_words, fold, is_japanese
from scoring.resume.openings import read_opening
from scoring.resume.resume import Resume

from tests.unit.scoring.personas import MEDIUM, RUBRIC, STRONG, STRONG_JA, request

_TODAY = 2026 * 12 + 10


@given(st.text())
def test_folding_moves_no_character(text: str) -> None:
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
def test_ranges(text: str, first: tuple[int, int], last: tuple[int, int]) -> None:
    (found,) = dates.find_date_ranges(fold(text), today=_TODAY)
    assert divmod(found.first, 12) == (first[0], first[1] - 1)
    assert divmod(found.last, 12) == (last[0], last[1] - 1)


@pytest.mark.parametrize(
    "text", ["Mar 2021 - Jan 2020", "2030 - 2031", "in 2019", "May do 2019", "$2019 - 2020"]
)
def test_no_ranges(text: str) -> None:
    assert dates.find_date_ranges(fold(text), today=_TODAY) == []


def test_parallel_work_counts_once() -> None:
    found = dates.find_date_ranges(
        "jan 2020 - dec 2021\njul 2021 - dec 2022\njan 2024 - jun 2024", today=_TODAY
    )
    assert dates.months_covered(found) == 36 + 6


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
def test_openings(text: str, strength: str) -> None:
    assert read_opening(text, fold(text), RUBRIC).strength == strength


def test_bullets_are_joined_where_a_line_was_only_wrapped() -> None:
    text = (
        "EXPERIENCE\nEngineer | Acme | Jan 2020 - Present\n"
        "• Built the reporting pipeline that finance uses to close\n"
        "  the month, and cut its run time\n• Led two migrations\n◦ Technologies: Python, AWS\n"
    )
    resume = Resume(request(text), rubric=RUBRIC)
    assert [bullet.text.split()[0] for bullet in resume.bullets] == ["Built", "Led"]
    assert resume.bullets[0].text.endswith("run time")
    assert len(resume.work.listings) == 1


def test_sentences_stand_in_where_there_are_no_bullets() -> None:
    text = (
        "Work Experience\nClerk, Acme, 2019 - 2021\nI was responsible for mail. I sorted 200 letters a day.\n"
    )
    resume = Resume(request(text), rubric=RUBRIC)
    assert [bullet.text for bullet in resume.bullets] == [
        "I was responsible for mail.",
        "I sorted 200 letters a day.",
    ]


def test_japanese_positions_headed_by_a_sign_are_no_bullets() -> None:
    text = (
        "【職務経歴】\n■株式会社A　2019年4月～現在\n・要件定義を主導し、工数を20％削減\n"
        "■株式会社B　2015年4月～2019年3月\n・設計を推進\n"
    )
    resume = Resume(request(text), rubric=RUBRIC)
    assert len(resume.bullets) == 2
    assert len(resume.positions) == 2
    assert round(resume.experience_years) == 12


def test_years_and_language() -> None:
    assert round(Resume(request(STRONG), rubric=RUBRIC).experience_years) == 10
    assert not is_japanese(MEDIUM)
    assert is_japanese(STRONG_JA)


def test_messages_count_and_join() -> None:
    say = Messages("en", resume_language="en")
    assert "has 1 word (" in say("content.summary.reason", n=1, low=2, high=3)
    about_japanese = Messages("en", resume_language="ja")
    assert "has 1 character (" in about_japanese("content.summary.reason", n=1, low=2, high=3)
    assert "has 9 characters (" in about_japanese("content.summary.reason", n=9, low=2, high=3)
    assert "1 page fit" not in say("ats.file.fix", n=4)
    assert say("ats.images_glyphs.reason", percent=3, glyphs=0.0).startswith("Images cover 3 %")
    assert say.join(["a", "b"]) == "a and b"
    assert say.join(["a", "b", "c"]) == "a, b, and c"
    assert say.join(["data and AI", "cloud"]) == "data and AI, and cloud"
    assert Messages("ja", resume_language="ja").join(["甲", "乙"]) == "甲、乙"


def test_a_position_under_a_full_line_is_not_taken_for_its_end() -> None:
    long = "- Analysed the market for the board and wrote the plan for the year after the merger"
    text = (
        f"EXPERIENCE\nAcme | Jan 2020 - Dec 2021\n{long}\n{long.replace('board', 'staff')}\n"
        f"{long.replace('board', 'buyer')}\nNorthwind Ltd\n- Led two audits\n"
    )
    resume = Resume(request(text), rubric=RUBRIC)
    assert len(resume.positions) == 2
    assert len(resume.bullets) == 4


def test_work_without_a_heading_is_found_by_its_dates() -> None:
    text = (
        "Ann Lee\nann@example.com\n\nSUMMARY\nEngineer for data platforms.\n\n"
        "Engineer | Acme | Jan 2020 - Present\n- Built 3 platforms\n- Cut cost by 20%\n\nEDUCATION\nBSc\n"
    )
    resume = Resume(request(text), rubric=RUBRIC)
    assert len(resume.bullets) == 2
    assert resume.has_experience
    assert resume.summary is not None
    assert text[resume.summary.start : resume.summary.end] == "Engineer for data platforms."


def test_no_right_word_is_taken_for_a_misspelling() -> None:
    index = RUBRIC.misspelling_index
    for words in RUBRIC.words.values():
        for wrong, right in words.misspellings.items():
            assert list(index.find(wrong, fold(wrong))), wrong
            assert not list(index.find(right, fold(right))), right


def test_a_bullet_that_is_repeated_counts_once() -> None:
    text = "EXPERIENCE\nAcme | Jan 2020 - Dec 2021\n- Cut costs by 20%\n- Led two audits\n"
    once, thrice = (
        Resume(request(each), rubric=RUBRIC) for each in (text, text + "- Cut costs by 20%\n" * 2)
    )
    assert [bullet.text for bullet in thrice.bullets] == [bullet.text for bullet in once.bullets]
    assert thrice.body_length == once.body_length


@pytest.mark.parametrize("ending", ["", " 42", " 7 42 99 365", " 99% 100%"])
def test_numbers_behind_a_weak_ending_leave_it_weak(ending: str) -> None:
    text = f"資料など{ending}"
    assert read_opening(text, fold(text), RUBRIC).strength == "weak"


def test_bare_numbers_do_not_fill_a_resume_up() -> None:
    text = "EXPERIENCE\nAcme | Jan 2020 - Dec 2021\n- Led two audits{}\n"
    plain, filled = (Resume(request(text.format(each)), rubric=RUBRIC) for each in ("", " 7 42 99 365"))
    assert filled.body_length == plain.body_length


def test_a_word_with_letters_that_only_look_latin_is_at_most_one() -> None:
    assert count_words("portfolio ERP連携 C++ don't") == 4
    assert count_words("рortfоlio") == 0
    assert count_words("portfоliо") == 1
