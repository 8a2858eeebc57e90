"""Words at given places on a page, and the lines that are read from them."""

from collections.abc import Iterable, Sequence

from documents.layout.columns.flow import order_columns
from documents.layout.paragraphs import column_lines
from documents.layout.reading_order import read_columns
from documents.layout.rows import Word
from documents.layout.tables.grid import Rectangle

SIZE = 10.0


def words_of(rows: Iterable[tuple[float, float, str]], *, bold: Iterable[str] = ()) -> list[Word]:
    """Place rows of (left, baseline, text) with characters that are 5 points wide."""
    words: list[Word] = []
    for left, base, text in rows:
        x = left
        for part in text.split():
            right = x + 5 * len(part)
            words.append(
                Word(
                    text=part,
                    left=x,
                    right=right,
                    base=base,
                    size=SIZE,
                    font="F",
                    bold=text in bold,
                    order=len(words),
                )
            )
            x = right + 3
    return words


def read(words: Sequence[Word], rulings: Sequence[Rectangle] = ()) -> list[str]:
    """Return the lines of one page."""
    (columns,) = order_columns([read_columns(words, rulings)])
    return [
        line.text
        for column in columns
        for line in column_lines(column, page=0, after=None, vocabulary=frozenset())
    ]
