"""Which calls of the model an interruption may have cost: no more than those that it really may."""

import pytest

from tools.chaos.stack.model import Call, RecordingModel, Window

ANSWERED = Call(
    at=10.0, analyzer="analyzer-1", analysis="CANARY-A000001", name="fake-model-0", answered_at=11.0
)


def thrown_away(call: Call, window: Window | None, *, remembered_at: float | None = None) -> int:
    model = RecordingModel(port=0)
    model.calls = [call]
    return model.thrown_away(
        [] if window is None else [window],
        remembered={} if remembered_at is None else {call.name: remembered_at},
    )


def kill(at: float, analyzer: str = "analyzer-1") -> Window:
    return Window(analyzer=analyzer, since=at, until=at)


@pytest.mark.parametrize(
    ("window", "remembered_at", "expected"),
    [
        (None, None, 0),
        (kill(9.9), 11.5, 0),
        (kill(10.5), 11.5, 1),
        (kill(11.4), 11.5, 1),
        (kill(11.6), 11.5, 0),
        (kill(14.0), None, 1),
        (kill(22.0), None, 0),
        (kill(11.4, "analyzer-2"), 11.5, 0),
        (Window(analyzer="analyzer-1", since=5.0, until=10.1), 11.5, 1),
    ],
)
def test_a_call_counts_from_its_question_until_its_answer_is_remembered(
    window: Window | None, remembered_at: float | None, expected: int
) -> None:
    assert thrown_away(ANSWERED, window, remembered_at=remembered_at) == expected


def test_an_answer_that_nobody_took_counts_always() -> None:
    gone = Call(at=10.0, analyzer="analyzer-1", analysis="CANARY-A000001", name="fake-model-0")
    assert thrown_away(gone, None) == 1
