"""The input of the demo, and the report that it prints."""

import re
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from uuid import UUID

import pytest
from contracts.report import (
    AppealAnalysis,
    AppealFeedback,
    AppealScores,
    Contributions,
    Criterion,
    DetailedScores,
    Evidence,
    StructureAnalysis,
    StructureFeedback,
    StructureMetadata,
    StructureScores,
)
from contracts.vocabulary import MarketTier
from local_stack.demo.report import Result, show
from local_stack.demo.review import read_input
from local_stack.errors import StackError
from rich.console import Console

RESULT = Result(
    overall_score=61,
    ats_score=80,
    content_score=52,
    formatting_score=70,
    industry="consulting",
    executive_summary="A summary in a sentence.",
    ai_model_used="rules/1",
    processing_time_ms=12,
    detailed_scores=DetailedScores(
        structure_analysis=StructureAnalysis(
            scores=StructureScores(format=1, organization=2, tone=3, completeness=4),
            feedback=StructureFeedback(strengths=("Clear headings.",)),
            metadata=StructureMetadata(total_sections=3, word_count=400, reading_time=2),
        ),
        appeal_analysis=AppealAnalysis(
            scores=AppealScores(
                achievement_relevance=1, skills_alignment=2, experience_fit=3, competitive_positioning=4
            ),
            feedback=AppealFeedback(strengths=("Clear headings.", "Known employers.")),
        ),
        market_tier=MarketTier.MID,
        ai_analysis_id=UUID(int=1),
        conversion_timestamp=datetime(2026, 1, 1, tzinfo=UTC),
        criteria=(
            Criterion(
                id="content.amounts",
                area="content",
                points=5,
                max=30,
                method="rule",
                evidence=(Evidence(quote="raised [sales]\nby 4%", start=0, end=20, page=2),),
                reason="One bullet gives an amount.",
                fix="Say how much.",
                potential_gain=3.5,
            ),
            Criterion(
                id="ats.columns", area="ats", points=None, max=10, method="rule", reason="Needs the file."
            ),
        ),
        contributions=Contributions(ats=20, content=23.4, formatting=7, industry_fit=10.6),
        cap_reason="A mailbox is missing.",
        next_steps=("Say how much.",),
        not_assessable=("Columns.",),
        rubric_version="1",
    ),
)


def test_report_has_every_section() -> None:
    stream = StringIO()
    show(RESULT, Console(file=stream, width=120), title="Somebody, resume.pdf")
    printed = stream.getvalue()
    for expected in (
        "Somebody, resume.pdf",
        "A summary in a sentence.",
        "Held down: A mailbox is missing.",
        "5.0 of 30.0",
        "One bullet gives an amount.",
        "“raised [sales] by 4%” (page 2)",
        "→ Say how much. (+3.5 overall)",
        "not assessed",
        "gives 23.4 points of the overall score",
        "1. Say how much.",
        "• Columns.",
    ):
        assert expected in printed
    assert printed.count("Clear headings.") == 1


def _printed_with_fit(points: float | None) -> str:
    fit = Criterion(
        id="industry.skills", area="industry_fit", points=points, max=45, method="rule", reason="A form."
    )
    detailed = RESULT.detailed_scores
    detailed = detailed.model_copy(update={"criteria": (*detailed.criteria, fit)})
    stream = StringIO()
    show(RESULT.model_copy(update={"detailed_scores": detailed}), Console(file=stream, width=120), title="x")
    return stream.getvalue()


def test_fit_that_is_not_assessed_shows_no_contribution() -> None:
    printed = _printed_with_fit(None)
    assert "gives 10.6 points" not in printed
    assert "not assessed; counts as the mean of the others" in printed


def test_fit_that_earns_nothing_shows_its_contribution() -> None:
    assert "gives 10.6 points of the overall score" in _printed_with_fit(0)


def test_missing_file_is_reported_before_the_start(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="there is no file"):
        read_input({"RESUME": str(tmp_path / "none.pdf")})


def test_file_and_industry_are_read_from_the_environment(tmp_path: Path) -> None:
    resume = tmp_path / "mine.txt"
    resume.write_text("text")
    wish = read_input({"RESUME": str(resume), "INDUSTRY": "consulting", "DEPTH": ""})
    assert (wish.resume, wish.industry, wish.depth) == (resume, "consulting", "standard")


def test_report_prints_no_control_sequences() -> None:
    evil = "[link=https://evil.example]x[/link]\x1b]0;owned\x07\x9b2J\u202e<5 ms"
    answer = RESULT.model_dump(mode="json")
    answer["executive_summary"] = evil
    (criterion, *_) = answer["detailed_scores"]["criteria"]
    criterion.update(reason=evil, fix=evil)
    criterion["evidence"][0]["quote"] = evil
    out = StringIO()
    console = Console(file=out, width=200, force_terminal=True, color_system="truecolor")
    show(Result.model_validate(answer), console, title=f"Mina {evil}")
    printed = out.getvalue()
    # What is left are rich's own colours and styles.
    assert not re.search(r"[\x00-\x08\x0b-\x1a\x7f-\x9f\u202a-\u202e]|\x1b(?!\[[0-9;]*m)", printed)
    assert printed.count("[link=https://evil.example]x[/link]]0;owned2J<5 ms") == 5


@pytest.mark.parametrize(
    ("environment", "hours"),
    [({}, 0), ({"OPENAI_API_KEY": "sk-none"}, 3), ({"GATEWAY": "http://127.0.0.1:8080"}, 3)],
)
def test_wait_is_as_long_as_the_analysis_may_take(
    tmp_path: Path, environment: dict[str, str], hours: int
) -> None:
    resume = tmp_path / "cv.txt"
    resume.write_text("A resume.")
    assert read_input({"RESUME": str(resume), **environment}).max_seconds // 3600 == hours
