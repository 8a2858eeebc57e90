"""The fake model counts only calls that an interruption may have wasted."""

from dataclasses import replace

import pytest

from tools.chaos.stack.model import Call, FakeRecordingModel, Interruption

UNREAD = Call(
    at=10.0,
    analyzer="analyzer-1",
    question="writing",
    seed=1,
    resume="CANARY-R000001",
    analysis="CANARY-A000001",
    name="fake-model-0",
)
ANSWERED = replace(UNREAD, answered_at=11.0)


def count_discarded(call: Call, interruption: Interruption | None, *, cached_at: float | None = None) -> int:
    model = FakeRecordingModel(port=0)
    model.calls = [call]
    return model.count_discarded(
        [] if interruption is None else [interruption],
        remembered={} if cached_at is None else {call.name: cached_at},
    )


def kill(at: float, analyzer: str = "analyzer-1") -> Interruption:
    return Interruption(analyzer=analyzer, since=at, until=at)


@pytest.mark.parametrize(
    ("interruption", "cached_at", "expected"),
    [
        (None, None, 0),
        (kill(9.9), 11.5, 0),
        (kill(10.5), 11.5, 1),
        (kill(11.4), 11.5, 1),
        (kill(11.6), 11.5, 0),
        (kill(14.0), None, 1),
        (kill(22.0), None, 0),
        (kill(11.4, "analyzer-2"), 11.5, 0),
        (Interruption(analyzer="analyzer-1", since=5.0, until=10.1), 11.5, 1),
    ],
)
def test_call_counts_from_request_until_its_answer_is_cached(
    interruption: Interruption | None, cached_at: float | None, expected: int
) -> None:
    assert count_discarded(ANSWERED, interruption, cached_at=cached_at) == expected


def test_unread_answer_always_counts() -> None:
    assert count_discarded(UNREAD, None) == 1
