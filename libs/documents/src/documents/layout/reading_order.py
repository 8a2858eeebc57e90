"""Reading order: the columns of a page, from words with their positions.

A page is read in rows from top to bottom. If a clear vertical gutter divides the page, the left side is read
before the right. Rows that cross the gutter, such as a name over two columns, end the columns above them.
A gutter only counts if it divides two texts, not an entry from its date or a label from its value;
`_is_gutter` decides. Coordinates are points (1/72 inch) from the top left corner of the upright page.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, groupby, pairwise
from typing import Final

from documents.layout.rows import Piece, Row, Word, group_rows, split_row

_MIN_GUTTER: Final = 6.0
# Characters without spaces: about half of a line of text over two columns.
_LONG_ROW: Final = 25
# A smaller side of a gutter is a date or a page number beside a text.
_MIN_SIDE_SHARE: Final = 0.08
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
# Points by which rows side by side may differ in height on the page.
_MAX_OFFSET: Final = 12.0
# The head of a page has few rows, little text, and below it white space of so many times the font size.
_HEAD_ROWS: Final = 8
_HEAD_SHARE: Final = 0.25
_HEAD_GAP: Final = 2.2
_MIN_GAP_SIZE: Final = 10.0
_MAX_DEPTH: Final = 4
# The number of gutters tried on a page, most likely first: a real gutter begins many lines.
_MAX_CANDIDATES: Final = 60


@dataclass(slots=True)
class Column:
    """Rows that are read one after the other."""

    rows: list[Row]
    # The number of columns side by side at this place, including this one.
    side_by_side: int = 1


def read_columns(words: Sequence[Word]) -> list[Column]:
    """Return the columns of a page in reading order."""
    head, rest = _split_head(words)
    # A name beside an address is one row beside several. It does not make two columns.
    columns = [replace(column, side_by_side=1) for column in _read_region(head, min_rows=1)]
    return columns + _read_region(rest)


def _split_head(words: Sequence[Word]) -> tuple[list[Word], list[Word]]:
    """Separate the head of a page from the rest, if white space over the whole width divides them."""
    rows = group_rows(words)
    for at, (above, below) in enumerate(pairwise(rows[: _HEAD_ROWS + 1]), 1):
        size = max(_MIN_GAP_SIZE, *(word.size for word in (*above, *below)))
        if below[0].base - max(word.base for word in above) > _HEAD_GAP * size:
            head, rest = list(chain(*rows[:at])), list(chain(*rows[at:]))
            return (head, rest) if len(head) <= _HEAD_SHARE * len(words) else ([], list(words))
    return [], list(words)


def _words(pieces: Iterable[Piece]) -> list[Word]:
    return [word for piece in pieces for word in piece.words]


def _read_region(
    words: list[Word], *, depth: int = 0, side_by_side: int = 1, min_rows: int = 2
) -> list[Column]:
    rows = [Row(split_row(row)) for row in group_rows(words)]
    split = _split_at_gutter(rows, min_rows) if depth < _MAX_DEPTH else None
    if split is None:
        return [Column(rows, side_by_side)] if rows else []
    columns: list[Column] = []
    for region in split:
        if region.right is None:
            columns += _read_region(_words(region.left), depth=depth + 1, side_by_side=side_by_side)
        else:
            for side in (region.left, region.right):
                columns += _read_region(_words(side), depth=depth + 1, side_by_side=side_by_side + 1)
    return columns


@dataclass(slots=True)
class _Region:
    """Pieces between two rows that cross the gutter. Without a right side, they are read across."""

    left: list[Piece] = field(default_factory=list)
    right: list[Piece] | None = None


def _split_at_gutter(rows: Sequence[Row], min_rows: int) -> list[_Region] | None:
    """Divide the rows at the gutter that divides the most text. Return None if there is no gutter."""
    starts = Counter(round(piece.left) for row in rows for piece in row.pieces)
    best: list[_Region] | None = None
    best_weight = 0
    for start, _ in starts.most_common(_MAX_CANDIDATES):
        regions, weight = _split_at_position(rows, start - 1.5, min_rows)
        if weight > best_weight:
            best, best_weight = regions, weight
    return best


def _split_at_position(rows: Sequence[Row], x: float, min_rows: int) -> tuple[list[_Region], int]:
    regions: list[_Region] = []
    weight = 0
    for crosses, group in groupby(rows, key=lambda row: any(p.left < x < p.right for p in row.pieces)):
        pieces = [piece for row in group for piece in row.pieces]
        left = [piece for piece in pieces if piece.right <= x]
        right = [piece for piece in pieces if piece.left >= x]
        if not crosses and left and right and _is_gutter(left, right, min_rows):
            regions.append(_Region(left, right))
            weight += min(_characters(left), _characters(right))
        elif regions and regions[-1].right is None:
            regions[-1].left += pieces
        else:
            regions.append(_Region(pieces))
    return regions, weight


def _is_gutter(left: Sequence[Piece], right: Sequence[Piece], min_rows: int) -> bool:
    """Return True if the two sides are separate texts."""
    if min(piece.left for piece in right) - max(piece.right for piece in left) < _MIN_GUTTER:
        return False
    left_rows, right_rows = _baselines(left), _baselines(right)
    fewer = min(len(left_rows), len(right_rows))
    left_characters, right_characters = _characters(left), _characters(right)
    least_characters = _MIN_SIDE_SHARE * (left_characters + right_characters)
    if fewer < min_rows or min(left_characters, right_characters) < least_characters:
        return False
    if not _are_side_by_side(left_rows, right_rows, min_rows):
        return False
    sides = [side for _, side in sorted([(p.order, 0) for p in left] + [(p.order, 1) for p in right])]
    switches = sum(first != second for first, second in pairwise(sides))
    # One side was drawn after the other. A table or a line with a date is drawn row by row.
    if switches <= max(1.0, 0.25 * fewer):
        return True
    if fewer < 3:
        return False
    aligned = sum(_has_baseline_near(base, right_rows) for base in left_rows)
    if len(right_rows) < len(left_rows):
        aligned = sum(_has_baseline_near(base, left_rows) for base in right_rows)
    # The rows of the two sides are not aligned.
    if aligned < 0.5 * fewer:
        return True
    # Running text on both sides, in whatever order it was drawn: long rows that are not dates.
    long = min(left_characters / len(left_rows), right_characters / len(right_rows)) >= _LONG_ROW
    return fewer >= 4 and long and not (_are_dated(left) or _are_dated(right))


def _are_side_by_side(left: Sequence[float], right: Sequence[float], min_rows: int) -> bool:
    """Return True if enough rows of each side lie between the first and the last row of the other."""
    top, bottom = max(left[0], right[0]) - _MAX_OFFSET, min(left[-1], right[-1]) + _MAX_OFFSET
    return all(sum(top <= base <= bottom for base in side) >= min_rows for side in (left, right))


def _are_dated(pieces: Sequence[Piece]) -> bool:
    return 2 * sum(_YEAR.search(piece.text) is not None for piece in pieces) >= len(pieces)


def _characters(pieces: Iterable[Piece]) -> int:
    return sum(piece.characters for piece in pieces)


def _baselines(pieces: Iterable[Piece]) -> list[float]:
    baselines: list[float] = []
    for base in sorted(piece.base for piece in pieces):
        if not baselines or base - baselines[-1] > 2.0:
            baselines.append(base)
    return baselines


def _has_baseline_near(base: float, others: Sequence[float]) -> bool:
    at = bisect_left(others, base - 1.5)
    return at < len(others) and others[at] <= base + 1.5
