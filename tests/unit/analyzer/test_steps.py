"""Steps of an analysis, and the state that is serialized between two of them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import pytest
from analyzer.llm.responses import FailureReason, ModelResponses
from analyzer.llm.usage import ModelUsage
from analyzer.pipeline import steps
from contracts.report import Report
from contracts.vocabulary import Depth, ReportLanguage
from scoring.messages import load_catalogue

from tests.support import events, files

NOW: Final = datetime(2026, 11, 28, tzinfo=UTC)
REQUEST: Final = events.requested(text=files.strong_resume_txt().decode()).model_dump_json()
USAGE: Final = ModelUsage(requests=3, input_tokens=2, output_tokens=1, cost_usd=None)


def test_state_is_small_and_is_restored_with_the_rubric_of_the_process() -> None:
    prepared = steps.prepare_analysis(REQUEST)
    context, assessments, redacted = steps.load_state(prepared.state)
    assert len(prepared.state) < 40_000
    assert context.rubric is context.resume.rubric is steps.rubric()
    assert len(assessments) == sum(len(each) for each in context.rubric.criteria.values())
    shown = [redacted.shown.excerpt(each.start, each.end) for each in context.resume.bullets]
    asked = prepared.questions.labels[0].messages[-1]["content"]
    assert shown
    assert all(". " + " ".join(each.split()) + "\n" in asked for each in shown)


@pytest.mark.parametrize("language", ReportLanguage)
@pytest.mark.parametrize("resume", [files.strong_resume_txt, files.japanese_resume_txt])
def test_two_steps_return_the_report_of_a_single_step(
    resume: Callable[[], bytes], language: ReportLanguage
) -> None:
    request = events.requested(text=resume().decode(), report_language=language).model_dump_json()
    prepared = steps.prepare_analysis(request)
    responses = ModelResponses(failures=[FailureReason.TIMEOUT])
    report = steps.finish_analysis(request, NOW, prepared.state, responses, USAGE)
    assert report == steps.score_after_failure(request, NOW, FailureReason.TIMEOUT, USAGE)


@pytest.mark.parametrize("language", [ReportLanguage.ENGLISH, ReportLanguage.JAPANESE])
@pytest.mark.parametrize(
    ("resume", "about"), [(files.strong_resume_txt, "en"), (files.japanese_resume_txt, "ja")]
)
def test_state_keeps_the_languages_of_the_report_and_of_the_resume(
    resume: Callable[[], bytes], about: str, language: ReportLanguage
) -> None:
    request = events.requested(text=resume().decode(), report_language=language).model_dump_json()
    context, _, _ = steps.load_state(steps.prepare_analysis(request).state)
    assert (context.say.language, context.say.resume_language) == (language, about)


@pytest.mark.parametrize(
    ("resume", "language", "expected"),
    [
        (files.strong_resume_txt, ReportLanguage.RESUME, "English"),
        (files.strong_resume_txt, ReportLanguage.JAPANESE, "Japanese"),
        (files.japanese_resume_txt, ReportLanguage.RESUME, "Japanese"),
        (files.japanese_resume_txt, ReportLanguage.ENGLISH, "English"),
    ],
)
def test_prompts_ask_for_the_language_of_the_report(
    resume: Callable[[], bytes], language: ReportLanguage, expected: str
) -> None:
    context = events.analysis_context(depth=Depth.DEEP)
    request = events.requested(context, text=resume().decode(), report_language=language)
    questions = steps.prepare_analysis(request.model_dump_json()).questions
    assert questions.writing
    task = questions.writing.messages[1]["content"]
    assert f"Write `comment`, `suggestion` and `reason` in {expected}" in task
    assert "every `rewrite` in the language of its\noriginal" in questions.writing.messages[1]["content"]


def test_only_deep_analyses_ask_about_the_writing() -> None:
    assert steps.prepare_analysis(REQUEST).questions.writing is None


@pytest.mark.parametrize(
    ("text", "sections"),
    [
        ("Mina Example\nmina@example.com\n\nContact\nmina@example.com\nTokyo\n", None),
        ("Mina Example\n\nContact\nTokyo\n\nExperience\n- Led five people.\n", ["experience"]),
        ("Mina Example\nLed a team of five people and raised sales by 20%.\n", ["experience"]),
    ],
)
def test_writing_is_asked_about_where_there_is_a_section_to_comment_on(
    text: str, sections: list[str] | None
) -> None:
    request = events.requested(events.analysis_context(depth=Depth.DEEP), text=text)
    question = steps.prepare_analysis(request.model_dump_json()).questions.writing
    asked = question and question.schema["properties"]["sections"]["items"]["properties"]["section"]["enum"]
    assert asked == sections


def test_report_without_a_section_to_comment_on_does_not_miss_the_comments() -> None:
    context = events.analysis_context(depth=Depth.DEEP)
    text = "Mina Example\nmina@example.com\n\nContact\nmina@example.com\nTokyo\n"
    request = events.requested(context, text=text).model_dump_json()
    prepared = steps.prepare_analysis(request)
    usage = ModelUsage(requests=0, input_tokens=0, output_tokens=0, cost_usd=None)
    report = steps.finish_analysis(request, NOW, prepared.state, ModelResponses(), usage)
    notices = Report.model_validate_json(report[:-1] + ',"processing_time_ms":1}').detailed_scores.notices
    catalogue = load_catalogue("en", resume_language="en")
    assert catalogue["notice.few_bullets"] in notices
    assert catalogue["notice.writing_lost"] not in notices
