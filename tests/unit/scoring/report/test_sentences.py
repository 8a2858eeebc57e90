"""Sentences of the report are well formed and fit the resume."""

import re

import pytest
from contracts.report import Report
from scoring.criteria import content
from scoring.criteria.context import create_context
from scoring.messages import Messages

from tests.unit.scoring.personas import (
    MEDIUM,
    RUBRIC,
    STRONG,
    STRONG_JA,
    WEAK,
    WEAK_JA,
    criterion,
    pdf,
    report,
    request,
    txt,
)


def reason(report: Report, name: str) -> str:
    each = criterion(report, name)
    return f"{each.reason} {each.fix}"


NURSE = (
    "Lea Moss\n\nEXPERIENCE\nNurse | St Mary | Jan 2021 - Present\n- Treated 30 patients a day\n"
    "Cook | Old Inn | Jan 2018 - Dec 2020\n- Cooked for 80 guests\n\nEDUCATION\nDiploma\n\nPROJECTS\nChoir\n"
    "SUMMARY\nNurse of eight years.\n\nPROJECTS\nGarden\n"
)


def test_messages_format_counts_and_lists() -> None:
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


def test_general_does_not_assess_unknown_skills() -> None:
    result = report(NURSE, industry="general")
    assert criterion(result, "industry.skills").points is None
    assert criterion(result, "industry.summary").points is None
    assert "Too few terms" in criterion(result, "industry.skills").reason
    domain = criterion(result, "industry.domain")
    assert domain.reason == "1 of 2 positions shows the same line of work in the title."
    assert domain.reason not in result.detailed_scores.appeal_analysis.feedback.strengths


def test_headings_are_counted_and_quoted() -> None:
    headings = criterion(report(NURSE), "ats.headings")
    assert "recognises: Experience, Education, and Summary; 5 headings" in headings.reason
    projects = [evidence.start for evidence in headings.evidence if evidence.quote == "PROJECTS"]
    assert projects == [NURSE.index("PROJECTS")]


@pytest.mark.parametrize(("words", "is_thin"), [(250, False), (100, True)])
def test_only_a_thin_text_is_called_thin(words: int, is_thin: bool) -> None:
    # Every line is different, because repeated lines add no length.
    towns = (chr(97 + number % 26) * 3 + chr(97 + number // 26) for number in range(words // 5))
    text = "EXPERIENCE\nClerk | Acme | Jan 2020 - Present\n" + "".join(
        f"- Led {number} teams in {town.title()}\n" for number, town in enumerate(towns, start=2)
    )
    result = report(text)
    assert ("little for a reader" in criterion(result, "formatting.length").reason) is is_thin
    strengths = result.detailed_scores.structure_analysis.feedback.strengths
    assert not any("little for a reader" in each for each in strengths)


def test_lists_hold_no_sentence_twice() -> None:
    result = report("Lea Moss\n\nEXPERIENCE\nNurse | St Mary | Jan 2021 - Present\n\nEDUCATION\nDiploma\n")
    structure = result.detailed_scores.structure_analysis.feedback
    steps = [step.partition(" (worth")[0] for step in result.detailed_scores.next_steps]
    for said in (structure.improvement_areas, structure.issues, structure.recommendations, steps):
        assert len(set(said)) == len(said) > 0
    assert steps[0].startswith("Under each position write")


def test_few_faultless_bullets_get_the_advice_to_write_more() -> None:
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
def test_remark_on_a_missing_result_fits_the_bullet(line: str, issue: str) -> None:
    text = f"EXPERIENCE\nClerk | Acme | Jan 2020 - Present\n- {line}\n"
    text = text.replace("EXPERIENCE\nClerk | Acme", "職歴\n株式会社アオゾラ") if "を" in line else text
    assessments = content.assess(create_context(request(text), rubric=RUBRIC))
    (remark,) = next(each.remarks for each in assessments if each.id == "content.results")
    assert issue in remark.issue


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
def test_reasons_do_not_count_zero_of_something(text: str) -> None:
    for each in report(text, signals=pdf(text)).detailed_scores.criteria:
        assert not re.search(r"(?<![\d.,])0(?: [a-z]|項目|か所|個|点|件)|0\.0 ?[%％]", each.reason), (
            each.reason
        )


@pytest.mark.parametrize("text", [STRONG, MEDIUM, WEAK])
def test_english_sentences_are_well_formed(text: str) -> None:
    for said in sentences(report(text, signals=pdf(text))):
        assert not re.search(r"  |\.\.|\. ?,|: ?\.|\{|\}", said), said


@pytest.mark.parametrize("text", [STRONG_JA, WEAK_JA])
def test_japanese_sentences_hold_no_english_words(text: str) -> None:
    for said in sentences(report(text, signals=pdf(text))):
        own = re.sub(r"「[^」]*」", "", said)
        assert not set(re.findall("[a-z]{3,}", own)), said
        assert "」、「" not in own


def test_advice_names_the_faults_found() -> None:
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


def test_japanese_quotes_are_joined_without_commas() -> None:
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
def test_results_are_reported_with_their_amounts(lines: list[str], ending: str) -> None:
    reason = criterion(of_bullets(*lines), "content.results").reason
    assert reason == ending.format("what came of the work")


def test_reason_states_lost_points() -> None:
    text = HEAD + "- Led a crew\n\nClerk | Bank\n- Cut costs by 20%\n"
    consistency = criterion(report(text), "formatting.consistency")
    assert consistency.reason.endswith("and 1 position without a date range.")
    assert consistency.fix == "Give every position its dates."
    flat = criterion(
        report(STRONG, signals=pdf(STRONG, fonts=pdf(STRONG).fonts[:1])), "formatting.heading_hierarchy"
    )
    assert "size does not distinguish them" in flat.reason
    assert flat.fix == "Set the headings one step larger than the text, all in one size."
    summary = criterion(report(MEDIUM), "content.summary")
    assert "gives no number" in summary.reason
    years = criterion(report(STRONG.replace("Apr 2020 - Present", "2020 - Present")), "ats.dates")
    assert (
        years.reason == "2 ranges of dates for 2 positions. They are written in 2 different styles. "
        "1 does not give months."
    )


def test_skills_and_appeal_points_are_named() -> None:
    result = report(STRONG)
    assert "business strategy" in criterion(result, "industry.skills").reason
    assert "leading people" in criterion(result, "industry.appeals").reason
    assert "backs" not in criterion(result, "industry.summary").reason
    assert "transformation and change" in criterion(result, "industry.summary").reason


def test_summary_quotes_only_a_measured_result() -> None:
    assert 'The most convincing line: "' in report(STRONG).executive_summary
    assert "最も説得力のある記述：「" in report(STRONG_JA).executive_summary
    assert "convinces most" not in of_bullets("Fixed 20+ bugs in Python").executive_summary


def test_short_plain_text_keeps_a_good_format_score() -> None:
    result = report(WEAK, signals=txt(WEAK))
    assert (criterion(result, "formatting.length").points or 0) < 4
    assert result.detailed_scores.structure_analysis.scores.format > 50
