"""Order of columns: the name before a sidebar, and a sidebar before text that continues on the next page."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from documents.layout.headings import heading_type
from documents.layout.rows import Column

# The name is at least so much larger than the text of the columns before it.
_LARGER: Final = 1.2
_MAX_HEAD_ROWS: Final = 6
# Multiple of the font size: white space that ends the head of a column.
_HEAD_GAP: Final = 3.0
# Multiple of the font size: a larger distance between rows is a blank line.
_BLANK_LINE: Final = 1.75
# Points by which the left edges of a column may differ on two pages.
_SAME_EDGE: Final = 12.0


def order_columns(pages: Sequence[Sequence[Column]]) -> list[list[Column]]:
    """Return the columns of each page in the order in which the document is read."""
    ordered = [list(columns) for columns in pages]
    for page, following in pairwise(ordered):
        if len(page) > 1 and following and _continues(page[-2], page[-1], following[0]):
            page[-2:] = [page[-1], page[-2]]
    if ordered:
        ordered[0] = _name_first(ordered[0])
    return [_measure_gaps(columns) for columns in ordered]


def _measure_gaps(columns: Sequence[Column]) -> list[Column]:
    """Tell for each column that goes on below the one before it if white space divides them."""
    measured = list(columns[:1])
    for above, column in pairwise(columns):
        step = column.rows[0].base - above.rows[-1].base
        same = above.side_by_side == column.side_by_side == 1
        if column.gap_before is None and same and step > 0 and not (above.cells or column.cells):
            gap = step > _BLANK_LINE * max(word.size for word in column.rows[0].words)
            measured.append(replace(column, gap_before=gap))
        else:
            measured.append(column)
    return measured


def _name_first(columns: list[Column]) -> list[Column]:
    """Move the name and the lines below it in front of a sidebar to its left."""
    sizes = [max(word.size for row in column.rows for word in row.words) for column in columns]
    at = sizes.index(max(sizes)) if sizes else 0
    if at == 0 or columns[at].cells or sizes[at] < _LARGER * max(sizes[:at]):
        return columns
    rows = columns[at].rows
    count = 0
    while count < min(len(rows), _MAX_HEAD_ROWS):
        row, above = rows[count], rows[count - 1] if count else None
        if heading_type(" ".join(word.text for word in row.words)):
            break
        if above and row.base - above.base > _HEAD_GAP * max(word.size for word in above.words):
            break
        count += 1
    if sizes[at] not in (word.size for row in rows[:count] for word in row.words):
        return columns
    head = replace(columns[at], rows=rows[:count])
    rest = [replace(columns[at], rows=rows[count:])] if count < len(rows) else []
    return [head, *columns[:at], *rest, *columns[at + 1 :]]


def _continues(main: Column, sidebar: Column, following: Column) -> bool:
    """Return True if the next page goes on with the main column, which has a sidebar to its right."""
    if min(main.side_by_side, sidebar.side_by_side) < 2 or main.cells or sidebar.cells:
        return False
    left, right = _left_edge(main), _left_edge(sidebar)
    if not left < right or _characters(sidebar) >= _characters(main):
        return False
    begins = " ".join(word.text for word in following.rows[0].words)
    return heading_type(begins) is None and abs(_left_edge(following) - left) <= _SAME_EDGE


def _left_edge(column: Column) -> float:
    return min(word.left for row in column.rows for word in row.words)


def _characters(column: Column) -> int:
    return sum(len(word.text) for row in column.rows for word in row.words)
