"""The report: rubric, scores, signals of the file, views and notices."""

import re
from dataclasses import replace

import pytest
from contracts.document import FontUse, Margins, Section
from contracts.report import Report
from contracts.vocabulary import Depth, MarketTier, ReportLanguage, SectionType
from pydantic import ValidationError
from scoring.criteria.context import create_context
from scoring.report.builder import assess_by_rules, build_report, score
from scoring.report.scores import compute_scores, round_half_up
from scoring.rubric import Rubric

from tests.unit.scoring.personas import (
    MEDIUM,
    NOW,
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


_GEOMETRY = {
    "ats.parse_survival",
    "ats.columns",
    "ats.images_glyphs",
    "formatting.fonts",
    "formatting.margins",
    "formatting.images",
    "formatting.minimum_size",
}


def test_weights_of_each_area_add_up_to_100() -> None:
    for weighted in RUBRIC.criteria.values():
        assert sum(each.max for each in weighted) == 100
    assert sum(RUBRIC.overall.values()) == pytest.approx(1)
    answered = [each.id for each in report(WEAK).detailed_scores.criteria]
    assert answered == [each.id for area in RUBRIC.criteria.values() for each in area]


def test_inconsistent_rubric_is_rejected() -> None:
    data = RUBRIC.model_dump(mode="json")
    for place, value in ((("overall", "ats"), 0.5), (("views", "tone"), ["no.such"])):
        broken = {**data, place[0]: {**data[place[0]], place[1]: value}}
        with pytest.raises(ValidationError):
            Rubric.model_validate(broken)
    with pytest.raises(ValidationError, match="industries without data"):
        Rubric.model_validate({**data, "industries": {}})


@pytest.mark.parametrize(("language", "kind"), [("en", "strong_verbs"), ("en", "fillers"), ("ja", "degrees")])
def test_word_listed_twice_is_rejected(language: str, kind: str) -> None:
    data = RUBRIC.model_dump(mode="json")
    words = data["words"][language][kind]
    words.append(words[0])
    with pytest.raises(ValidationError, match="listed twice"):
        Rubric.model_validate(data)


def test_pdf_is_assessed_completely_with_pages() -> None:
    result = report(STRONG, signals=pdf(STRONG))
    assert result.detailed_scores.not_assessable == ()
    assert result.ats_score == 100
    pages = {evidence.page for each in result.detailed_scores.criteria for evidence in each.evidence}
    assert pages == {1, 2}


def test_plain_text_is_scored_without_layout_criteria() -> None:
    result = report(STRONG, signals=txt(STRONG))
    missing = {each.id for each in result.detailed_scores.criteria if each.points is None}
    assert missing == _GEOMETRY
    assert len(result.detailed_scores.not_assessable) == len(missing)
    left = [
        each for each in result.detailed_scores.criteria if each.area == "ats" and each.points is not None
    ]
    share = sum(each.points or 0 for each in left) / sum(each.max for each in left)
    assert result.ats_score == round(100 * share)
    # Without signals the size of the file is unknown too.
    assert criterion(report(STRONG), "ats.file").points is None


def test_area_without_assessments_takes_the_mean_of_the_others() -> None:
    criteria = [
        each.model_copy(update={"points": None}) if each.area == "formatting" else each
        for each in report(MEDIUM).detailed_scores.criteria
    ]
    scores = compute_scores(RUBRIC, criteria, cap=None)
    others = sum(RUBRIC.overall[area] * scores.areas[area] for area in RUBRIC.overall if area != "formatting")
    assert scores.areas["formatting"] == round_half_up(others / 0.9)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"parse_survival": 0.6}, "ats.parse_survival"),
        ({"columns": 2, "parse_survival": 0.8}, "ats.columns"),
        ({"image_area": 0.5}, "ats.images_glyphs"),
        ({"unmapped_glyphs": 0.04}, "ats.images_glyphs"),
        ({"file_bytes": 20_000_000}, "ats.file"),
        ({"page_count": 7}, "formatting.length"),
        (
            {"fonts": [FontUse(name=f"Font{n}", size=6 + n, characters=99) for n in range(7)]},
            "formatting.fonts",
        ),
        ({"margins": Margins(left=5, right=5, top=5, bottom=5)}, "formatting.margins"),
        ({"images": 4, "image_area": 0.2}, "formatting.images"),
        ({"fonts": [FontUse(name="A", size=7, characters=99)]}, "formatting.minimum_size"),
        ({"marginal_text": "maya.okafor@example.com +44 20 7946 0958"}, "ats.contact"),
    ],
)
def test_fault_of_the_file_costs_points(changes: dict[str, object], name: str) -> None:
    good = criterion(report(STRONG, signals=pdf(STRONG)), name)
    bad = criterion(report(STRONG, signals=pdf(STRONG, **changes)), name)
    assert bad.points is not None
    assert good.points is not None
    assert bad.points < good.points
    assert bad.fix
    assert bad.potential_gain > 0


@pytest.mark.parametrize(
    ("language", "sentences"),
    [("en", ("only as a link", "plain text")), ("ja", ("リンク先にしかなく", "文字でも"))],
)
def test_contacts_that_are_only_links_are_not_missing(language: str, sentences: tuple[str, str]) -> None:
    text = STRONG.replace("maya.okafor@example.com", "E-mail").replace("+44 20 7946 0958", "Phone")
    links = ("mailto:maya.okafor@example.com", "tel:+442079460958", "https://www.linkedin.com/in/maya")
    asked = request(text, signals=pdf(text, contact_links=links))
    asked = asked.model_copy(update={"report_language": ReportLanguage(language)})
    linked = criterion(score(asked, rubric=RUBRIC, now=NOW), "ats.contact")
    missing = criterion(report(text, signals=pdf(text)), "ats.contact")
    whole = criterion(report(STRONG, signals=pdf(STRONG, contact_links=links)), "ats.contact")
    assert (missing.points, linked.points, whole.points) == (0, 7.5, 15)
    assert sentences[0] in linked.reason
    assert sentences[1] in (linked.fix or "")
    assert "only as a link" not in whole.reason + missing.reason


def test_one_contact_may_be_a_link_and_the_other_missing() -> None:
    text = STRONG.replace("maya.okafor@example.com", "E-mail").replace("+44 20 7946 0958", "Phone")
    links = ("mailto:maya.okafor@example.com", "tel:1")
    seen = criterion(report(text, signals=pdf(text, contact_links=links)), "ats.contact")
    assert "does not contain a phone number" in seen.reason
    assert "an e-mail address only as a link" in seen.reason
    assert seen.points == 4.5


def test_sections_of_the_reader_are_used() -> None:
    text = (
        "Jo Roe\njo@example.com\n\nWhere I worked\nClerk | Acme | Jan 2020 - Dec 2021\n- Sorted 300 letters\n"
    )
    at = text.index("Where")
    section = Section(type=SectionType.EXPERIENCE, title="Where I worked", start=at, end=len(text))
    without = report(text, signals=pdf(text))
    found = report(text, signals=pdf(text, sections=(section,)))
    assert "Experience" in without.detailed_scores.structure_analysis.feedback.missing_sections
    assert "Experience" not in found.detailed_scores.structure_analysis.feedback.missing_sections
    assert found.ats_score > without.ats_score
    # Offsets outside the text are ignored.
    wild = Section(type=SectionType.EXPERIENCE, title="Where I worked", start=5_000, end=9_000)
    assert report(text, signals=pdf(text, sections=(wild,))).ats_score == without.ats_score


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        (STRONG, MarketTier.SENIOR),
        ("EXPERIENCE\nIntern | Acme | Jun 2026 - Aug 2026\n- Built 3 reports\n", MarketTier.ENTRY),
        ("EXPERIENCE\nEngineer | Acme | Jan 2023 - Present\n- Reported to the director\n", MarketTier.MID),
        (
            "EXPERIENCE\nManaging Director | Acme | Jan 2005 - Present\n- Led 40 people\n",
            MarketTier.EXECUTIVE,
        ),
        ("EXPERIENCE\nVice President | Bank | Jan 2020 - Present\n- Led 4 people\n", MarketTier.SENIOR),
        ("EXPERIENCE\nVP of Sales | Acme | Jan 2005 - Present\n- Led 40 people\n", MarketTier.EXECUTIVE),
        ("EXPERIENCE\nClerk | Mill Partners | Jan 2005 - Present\n- Led 4 people\n", MarketTier.SENIOR),
        ("EXPERIENCE\nHR Business Partner | Mill | Jan 2005 - Present\n- Led HR\n", MarketTier.SENIOR),
        ("EXPERIENCE\nPartner | Mill LLP | Jan 2005 - Present\n- Led 4 people\n", MarketTier.EXECUTIVE),
        ("職務経歴\n株式会社A 執行役員 2005年4月～現在\n・事業を統括\n", MarketTier.EXECUTIVE),
    ],
)
def test_market_tier(text: str, tier: MarketTier) -> None:
    assert report(text).detailed_scores.market_tier is tier


@pytest.mark.parametrize("text", [STRONG, MEDIUM, WEAK])
def test_summary_quotes_reasons_of_criteria(text: str) -> None:
    result = report(text)
    summary = result.executive_summary
    assert 3 <= len(re.findall(r"[.:](?= [A-Z]|$)", summary)) <= 8
    assert str(result.overall_score) in summary
    reasons = [each.reason for each in result.detailed_scores.criteria]
    assert any(reason in summary for reason in reasons)


@pytest.mark.parametrize("text", [STRONG, MEDIUM, WEAK, STRONG_JA, WEAK_JA])
@pytest.mark.parametrize("industry", ["general", "software_engineering"])
def test_older_frontend_gets_issues_and_recommendations(text: str, industry: str) -> None:
    detailed = report(text, industry=industry).detailed_scores
    older = detailed.structure_analysis.feedback
    assert older.priority_improvements == detailed.next_steps
    assert detailed.next_steps
    assert older.issues
    assert older.recommendations
    assert set(older.recommendations) <= {each.fix for each in detailed.criteria}
    said = [each.reason for each in detailed.criteria]
    said += [each.issue for each in detailed.appeal_analysis.feedback.specific_feedback]
    assert set(older.issues) <= set(said)


def test_strength_is_not_an_issue() -> None:
    for text in (MEDIUM, WEAK, WEAK_JA):
        older = report(text).detailed_scores.structure_analysis.feedback
        assert older.improvement_areas
        assert not set(older.issues) & set(older.strengths)


def test_perfect_resume_has_empty_lists() -> None:
    context = create_context(request(STRONG), rubric=RUBRIC)
    perfect = [replace(each, share=1, fix=None, remarks=()) for each in assess_by_rules(context)]
    detailed = build_report(request(STRONG), context, perfect, now=NOW).detailed_scores
    older = detailed.structure_analysis.feedback
    assert (older.issues, older.recommendations, older.priority_improvements) == ((), (), ())
    assert detailed.next_steps == ()


def test_remarks_belong_to_the_analysis_of_their_category() -> None:
    found = set()
    for text in (STRONG, MEDIUM, WEAK, STRONG_JA, WEAK_JA):
        detailed = report(text, industry="software_engineering").detailed_scores
        for view, categories in (
            (detailed.structure_analysis, {"grammar", "structure"}),
            (detailed.appeal_analysis, {"scr_framework", "quantitative_impact", "appeal_point"}),
        ):
            here = {each.category for each in view.feedback.specific_feedback}
            assert here <= categories
            found |= here
    assert found == {"grammar", "structure", "scr_framework", "quantitative_impact", "appeal_point"}


def test_next_steps_are_sorted_by_gain() -> None:
    steps = report(WEAK).detailed_scores.next_steps
    gains = [float(gain) for step in steps for gain in re.findall(r"worth up to ([\d.]+) points", step)]
    assert len(steps) == 5
    assert gains == sorted(gains, reverse=True)


def test_notices_state_the_method_and_its_reason() -> None:
    quick = score(request(STRONG, depth=Depth.QUICK), rubric=RUBRIC, now=NOW)
    deep = score(request(STRONG, depth=Depth.DEEP, signals=pdf(STRONG)), rubric=RUBRIC, now=NOW)
    assert quick.ai_model_used == deep.ai_model_used == f"rules/{RUBRIC.version}"
    assert any("quick" in notice for notice in quick.detailed_scores.notices)
    assert any("no language model was configured" in notice for notice in deep.detailed_scores.notices)
    assert any("Only the text" in notice for notice in quick.detailed_scores.notices)
    assert not any("Only the text" in notice for notice in deep.detailed_scores.notices)
    assert any("no data for this industry" in n for n in report(STRONG, industry="x").detailed_scores.notices)


def test_only_the_timestamp_depends_on_the_clock() -> None:
    later = score(request(STRONG), rubric=RUBRIC, now=NOW.replace(year=2031))
    stamped = later.detailed_scores.model_copy(update={"conversion_timestamp": NOW})
    assert later.model_copy(update={"detailed_scores": stamped}) == report(STRONG)
