"""What a report says: true of this resume, and of use to its reader."""

import re

import pytest
from contracts.report import Report

from tests.unit.scoring.personas import (
    MEDIUM,
    STRONG,
    STRONG_JA,
    WEAK,
    WEAK_JA,
    criterion,
    report,
)
from tests.unit.scoring.test_report import pdf, txt

HEAD = "EXPERIENCE\nEngineer | Acme | Jan 2020 - Present\n"
HEAD_JA = "職務経歴\n株式会社アオゾラ　2020年1月～現在\n"


def of_bullets(*lines: str, industry: str = "strategy_tech") -> Report:
    japanese = any("ぁ" <= each <= "ん" for each in lines[0])
    head, sign = (HEAD_JA, "・") if japanese else (HEAD, "- ")
    return report(head + "".join(f"{sign}{line}\n" for line in lines), industry=industry)


def sentences(result: Report) -> list[str]:
    detailed = result.detailed_scores
    found = [each.reason for each in detailed.criteria] + [each.fix or "" for each in detailed.criteria]
    return [*found, result.executive_summary, *detailed.next_steps]


@pytest.mark.parametrize("text", [STRONG, MEDIUM, WEAK, STRONG_JA, WEAK_JA])
def test_nothing_is_counted_that_is_not_there(text: str) -> None:
    for each in report(text, signals=pdf(text)).detailed_scores.criteria:
        assert not re.search(r"(?<![\d.,])0(?: [a-z]|項目|か所|個|点|件)|0\.0 ?[%％]", each.reason), (
            each.reason
        )


@pytest.mark.parametrize("text", [STRONG, MEDIUM, WEAK])
def test_english_sentences_end_once_and_hold_no_gap(text: str) -> None:
    for said in sentences(report(text, signals=pdf(text))):
        assert not re.search(r"  |\.\.|\. ?,|: ?\.|\{|\}", said), said


@pytest.mark.parametrize("text", [STRONG_JA, WEAK_JA])
def test_japanese_sentences_hold_no_english_but_names(text: str) -> None:
    for said in sentences(report(text, signals=pdf(text))):
        own = re.sub(r"「[^」]*」", "", said)
        assert not set(re.findall("[a-z]{3,}", own)), said
        assert "」、「" not in own


def test_an_advice_is_about_what_was_found() -> None:
    result = of_bullets("Assisted in audits of banks", "Implemented a ledger", "Built a mill", "Led a crew")
    assert criterion(result, "content.action_verbs").fix == (
        'Instead of "Assisted in", say what the candidate did: "Led", "Built", "Negotiated".'
    )
    filler = criterion(result, "content.filler")
    assert filler.reason == 'Found: 1 weak opening ("assisted in").'
    assert filler.fix == 'Open with the action instead of "assisted in".'
    worn = criterion(of_bullets(*(f"Implemented the {each} ledger" for each in "abcd")), "content.filler")
    assert worn.fix == 'Vary the verbs: "implement" opens 4 bullets.'
    length = criterion(result, "content.bullet_length")
    assert length.reason.endswith("(8 to 30 words): 4 are shorter.")
    assert str(length.fix).startswith("Say more in the short bullets")


def test_japanese_quotes_stand_side_by_side() -> None:
    result = of_bullets("会議の準備を担当", "分析のサポート", "企画を主導", "売上を30％拡大")
    assert str(criterion(result, "content.action_verbs").fix).startswith("「担当」「サポート」ではなく、")


@pytest.mark.parametrize(
    ("lines", "ending"),
    [
        (["Cut costs by 20%", "Led a crew of cooks"], "1 of 2 bullets states {}, with an amount."),
        (["Cut costs for banks", "Led a crew"], "1 of 2 bullets states {}, but without an amount."),
        (["Cut costs by 20%", "Raised sales"], "Every bullet states {}, 1 of them with an amount."),
        (["Led a crew of cooks"], "No bullet states {}."),
    ],
)  # fmt: skip
def test_results_are_told_with_their_proof(lines: list[str], ending: str) -> None:
    reason = criterion(of_bullets(*lines), "content.results").reason
    assert reason == ending.format("what came of the work")


def test_what_costs_points_is_in_the_reason() -> None:
    text = HEAD + "- Led a crew\n\nClerk | Bank\n- Cut costs by 20%\n"
    consistency = criterion(report(text), "formatting.consistency")
    assert consistency.reason.endswith("and 1 position without a range of dates.")
    assert consistency.fix == "Give every position its dates."
    flat = criterion(
        report(STRONG, signals=pdf(STRONG, fonts=pdf(STRONG).fonts[:1])), "formatting.heading_hierarchy"
    )
    assert "size does not set them apart" in flat.reason
    assert flat.fix == "Set the headings one step larger than the text, all in one size."
    summary = criterion(report(MEDIUM), "content.summary")
    assert "gives no number" in summary.reason
    years = criterion(report(STRONG.replace("Apr 2020 - Present", "2020 - Present")), "ats.dates")
    assert (
        years.reason
        == "2 ranges of dates for 2 positions. They are written in 2 styles. 1 does not tell the months."
    )


def test_skills_and_points_are_named() -> None:
    result = report(STRONG)
    assert "business strategy" in criterion(result, "industry.skills").reason
    assert "leading people" in criterion(result, "industry.appeals").reason
    assert "backs" not in criterion(result, "industry.summary").reason
    assert "transformation and change" in criterion(result, "industry.summary").reason


def test_the_summary_quotes_a_line_with_a_measured_result_or_none() -> None:
    assert 'The line that convinces most: "' in report(STRONG).executive_summary
    assert "最も説得力のある記述：「" in report(STRONG_JA).executive_summary
    assert "convinces most" not in of_bullets("Fixed 20+ bugs in Python").executive_summary


def test_a_bullet_is_an_advantage_once_and_cut_between_words() -> None:
    advantages = report(STRONG).detailed_scores.appeal_analysis.feedback.competitive_advantages
    quotes = [each.partition(': "')[2] for each in advantages]
    assert len(set(quotes)) == len(quotes) > 0
    assert all(each[0].isupper() for each in advantages)
    line = "Built machine learning models that cut the cost of " + "claims " * 40 + "by 20%"
    (long,) = of_bullets(
        line, industry="data_ai"
    ).detailed_scores.appeal_analysis.feedback.competitive_advantages
    assert long.endswith('claims…"')


def test_the_bullet_with_a_measured_result_stands_for_a_skill() -> None:
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
def test_a_duty_names_nothing_definite_and_transfers_nothing(line: str) -> None:
    result = of_bullets(line, industry="ma_financial")
    assert criterion(result, "content.specificity").points == 0
    assert result.detailed_scores.appeal_analysis.feedback.transferable_experience == ()


def test_a_point_that_a_duty_touches_earns_less() -> None:
    touched = criterion(
        of_bullets("Responsible for the board of a bank", industry="finance"), "industry.appeals"
    )
    shown = criterion(of_bullets("Advised the board of a bank", industry="finance"), "industry.appeals")
    assert 0 < (touched.points or 0) < (shown.points or 0)


def test_memberships_and_links_are_no_work() -> None:
    text = (
        HEAD
        + "- Led a crew\n\nLINKS\ngithub.com/x\n\nACTIVITIES\n- Member, Chess Club\n- Coached 12 pupils\n"
    )
    result = report(text)
    assert criterion(result, "content.quantified").reason.startswith("1 of 2 bullets")
    assert criterion(result, "ats.dates").reason == "1 range of dates for 1 position."


def test_the_same_field_in_two_titles_is_a_line_of_work() -> None:
    text = (
        "EXPERIENCE\nFinance Manager | Acme | Jan 2020 - Present\n- Led audits\n"
        "Financial Analyst | Mill | Jan 2016 - Dec 2019\n- Cut costs\n"
    )
    assert criterion(report(text, industry="general"), "industry.domain").reason.startswith("2 of 2")
    other = text.replace("Finance Manager", "Nurse")
    assert criterion(report(other, industry="general"), "industry.domain").reason.startswith("1 of 2")


def test_work_in_the_field_without_dates_wants_dates() -> None:
    text = "EXPERIENCE\nData Scientist | Acme\n- Cut costs by 20%\n"
    assert criterion(report(text, industry="data_ai"), "industry.domain").fix == (
        "Give the positions close to data and AI their start and end."
    )


def test_a_plain_text_is_not_called_badly_formatted_for_being_short() -> None:
    result = report(WEAK, signals=txt(WEAK))
    assert (criterion(result, "formatting.length").points or 0) < 4
    assert result.detailed_scores.structure_analysis.scores.format > 50
