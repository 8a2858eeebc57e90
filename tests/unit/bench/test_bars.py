import pytest

from tools.bench.bars import Bar, table, verdict
from tools.bench.page import BEGIN, END, NoPlace, replaced

SLOW = Bar(what="p99", measured=250.4, direction="at most", limit=200, unit=" ms", seen="8 rounds")
FAST = Bar(what="throughput", measured=0.5, direction="at least", limit=0.5)


def test_a_bar_is_reached_at_its_very_limit() -> None:
    assert FAST.is_reached
    assert not SLOW.is_reached


def test_table_says_which_bar_is_missed() -> None:
    lines = table([SLOW, FAST]).splitlines()
    assert lines[2] == "| p99 | at most 200 ms | 250 ms | **no** | 8 rounds |"
    assert lines[3] == "| throughput | at least 0.5 | 0.5 | yes |  |"


def test_verdict_counts() -> None:
    assert verdict([SLOW, FAST]) == "bench: 1 of 2 bars reached"


def test_only_the_figures_of_the_page_are_replaced() -> None:
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert replaced(page, "new") == f"before\n{BEGIN}\nnew\n{END}\nafter\n"


def test_a_page_without_place_is_refused() -> None:
    with pytest.raises(NoPlace, match="performance"):
        replaced("nothing here", "new")
