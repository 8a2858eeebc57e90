"""Marking of quotes in the text of a resume."""

from hypothesis import given
from hypothesis import strategies as st
from results_api.report.highlights import Passage, mark_passages


def marked(text: str, *passages: Passage) -> list[list[tuple[str, tuple[str, ...]]]]:
    return [
        [(segment.text, segment.labels) for segment in line if segment.is_marked]
        for line in mark_passages(text, passages)
    ]


def test_quote_is_marked_at_its_position_and_not_where_it_occurs_first() -> None:
    text = "Led it. Led it."
    (line,) = mark_passages(text, [Passage("Led it.", "1", 8)])
    assert [(each.text, each.is_marked) for each in line] == [("Led it. ", False), ("Led it.", True)]


def test_quote_at_another_position_is_searched_and_an_unknown_one_left_out() -> None:
    text = "A team of ten."
    assert marked(text, Passage("team", "1", 9), Passage("team", "2"), Passage("none", "3", 0)) == [
        [("team", ("1", "2"))]
    ]
    assert marked(text, Passage("", "1", 0)) == [[]]


def test_quote_across_lines_is_marked_in_each_and_labelled_at_its_end() -> None:
    assert marked("one two\nthree four", Passage("two\nthree", "1")) == [[("two", ())], [("three", ("1",))]]


def test_overlapping_quotes_keep_their_labels() -> None:
    assert marked("one two three", Passage("one two", "1"), Passage("two three", "2")) == [
        [("one ", ()), ("two", ("1",)), (" three", ("2",))]
    ]


@given(
    st.text(alphabet="ab\n ", max_size=40),
    st.lists(st.tuples(st.text(alphabet="ab\n ", max_size=5), st.integers(0, 40) | st.none()), max_size=6),
)
def test_text_is_unchanged(text: str, quotes: list[tuple[str, int | None]]) -> None:
    lines = mark_passages(text, [Passage(quote, "1", start) for quote, start in quotes])
    assert "\n".join("".join(segment.text for segment in line) for line in lines) == text
