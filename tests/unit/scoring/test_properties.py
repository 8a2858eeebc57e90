"""Properties that hold for any resume, whatever the rubric's numbers."""

import re

import pytest
from contracts.report import Report
from contracts.vocabulary import (
    INDUSTRIES,
    FailureCode,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from scoring.resume.resume import NotAssessable

from tests.unit.scoring.personas import (
    MEDIUM,
    STRONG,
    STRONG_JA,
    WEAK,
    WEAK_JA,
    criterion,
    fit,
    report,
)

PERSONAS = [STRONG, MEDIUM, WEAK, STRONG_JA, WEAK_JA]
ENGLISH = [STRONG, MEDIUM, WEAK]
_BULLET = re.compile(r"^[-・] ?.+$", re.MULTILINE)
_RANGE = re.compile(
    r"(?:[A-Z][a-z]{2} )?\d{4} - (?:(?:[A-Z][a-z]{2} )?\d{4}|Present)"
    r"|\d{4}年(?:\d+月)?～(?:現在|\d{4}年\d+月)?"
)


def _without(text: str, match: re.Match[str]) -> str:
    return text[: match.start()] + text[match.end() :]


def _quotes_hold(text: str, result: Report) -> None:
    for each in result.detailed_scores.criteria:
        for evidence in each.evidence:
            assert text[evidence.start : evidence.end] == evidence.quote
    for view in (result.detailed_scores.structure_analysis, result.detailed_scores.appeal_analysis):
        for remark in view.feedback.specific_feedback:
            assert remark.target_text is None or remark.target_text in text
    for achievement in result.detailed_scores.appeal_analysis.feedback.relevant_achievements:
        assert achievement in text


@pytest.mark.parametrize("text", PERSONAS)
def test_same_request_gives_the_same_bytes(text: str) -> None:
    assert report(text).model_dump_json() == report.__wrapped__(text).model_dump_json()


@pytest.mark.parametrize("text", ENGLISH)
def test_quantifying_a_bullet_never_lowers_content(text: str) -> None:
    before = report(text).content_score
    for match in _BULLET.finditer(text):
        better = text[: match.end()] + " by 23%" + text[match.end() :]
        assert report(better).content_score >= before, match.group()


@pytest.mark.parametrize("text", [STRONG_JA, WEAK_JA])
def test_quantifying_a_japanese_bullet_never_lowers_content(text: str) -> None:
    before = report(text).content_score
    for match in _BULLET.finditer(text):
        better = text[: match.start() + 1] + "３０％、" + text[match.start() + 1 :]
        assert report(better).content_score >= before, match.group()


@pytest.mark.parametrize("weak", ["Responsible for", "Helped with"])
@pytest.mark.parametrize("text", [STRONG, MEDIUM])
def test_weakening_a_verb_never_raises_content_or_fit(text: str, weak: str) -> None:
    before = report(text)
    for match in re.finditer(r"(?<=^- )\w+(?= )", text, re.MULTILINE):
        worse = report(text[: match.start()] + weak + text[match.end() :])
        assert worse.content_score <= before.content_score, match.group()
        assert fit(worse) <= fit(before), match.group()


@pytest.mark.parametrize("verb", ["を実現", "を獲得", "削減", "を立案し", "改善"])
def test_weakening_a_japanese_verb_never_raises_content(verb: str) -> None:
    before = report(STRONG_JA).content_score
    for match in re.finditer(verb, STRONG_JA):
        assert (
            report(STRONG_JA[: match.start()] + "を担当" + STRONG_JA[match.end() :]).content_score <= before
        )


@pytest.mark.parametrize("text", PERSONAS)
def test_deleting_dates_never_raises_ats_or_content(text: str) -> None:
    before = report(text)
    for match in _RANGE.finditer(text):
        after = report(_without(text, match))
        assert after.ats_score <= before.ats_score, match.group()
        assert after.content_score <= before.content_score, match.group()
    bare = report(_RANGE.sub("", text))
    assert bare.ats_score < before.ats_score
    assert bare.content_score <= before.content_score


def test_deleting_an_odd_date_never_raises_ats() -> None:
    odd = STRONG.replace("Jan 2017 - Mar 2020", "2017 - 2020")
    assert report(odd).ats_score < report(STRONG).ats_score
    assert report(odd.replace("2017 - 2020", "")).ats_score <= report(odd).ats_score


@pytest.mark.parametrize(("strong", "weak"), [(STRONG, MEDIUM), (MEDIUM, WEAK), (STRONG_JA, WEAK_JA)])
@pytest.mark.parametrize("industry", ["strategy_tech", "consulting", "general"])
def test_better_resume_scores_15_points_higher(strong: str, weak: str, industry: str) -> None:
    better, worse = report(strong, industry=industry), report(weak, industry=industry)
    assert better.overall_score - worse.overall_score >= 15


@pytest.mark.parametrize("industry", INDUSTRIES)
@pytest.mark.parametrize("text", PERSONAS)
def test_contributions_add_up_in_every_industry(text: str, industry: str) -> None:
    result = report(text, industry=industry)
    parts = result.detailed_scores.contributions
    total = parts.ats + parts.content + parts.formatting + parts.industry_fit
    assert result.overall_score == int(total + 0.5 + 1e-9)
    assert parts.ats == pytest.approx(0.25 * result.ats_score)
    assert parts.content == pytest.approx(0.45 * result.content_score)
    assert parts.formatting == pytest.approx(0.10 * result.formatting_score)


def test_identity_does_not_change_the_score() -> None:
    before = report(STRONG)
    for name in (
        "Jan Li",
        "Maximilian von Hohenberg-Lichtenstein Junior",
        "Grant Will",
        "山田 太郎",
        "Ruby Lead",
    ):
        after = report(STRONG.replace("Maya Okafor", f"{name} (she/her)\n12 Some Street, 1234 Town"))
        assert [each.points for each in after.detailed_scores.criteria] == [
            each.points for each in before.detailed_scores.criteria
        ]
        assert after.overall_score == before.overall_score
        assert after.executive_summary == before.executive_summary
    text = STRONG.replace("Led a team", "Led his team")
    assert report(text.replace("his", "her")).overall_score == report(text).overall_score


def test_keyword_stuffing_does_not_raise_the_score() -> None:
    words = "strategy cloud AWS Kubernetes machine learning product roadmap transformation agile stakeholder "
    listed = report(MEDIUM + "\n" + words)
    for stuffed in (MEDIUM + "\n" + words * 40, MEDIUM.replace("SKILLS\n", "SKILLS\n" + words * 40)):
        result = report(stuffed)
        assert fit(result) <= fit(listed)
        assert result.overall_score <= listed.overall_score
    # A bullet that only lists skills demonstrates none of them.
    in_a_bullet = MEDIUM.replace("- Managed a team", f"- {', '.join(words.split())}\n- Managed a team")
    assert fit(report(in_a_bullet)) <= fit(listed)


@pytest.mark.parametrize("text", ["", "   \n\t", "12345 67890", "--- *** ___", "• • •", "?!"])
def test_text_without_words_is_not_assessable(text: str) -> None:
    with pytest.raises(NotAssessable) as caught:
        report(text)
    assert caught.value.code is FailureCode.NO_TEXT


def test_resume_without_background_is_capped_at_40() -> None:
    text = (
        "Jane Roe\njane@example.com\n\nSUMMARY\n" + "Strategy and cloud expert with 9 years of results. " * 8
    )
    result = report(text + "\n\nSKILLS\nPython, SQL, AWS\n")
    assert result.overall_score <= 40
    assert result.detailed_scores.cap_reason is not None
    assert result.detailed_scores.cap_reason in result.executive_summary
    assert report(STRONG).detailed_scores.cap_reason is None


_LINES = st.one_of(
    st.sampled_from([line for text in PERSONAS for line in text.splitlines()]),
    st.text(max_size=80),
    st.text(alphabet="-・■•*12０３０％年月～株 İßﬁ\t\r\f\u2028|:", max_size=40),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(_LINES, max_size=25).map("\n".join), st.sampled_from([*INDUSTRIES, None, "unheard_of"]))
def test_any_text_is_scored_with_verbatim_quotes_or_rejected(text: str, industry: str | None) -> None:
    try:
        result = report(text, industry=industry)
    except NotAssessable:
        return
    assert 0 <= result.overall_score <= 100
    _quotes_hold(text, result)


@pytest.mark.parametrize("text", PERSONAS)
def test_quotes_are_verbatim(text: str) -> None:
    _quotes_hold(text, report(text))


def test_potential_gains_match_missing_points() -> None:
    result = report(MEDIUM)
    for each in result.detailed_scores.criteria:
        if each.points == each.max:
            assert (each.potential_gain, each.fix) == (0, None)
        elif each.points is not None:
            assert each.potential_gain > 0
            assert each.fix
    quantified = criterion(result, "content.quantified")
    assert quantified.points is not None
    assert quantified.potential_gain == pytest.approx(0.45 * (30 - quantified.points), abs=0.06)
