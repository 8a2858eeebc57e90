"""When to stop taking records on."""

import pytest
from chassis.kafka.window import Gate, Window
from hypothesis import given
from hypothesis import strategies as st


def test_a_gate_has_hysteresis() -> None:
    gate = Gate(high=10, low=7)
    moves = [(level, gate.update(level), gate.closed) for level in (9, 10, 9, 8, 7, 9, 10)]
    assert moves == [
        (9, False, False),
        (10, True, True),
        (9, False, True),
        (8, False, True),
        (7, True, False),
        (9, False, False),
        (10, True, True),
    ]


@pytest.mark.parametrize(("high", "low"), [(5, 5), (5, 6), (0, -1)])
def test_a_gate_without_hysteresis_is_refused(high: int, low: int) -> None:
    with pytest.raises(ValueError, match="0 <= low < high"):
        Gate(high=high, low=low)


@given(st.lists(st.integers(0, 20)))
def test_a_gate_never_opens_above_low_nor_stays_open_at_high(levels: list[int]) -> None:
    gate = Gate(high=12, low=6)
    for level in levels:
        gate.update(level)
        if level >= 12:
            assert gate.closed
        if level <= 6:
            assert not gate.closed


def test_number_and_size_close_everything_and_a_span_its_partition() -> None:
    window: Window[str] = Window(records=4, resume_at=3, size=100, span=8)
    assert window.update("a", records=4, size=0, span=1)
    assert not window.room.is_set()
    assert not window.is_open("b")
    assert window.update("a", records=3, size=0, span=1)
    assert window.is_open("a")
    assert window.update("a", records=1, size=100, span=1)
    assert not window.is_open("b")
    assert window.update("a", records=1, size=75, span=8)
    assert window.room.is_set()
    assert not window.is_open("a")
    assert window.is_open("b")
    assert window.update("a", records=1, size=0, span=6)
    assert window.is_open("a")


def test_a_new_generation_begins_with_open_spans() -> None:
    window: Window[str] = Window(records=4, resume_at=3, size=100, span=8)
    window.update("a", records=1, size=0, span=9)
    window.forget(["a"])
    assert window.is_open("a")
