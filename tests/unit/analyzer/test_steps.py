"""The steps of an analysis, and the case that lies packed between two of them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import pytest
from analyzer.llm.prompting.answered import Answered, Reason, Spent
from analyzer.pipeline import steps
from contracts.vocabulary import ReportLanguage

from tests.support import events, files

NOW: Final = datetime(2026, 11, 28, tzinfo=UTC)
REQUEST: Final = events.requested(text=files.strong_resume_txt().decode()).model_dump_json()
SPENT: Final = Spent(requests=3, input_tokens=2, output_tokens=1, cost_usd=None)


def test_a_packed_case_is_small_and_comes_back_with_the_rubric_of_whoever_opens_it() -> None:
    opened = steps.open_case(REQUEST)
    case, answers, reading = steps.unpacked(opened.case)
    assert len(opened.case) < 40_000
    assert case.rubric is case.resume.rubric is steps.rubric()
    assert len(answers) == sum(len(each) for each in case.rubric.criteria.values())
    assert reading.shown.text in opened.asking.checklist[1]["content"]


@pytest.mark.parametrize("language", ReportLanguage)
@pytest.mark.parametrize("resume", [files.strong_resume_txt, files.japanese_resume_txt])
def test_two_steps_give_what_one_gives(resume: Callable[[], bytes], language: ReportLanguage) -> None:
    request = events.requested(text=resume().decode(), report_language=language).model_dump_json()
    opened = steps.open_case(request)
    consulted = steps.Consulted(
        answered=Answered(checklists=(), writing=None, failures=[Reason.TIMEOUT]),
        times=1,
        with_writing=False,
        spent=SPENT,
    )
    by_two = steps.close_case(request, NOW, opened.case, consulted)
    assert by_two == steps.score_alone(request, NOW, Reason.TIMEOUT, SPENT)


@pytest.mark.parametrize("language", [ReportLanguage.ENGLISH, ReportLanguage.JAPANESE])
@pytest.mark.parametrize(
    ("resume", "about"), [(files.strong_resume_txt, "en"), (files.japanese_resume_txt, "ja")]
)
def test_a_packed_case_keeps_the_language_of_the_report_and_that_of_the_resume(
    resume: Callable[[], bytes], about: str, language: ReportLanguage
) -> None:
    request = events.requested(text=resume().decode(), report_language=language).model_dump_json()
    case, _, _ = steps.unpacked(steps.open_case(request).case)
    assert (case.say.language, case.say.resume_language) == (language, about)


@pytest.mark.parametrize(
    ("resume", "language", "told"),
    [
        (files.strong_resume_txt, ReportLanguage.RESUME, "English"),
        (files.strong_resume_txt, ReportLanguage.JAPANESE, "Japanese"),
        (files.japanese_resume_txt, ReportLanguage.RESUME, "Japanese"),
        (files.japanese_resume_txt, ReportLanguage.ENGLISH, "English"),
    ],
)
def test_a_model_is_asked_in_the_language_of_the_report(
    resume: Callable[[], bytes], language: ReportLanguage, told: str
) -> None:
    request = events.requested(text=resume().decode(), report_language=language)
    asking = steps.open_case(request.model_dump_json()).asking
    for conversation, words in zip(
        asking.without_boundary,
        ("`reason` and `fix`", "`comment`, `suggestion` and `reason`"),
        strict=True,
    ):
        assert f"Write {words} in {told}" in conversation[1]["content"]
    assert "every `rewrite` in the language of its\noriginal" in asking.writing[1]["content"]
