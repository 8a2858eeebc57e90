"""Reading order: from words with their places on a page to lines as a person reads them. Pure.

A page is read in rows, top to bottom, but where a clear vertical gutter divides it, the left side is read
before the right. Rows that cross the gutter (a name over two columns) end what stands above them. A gutter
is only believed where it divides two texts, not an entry from its date or a label from its value:
`_is_gutter` has the evidence. Coordinates are points from the top left corner of the upright page.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from typing import Final

from documents.layout.normalize import tokens

# In units of the size of type: what separates two pieces of a row, and what is read as a tab.
_PIECE_GAP: Final = 0.9
_TAB_GAP: Final = 2.0
# Baselines nearer than this share a row (a superscript is raised by a third).
_SAME_ROW: Final = 0.4
_MIN_GUTTER: Final = 6.0
# Characters without spaces: about half of a line of text over two columns.
_LONG_ROW: Final = 25
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
# Points that baselines side by side may differ by.
_LEVEL: Final = 12.0
# The head of a page: few rows, little text, white space below it of so many times the size of type.
_HEAD_ROWS: Final = 8
_HEAD_SHARE: Final = 0.25
_HEAD_GAP: Final = 2.2
_MIN_GAP_SIZE: Final = 10.0
_MAX_DEPTH: Final = 4
# More gutters than this are not tried on one page; real ones begin many lines, and are tried first.
_MAX_CANDIDATES: Final = 60


@dataclass(slots=True, frozen=True, kw_only=True)
class Word:
    """Characters without a space between them; `order` is the place in the content of the page."""

    text: str
    left: float
    right: float
    base: float
    size: float
    font: str
    bold: bool
    order: int


@dataclass(slots=True)
class Piece:
    """Words of one row that stand close together."""

    words: list[Word]

    @property
    def left(self) -> float:
        return self.words[0].left

    @property
    def right(self) -> float:
        return max(word.right for word in self.words)

    @property
    def base(self) -> float:
        return self.words[0].base

    @property
    def order(self) -> int:
        return self.words[0].order

    @property
    def characters(self) -> int:
        return sum(len(word.text) for word in self.words)

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(slots=True)
class Row:
    """The pieces that share a baseline within one column, left to right."""

    pieces: list[Piece]

    @property
    def base(self) -> float:
        return self.pieces[0].base

    @property
    def words(self) -> list[Word]:
        return [word for piece in self.pieces for word in piece.words]


@dataclass(slots=True)
class Column:
    """Rows that are read one after the other."""

    rows: list[Row]
    # How many columns stand beside each other here, this one included.
    abreast: int = 1


@dataclass(slots=True, frozen=True)
class Agreement:
    """Pairs of neighbouring words that two ways of reading share, and all of them."""

    shared: int = 0
    total: int = 0

    def __add__(self, other: "Agreement") -> "Agreement":
        return Agreement(self.shared + other.shared, self.total + other.total)

    @property
    def share(self) -> float:
        return round(self.shared / self.total, 4) if self.total else 1.0


def read_columns(words: Sequence[Word]) -> list[Column]:
    """Return the columns of a page in reading order."""
    head, rest = _head(words)
    # A name beside an address is one row beside several, and makes no page of two columns.
    columns = [replace(column, abreast=1) for column in _read(head, least_rows=1)]
    return columns + _read(rest)


def _head(words: Sequence[Word]) -> tuple[list[Word], list[Word]]:
    """Part the first few rows from the rest of the page where white space over its whole width does."""
    rows = _rows(words)
    for at, (above, below) in enumerate(pairwise(rows[: _HEAD_ROWS + 1]), 1):
        size = max(_MIN_GAP_SIZE, *(word.size for word in (*above, *below)))
        if below[0].base - max(word.base for word in above) > _HEAD_GAP * size:
            head, rest = _flat(rows[:at]), _flat(rows[at:])
            return (head, rest) if len(head) <= _HEAD_SHARE * len(words) else ([], list(words))
    return [], list(words)


def _flat(rows: Iterable[Iterable[Word]]) -> list[Word]:
    return [word for row in rows for word in row]


def agreement(in_stream: Iterable[str], row_by_row: Iterable[str]) -> Agreement:
    """Compare two orders of reading the same words by their pairs of neighbours."""
    first = Counter(pairwise(token for text in in_stream for token in tokens(text)))
    second = Counter(pairwise(token for text in row_by_row for token in tokens(text)))
    return Agreement((first & second).total(), first.total())


def page_agreement(words: Sequence[Word]) -> Agreement:
    """Compare the order in which the words were drawn with rows across the whole page."""
    drawn = sorted(words, key=lambda word: word.order)
    rows = [word for row in _rows(words) for word in row]
    return agreement((word.text for word in drawn), (word.text for word in rows))


def _rows(words: Iterable[Word]) -> list[list[Word]]:
    rows: list[list[Word]] = []
    anchor: Word | None = None
    for word in sorted(words, key=lambda word: (word.base, word.left)):
        if anchor and word.base - anchor.base <= _SAME_ROW * min(
            max(word.size, anchor.size), 2 * anchor.size
        ):
            rows[-1].append(word)
        else:
            rows.append([word])
            anchor = word
    for row in rows:
        row.sort(key=lambda word: word.left)
    return rows


def _pieces(row: Sequence[Word]) -> list[Piece]:
    pieces = [Piece([row[0]])]
    for word in row[1:]:
        piece = pieces[-1]
        gap = word.left - piece.words[-1].right
        # A bullet belongs to what it introduces, however far it is indented.
        if gap > _PIECE_GAP * max(word.size, piece.words[-1].size) and not is_bullet(piece.text):
            pieces.append(Piece([word]))
        else:
            piece.words.append(word)
    return pieces


BULLETS: Final = frozenset("•‣⁃◦∙·▪▫■□●○◆◇►▶▸▹➢➤✓✔★☆–-*—・●◎※»›\uf0b7\uf0a7\uf0d8\uf0fc\uf06e\uf076\uf0a8")


def is_bullet(text: str) -> bool:
    """Whether `text` is nothing but the mark of a list item."""
    return len(text) == 1 and text in BULLETS


def _read(words: list[Word], *, depth: int = 0, abreast: int = 1, least_rows: int = 2) -> list[Column]:
    rows = [Row(_pieces(row)) for row in _rows(words)]
    split = _split(rows, least_rows) if depth < _MAX_DEPTH else None
    if split is None:
        return [Column(rows, abreast)] if rows else []
    columns: list[Column] = []
    for part in split:
        if part.right is None:
            columns += _read(_words(part.left), depth=depth + 1, abreast=abreast)
        else:
            for side in (part.left, part.right):
                columns += _read(_words(side), depth=depth + 1, abreast=abreast + 1)
    return columns


def _words(pieces: Iterable[Piece]) -> list[Word]:
    return [word for piece in pieces for word in piece.words]


@dataclass(slots=True)
class _Part:
    """Pieces between two rows that cross the gutter: with both sides, or to be read across."""

    left: list[Piece] = field(default_factory=list)
    right: list[Piece] | None = None


def _split(rows: Sequence[Row], least_rows: int) -> list[_Part] | None:
    """Divide the rows at the gutter that divides the most text; None where there is none."""
    starts = Counter(round(piece.left) for row in rows for piece in row.pieces)
    best: list[_Part] | None = None
    best_weight = 0
    for start, _ in starts.most_common(_MAX_CANDIDATES):
        parts, weight = _split_at(rows, start - 1.5, least_rows)
        if weight > best_weight:
            best, best_weight = parts, weight
    return best


def _split_at(rows: Sequence[Row], x: float, least_rows: int) -> tuple[list[_Part], int]:
    parts: list[_Part] = []
    weight = 0
    for crosses, group in groupby(rows, key=lambda row: any(p.left < x < p.right for p in row.pieces)):
        pieces = [piece for row in group for piece in row.pieces]
        left = [piece for piece in pieces if piece.right <= x]
        right = [piece for piece in pieces if piece.left >= x]
        if not crosses and left and right and _is_gutter(left, right, least_rows):
            parts.append(_Part(left, right))
            weight += min(_characters(left), _characters(right))
        elif parts and parts[-1].right is None:
            parts[-1].left += pieces
        else:
            parts.append(_Part(pieces))
    return parts, weight


def _is_gutter(left: Sequence[Piece], right: Sequence[Piece], least_rows: int) -> bool:
    """Whether two sides are texts of their own."""
    if min(piece.left for piece in right) - max(piece.right for piece in left) < _MIN_GUTTER:
        return False
    left_rows, right_rows = _bases(left), _bases(right)
    fewer = min(len(left_rows), len(right_rows))
    left_characters, right_characters = _characters(left), _characters(right)
    # A date or a page number beside a text is no column.
    if fewer < least_rows or min(left_characters, right_characters) < 0.08 * (
        left_characters + right_characters
    ):
        return False
    if not _stand_beside(left_rows, right_rows, least_rows):
        return False
    sides = [side for _, side in sorted([(p.order, 0) for p in left] + [(p.order, 1) for p in right])]
    switches = sum(first != second for first, second in pairwise(sides))
    # Drawn one side after the other. A table or a line with a date is drawn row by row.
    if switches <= max(1.0, 0.25 * fewer):
        return True
    if fewer < 3:
        return False
    aligned = sum(_near(base, right_rows) for base in left_rows)
    if len(right_rows) < len(left_rows):
        aligned = sum(_near(base, left_rows) for base in right_rows)
    # Rows of their own rhythm.
    if aligned < 0.5 * fewer:
        return True
    # Running text on both sides, however it was drawn: long rows, and not of dates.
    long = min(left_characters / len(left_rows), right_characters / len(right_rows)) >= _LONG_ROW
    return fewer >= 4 and long and not (_are_dated(left) or _are_dated(right))


def _stand_beside(left: Sequence[float], right: Sequence[float], least_rows: int) -> bool:
    """Whether enough rows of each side are level with rows of the other, not above or below them all."""
    top, bottom = max(left[0], right[0]) - _LEVEL, min(left[-1], right[-1]) + _LEVEL
    return all(sum(top <= base <= bottom for base in side) >= least_rows for side in (left, right))


def _are_dated(pieces: Sequence[Piece]) -> bool:
    return 2 * sum(_YEAR.search(piece.text) is not None for piece in pieces) >= len(pieces)


def _characters(pieces: Iterable[Piece]) -> int:
    return sum(piece.characters for piece in pieces)


def _bases(pieces: Iterable[Piece]) -> list[float]:
    bases: list[float] = []
    for base in sorted(piece.base for piece in pieces):
        if not bases or base - bases[-1] > 2.0:
            bases.append(base)
    return bases


def _near(base: float, others: Sequence[float]) -> bool:
    at = bisect_left(others, base - 1.5)
    return at < len(others) and others[at] <= base + 1.5
