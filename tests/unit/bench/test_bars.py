import pytest

from tools.bench.bars import Bar, table, verdict
from tools.bench.performance_page import BEGIN, END, MissingMarker, replace_figures

SLOW = Bar(what="p99", measured=250.4, direction="at most", limit=200, unit=" ms", seen="8 rounds")
FAST = Bar(what="throughput", measured=0.5, direction="at least", limit=0.5)


def test_bar_is_reached_at_its_limit() -> None:
    assert FAST.is_reached
    assert not SLOW.is_reached


def test_table_marks_missed_bars() -> None:
    lines = table([SLOW, FAST]).splitlines()
    assert lines[2] == "| p99 | at most 200 ms | 250 ms | **no** | 8 rounds |"
    assert lines[3] == "| throughput | at least 0.5 | 0.5 | yes |  |"


def test_verdict_counts_reached_bars() -> None:
    assert verdict([SLOW, FAST]) == "bench: 1 of 2 bars reached"


def test_only_the_figures_of_the_page_are_replaced() -> None:
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert replace_figures(page, "new") == f"before\n{BEGIN}\nnew\n{END}\nafter\n"


def test_page_without_markers_is_rejected() -> None:
    with pytest.raises(MissingMarker, match="performance"):
        replace_figures("nothing here", "new")
