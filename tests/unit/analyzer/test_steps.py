"""The steps of an analysis, and the case that lies packed between two of them."""

from datetime import UTC, datetime
from typing import Final

from analyzer import steps
from analyzer.model.answered import Answered, Reason, Spent

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


def test_two_steps_give_what_one_gives() -> None:
    opened = steps.open_case(REQUEST)
    consulted = steps.Consulted(
        answered=Answered(checklists=(), writing=None, failures=[Reason.TIMEOUT]),
        times=1,
        with_writing=False,
        spent=SPENT,
    )
    by_two = steps.close_case(REQUEST, NOW, opened.case, consulted)
    assert by_two == steps.score_alone(REQUEST, NOW, Reason.TIMEOUT, SPENT)
