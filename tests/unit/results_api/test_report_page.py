"""The report page: its content, its languages, its markup, and results that lack parts."""

import base64
import hashlib
import tomllib
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any

import pytest
from contracts.report import Contributions, Criterion, Evidence, Finding
from contracts.vocabulary import INDUSTRIES, AnalysisStatus, FindingCode, MarketTier, SectionType
from results_api.domain.analysis_view import AnalysisView, Result
from results_api.http.detailed_scores import complete_detailed_scores
from results_api.queries.compare_versions import compare_versions
from results_api.queries.read_report import MissingText
from results_api.report.page import render_page
from results_api.report.rendering import CONTENT_SECURITY_POLICY
from results_api.report.texts import Texts, language_of
from results_api.report.view_model import ReportPage, build_page
from scoring.rubric import load_rubric

from tests.support import events
from tests.support.views import VIEW

TEXT = "Mina Example\nLed a team of ten.\nSaved 30 % of the costs."
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u202e\x07"


def criterion(area: Any = "content", **changes: Any) -> Criterion:
    quote = Evidence(quote="Led a team of ten.", start=13, end=31, page=1)
    return Criterion(
        **{
            "id": "content.quantified",
            "area": area,
            "points": 12.5,
            "max": 30,
            "method": "rule",
            "evidence": (quote,),
            "reason": "1 of 2 bullets gives an amount.",
            "fix": "Add an amount.",
            "potential_gain": 7.9,
            **changes,
        }
    )


def result(*, overall: int = 61, **details: Any) -> Result:
    """Return a stored result with the given parts of `detailed_scores`."""
    report = events.report(overall_score=overall)
    stored = report.detailed_scores.model_copy(update=details)
    return Result(
        overall_score=report.overall_score,
        ats_score=report.ats_score,
        content_score=report.content_score,
        formatting_score=report.formatting_score,
        executive_summary=report.executive_summary,
        detailed_scores=stored.model_dump(mode="json"),
        ai_model_used=report.ai_model_used,
        processing_time_ms=12,
    )


def page_of(
    stored: Result,
    *,
    view: AnalysisView = VIEW,
    text: str | MissingText = TEXT,
    earlier: Result | None = None,
) -> ReportPage:
    view = replace(view, status=AnalysisStatus.COMPLETED, ended_at=events.NOW, resume_version=2)
    details = complete_detailed_scores(
        stored.detailed_scores, analysis_id=view.analysis_id, completed_at=events.NOW
    )
    changes = (
        compare_versions((replace(view, resume_version=1), earlier), (view, stored)) if earlier else None
    )
    return build_page(view, stored, details, changes=changes, text=text)


def html_of(stored: Result, **options: Any) -> str:
    return render_page(page_of(stored, **options))


class Markup(HTMLParser):
    """The elements of a page, its text, and the problems that assistive technology has with it."""

    _VOID = ("meta", "rect", "circle", "link", "img")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[int] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        assert self._open == [], "elements are not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in ("h1", "h2", "h3", "h4"):
            self.headings.append(int(tag[1]))
        if tag not in self._VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data if "style" not in self._open else ""


def test_contributions_add_up_to_the_overall_score() -> None:
    parts = Contributions(ats=17.5, content=24.75, formatting=8, industry_fit=11)
    page = page_of(result(contributions=parts))
    assert sum(each.points or 0 for each in page.scores) == page.total == 61.25
    assert page.total_note == "The overall score is the sum, rounded."
    capped = page_of(result(overall=40, contributions=parts, cap_reason="At most 40 without work."))
    assert capped.total_note == "The overall score is lower than the sum: At most 40 without work."
    unassessed = page_of(result(contributions=parts, criteria=(criterion("industry_fit", points=None),)))
    assert [each.score for each in unassessed.scores] == [70, 55, 80, None]
    assert "not assessed" in (unassessed.total_note or "")


def test_a_criterion_has_its_reason_evidence_fix_and_gain() -> None:
    html = html_of(result(criteria=(criterion(), criterion("ats", id="ats.file", points=None, evidence=()))))
    text = Markup(html).text
    for part in (
        "Amounts",
        "12.5 of 30 points",
        "1 of 2 bullets gives an amount.",
        "Led a team of ten.",
        "page 1",
        "To improve: Add an amount. (up to +7.9 points overall)",
        "not assessed",
    ):
        assert part in text
    # Areas are in a fixed order, so the evidence of the second criterion is marked in the text.
    assert "<mark>Led a team of ten.</mark><sup>2</sup>" in html


def test_changes_since_the_last_version_are_shown() -> None:
    before = result(overall=50, criteria=(criterion(points=5),), rubric_version="1")
    finding = Finding(code="hidden_text", detail="Hidden.", count=93)
    after = result(criteria=(criterion(),), rubric_version="1", findings=(finding,))
    text = Markup(html_of(after, earlier=before)).text
    assert "Changes since version 1" in text
    assert "+11" in text
    assert "+7.5" in text
    assert "New findings: Hidden text." in text
    assert "need not come from the resume" not in text
    other = replace(before, ai_model_used="other-model")
    assert "need not come from the resume" in Markup(html_of(after, earlier=other)).text


def test_text_that_cannot_be_had_is_left_out_with_a_sentence() -> None:
    for missing, sentence in (
        (MissingText.NOT_FOUND, "it was deleted, or you may not see it"),
        (MissingText.UNAVAILABLE, "it was not available when this page was created"),
        ("", "The text of the resume is empty."),
    ):
        assert sentence in Markup(html_of(result(), text=missing)).text


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param(None, id="nothing"),
        pytest.param([1, 2], id="a list"),
        pytest.param({"criteria": [{"id": 1}, "x"], "contributions": 5, "findings": {}}, id="other types"),
        pytest.param(
            {"structure_analysis": {"feedback": {"strengths": ["Clear."], "issues": [3]}}}, id="legacy"
        ),
    ],
)
def test_results_of_the_legacy_backend_are_shown_as_far_as_they_go(stored: Any) -> None:
    nothing = dict.fromkeys(Result.__slots__)
    html = html_of(Result(**{**nothing, "detailed_scores": stored}))
    assert "Mina Example" in html
    assert ("Clear." in html) == (isinstance(stored, dict) and "structure_analysis" in stored)
    scored = Result(**{**nothing, "detailed_scores": stored, "overall_score": 55, "ai_model_used": "gpt 4"})
    assert "gpt-4" in html_of(scored)


def test_markup_and_control_characters_of_people_are_shown_as_text() -> None:
    stored = result(
        criteria=(
            criterion(reason=HOSTILE, fix=HOSTILE, evidence=(Evidence(quote=HOSTILE, start=0, end=9),)),
        ),
        findings=(Finding(code="hidden_text", detail=HOSTILE, count=1, excerpt=HOSTILE),),
        next_steps=(HOSTILE,),
    )
    view = replace(VIEW, candidate_name=HOSTILE, file_name=HOSTILE, industry="<b>")
    html = html_of(replace(stored, executive_summary=HOSTILE), view=view, text=HOSTILE)
    elements = Markup(html).elements
    assert {tag for tag, _ in elements}.isdisjoint({"script", "img", "b", "link", "iframe"})
    assert not [name for _, attributes in elements for name in attributes if name.startswith("on")]
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 8
    assert "\u202e" not in html
    assert "\x07" not in html


def test_page_requests_nothing_and_its_policy_allows_its_style_alone() -> None:
    html = html_of(result(criteria=(criterion(),)))
    elements = Markup(html).elements
    assert not [attributes for _, attributes in elements if {"src", "href", "style"} & set(attributes)]
    assert "url(" not in html
    assert "@import" not in html
    style = html.split("<style>")[1].split("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert CONTENT_SECURITY_POLICY.startswith("default-src 'none';")


def test_page_is_accessible() -> None:
    finding = Finding(code="hidden_text", detail="Hidden.", count=93)
    stored = result(criteria=(criterion(), criterion("ats")), findings=(finding,), next_steps=("Do it.",))
    page = Markup(html_of(stored, earlier=result(criteria=(criterion(points=1),))))
    tags = [tag for tag, _ in page.elements]
    assert [tags.count(each) for each in ("html", "title", "h1", "header", "main", "footer")] == [1] * 6
    assert dict(page.elements)["html"]["lang"] == "en"
    assert page.headings[0] == 1
    assert all(after - before <= 1 for before, after in zip(page.headings, page.headings[1:], strict=False))
    ids = [each["id"] for _, each in page.elements if "id" in each]
    assert len(ids) == len(set(ids))
    assert {each["aria-labelledby"] for _, each in page.elements if "aria-labelledby" in each} <= set(ids)
    assert all("scope" in each for tag, each in page.elements if tag == "th")
    figures = [each for tag, each in page.elements if tag == "svg"]
    assert figures
    assert all("aria-label" in each or each.get("aria-hidden") == "true" for each in figures)


def test_texts_that_run_from_right_to_left_do_so() -> None:
    arabic = "قاد فريقًا من عشرة مهندسين"
    quote = Evidence(quote=arabic, start=0, end=len(arabic), page=1)
    html = html_of(result(criteria=(criterion(evidence=(quote,)),)), text=f"{arabic}\nEnglish")
    assert f'<li dir="rtl"><q>{arabic}</q> <bdi class="page">page 1</bdi></li>' in html
    assert f'<p dir="rtl"><mark>{arabic}</mark>' in html
    assert '<p dir="ltr">English</p>' in html


def test_language_is_that_of_the_report() -> None:
    advice = "これは書類への助言であり、採用の可能性を予測するものではありません。"
    html = html_of(result(notices=(advice,)))
    assert '<html lang="ja">' in html
    assert "項目別の評価" not in html  # there are no criteria
    assert "評価していない項目と留意点" in html
    assert "2026年1月2日" in html
    assert language_of(notices=(), summary="良い職務経歴書です。") == "ja"
    assert language_of(notices=(), summary='The most convincing line: "売上を拡大した。" It is good.') == "en"
    assert language_of(notices=(), summary="") == "en"


def texts_in(language: str) -> dict[str, Any]:
    source = files("results_api.report").joinpath("texts", f"{language}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_code_has_a_name(language: str) -> None:
    names = texts_in(language)
    criteria = {each.id for area in load_rubric().criteria.values() for each in area}
    assert set(names["criterion_names"]) == criteria
    assert set(names["industries"]) == {*INDUSTRIES, "unspecified"}
    assert set(names["tiers"]) == set(MarketTier)
    assert set(names["section_names"]) == set(SectionType)
    assert set(FindingCode) <= set(names["findings"])
    assert Texts("en").name_of("findings", "of_tomorrow") == "Of tomorrow"


def test_both_languages_have_the_same_texts() -> None:
    english, japanese = texts_in("en"), texts_in("ja")
    assert list(english) == list(japanese)
    for name, section in english.items():
        if isinstance(section, dict):
            assert list(section) == list(japanese[name]), name
