"""The blocks of a rail: rows that belong together, and the row of the text beside each of them."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median, median_low
from typing import Final

from documents.layout.headings import heading_type
from documents.layout.line_breaks import join_rows
from documents.layout.rows import Piece
from documents.layout.tables.dates import continues_date, is_date, join_date

# Multiples of the font size: how far apart the baselines of one row and the rows of one block may be. The top
# of a heading is at the top of the smaller text beside it, so its baseline is lower.
_SAME_ROW: Final = 0.3
_SAME_ROW_AS_HEADING: Final = 0.45
# Where a paragraph of the text starts, its first row may stand off the date or the heading.
_OFF_HEADING: Final = 0.9
_OFF_DATE: Final = 0.6
# Some templates set all headings so much lower than the first row of their text.
_FAR_OFF_HEADING: Final = 2.0
_MIN_FAR_OFF: Final = 3
# Points between baselines that are meant to be one.
_ALIGNED: Final = 1.5
_WIDER_ABOVE: Final = 1.1
_APART: Final = 1.3
_SAME_BLOCK: Final = 1.5
# A cell of several lines may be set wider.
_WRAPPED_CELL: Final = 2.0
_MAX_ROWS: Final = 4
# "Skills &" goes on in the next row, even if that is a heading, too.
_ENDS_OPEN: Final = re.compile(r"(?:[&＆/／・、,-]|\band)$")


@dataclass(slots=True, eq=False)
class Block:
    """Neighbouring rows of a rail that belong together."""

    pieces: list[Piece]
    text: str
    # The text and baseline of the last row.
    last: str
    last_base: float
    rows: int = 1
    is_date: bool = False
    wrapped_date: bool = False
    # The baseline of the row of the text that stands beside the first row, if there is one.
    anchor: float | None = None

    @property
    def base(self) -> float:
        return self.pieces[0].base

    @property
    def size(self) -> float:
        return self.pieces[0].words[0].size

    @property
    def anchored(self) -> bool:
        return self.anchor is not None

    @property
    def start(self) -> float:
        """The highest baseline of the text that belongs to the block."""
        start = self.base - self.tolerance
        return start if self.anchor is None else min(start, self.anchor)

    @property
    def tolerance(self) -> float:
        return (_SAME_ROW_AS_HEADING if self.heading else _SAME_ROW) * self.size

    @property
    def style(self) -> tuple[str, float, bool]:
        word = self.pieces[0].words[0]
        return word.font, word.size, word.bold

    @property
    def heading(self) -> str | None:
        return heading_type(self.text)


def rail_rows(pieces: Iterable[Piece]) -> list[tuple[list[Piece], str]]:
    """Return the rows of a rail with their text, top to bottom."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: (piece.base, piece.left)):
        if rows and piece.base - rows[-1][0].base <= _SAME_ROW * piece.words[0].size:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    for row in rows:
        row.sort(key=lambda piece: piece.left)
    return [(row, " ".join(piece.text for piece in row)) for row in rows]


def find_blocks(rows: Sequence[tuple[list[Piece], str]], body: Sequence[Piece]) -> list[Block]:
    """Join the rows that belong together, and find the row of `body` beside each block."""
    blocks: list[Block] = []
    for at, (pieces, text) in enumerate(rows):
        block = blocks[-1] if blocks else None
        below = rows[at + 1][1] if at + 1 < len(rows) else ""
        begins = block is not None and bool(below) and _begins_heading(block, text, below)
        if block is None or begins or not _extends(block, pieces, text):
            block = Block(list(pieces), text, text, pieces[0].base, is_date=is_date(text))
            blocks.append(block)
            continue
        if continues_date(block.last, text):
            block.text = join_date(block.text, text)
            block.last = join_date(block.last, text)
            block.wrapped_date = True
        else:
            block.text, block.last = join_rows(block.text, text, ()), text
        block.is_date = block.is_date or is_date(block.last)
        block.pieces += pieces
        block.last_base = pieces[0].base
        block.rows += 1
    _find_anchors(blocks, body)
    return blocks


def _begins_heading(block: Block, text: str, more: str) -> bool:
    """Return True if a row begins a heading of two rows: "Additional" and "Information" below "Skills"."""
    if not block.heading or heading_type(text) or _ENDS_OPEN.search(block.text):
        return False
    return heading_type(join_rows(text, more, ())) is not None


def _paragraph_starts(bases: Sequence[float]) -> list[float]:
    """Return the first baseline and those with more white space above than below."""
    steps = [second - first for first, second in pairwise(bases)]
    # Nothing follows the last row, which is a paragraph if it stands well apart.
    below = [*steps[1:], _APART * min(steps)] if steps else []
    return [
        bases[0],
        *(
            base
            for base, above, step in zip(bases[1:], steps, below, strict=True)
            if above > _WIDER_ABOVE * step
        ),
    ]


def _find_anchors(blocks: Sequence[Block], body: Sequence[Piece]) -> None:
    """Find the row beside each block: on its baseline, or where a paragraph starts a little off it."""
    bases = sorted({piece.base for piece in body})
    styles = Counter(block.style for block in blocks if block.heading)
    dates = [block for block in blocks if block.is_date]
    headings = [block for block in blocks if block.heading or (styles[block.style] > 1 and not block.is_date)]
    for block in blocks:
        nearest = _nearest(bases, block.base)
        block.anchor = nearest if abs(nearest - block.base) <= block.tolerance else None
    if drawn := _drawn_next(headings, body):
        for block, base in zip(headings, drawn, strict=True):
            block.anchor = base
    elif (shift := _far_shift(headings, bases)) is not None:
        for block in headings:
            block.anchor = _nearest(bases, block.base - shift)
    else:
        _find_rows_off(headings, bases, _OFF_HEADING)
    _find_rows_off(dates, bases, _OFF_DATE)


def _drawn_next(blocks: Sequence[Block], body: Sequence[Piece]) -> list[float]:
    """Return the baselines of the rows that are drawn right after each heading, or nothing.

    They are the rows beside the headings if all text is drawn from top to bottom, section by section.
    """
    if len(blocks) < _MIN_FAR_OFF:
        return []
    pieces = sorted(body, key=lambda piece: piece.order)
    if any(second.base < first.base - _ALIGNED for first, second in pairwise(pieces)):
        return []
    base_of = {piece.order: piece.base for piece in pieces}
    drawn = [base_of.get(block.pieces[-1].words[-1].order + 1) for block in blocks]
    found = [base for base in drawn if base is not None]
    is_beside = all(
        -_OFF_HEADING * block.size <= block.base - base <= _FAR_OFF_HEADING * block.size
        for block, base in zip(blocks, found, strict=False)
    )
    return found if len(found) == len(blocks) and is_beside else []


def _far_shift(blocks: Sequence[Block], bases: Sequence[float]) -> float | None:
    """Return how far below the first row of their text all headings stand, if that is unusually far."""
    if len(blocks) < _MIN_FAR_OFF or len(bases) < len(blocks):
        return None
    steps = [second - first for first, second in pairwise(bases)]
    usual = median_low(steps)
    starts = [
        bases[0],
        *(base for base, step in zip(bases[1:], steps, strict=True) if step > usual * _WIDER_ABOVE),
    ]
    size = blocks[0].size
    shifts = [blocks[0].base - start for start in starts]
    for shift in sorted(shifts, key=abs):
        if all(
            abs(_nearest(starts, block.base - shift) - block.base + shift) <= _ALIGNED for block in blocks
        ):
            return shift if _OFF_HEADING * size < shift <= _FAR_OFF_HEADING * size else None
    return None


def _find_rows_off(blocks: Sequence[Block], bases: Sequence[float], reach: float) -> None:
    """Find the rows beside headings, or beside dates, that stand off them by up to `reach` font sizes.

    All stand off by about as much, which tells the row where no paragraph starts.
    """
    starts = _paragraph_starts(bases)
    loose = []
    for block in blocks:
        if abs(_nearest(bases, block.base) - block.base) <= _ALIGNED:
            continue
        start = _nearest(starts, block.base)
        if abs(start - block.base) <= reach * block.size:
            block.anchor = start
        else:
            loose.append(block)
    shifts = [block.anchor - block.base for block in blocks if block.anchor is not None]
    if len(shifts) > 1 and abs(shift := median(shifts)) > _ALIGNED:
        for block in loose:
            nearest = _nearest(bases, block.base + shift)
            if abs(nearest - block.base - shift) <= _SAME_ROW_AS_HEADING * block.size:
                block.anchor = nearest


def _nearest(bases: Sequence[float], base: float) -> float:
    return min(bases, key=lambda other: abs(other - base))


def _extends(block: Block, pieces: Sequence[Piece], text: str) -> bool:
    """Return True if a row of the rail belongs to the block above it."""
    size = pieces[0].words[0].size
    step = pieces[0].base - block.last_base
    if continues_date(block.last, text):
        return step <= _WRAPPED_CELL * size
    # "Work" and "Experience" are one heading, "Certifications" and "Awards" are two.
    kinds = {heading_type(text), heading_type(block.text)}
    are_two = None not in kinds and len(kinds) > 1 and not _ENDS_OPEN.search(block.text)
    if step <= _WRAPPED_CELL * size and not are_two and heading_type(join_rows(block.text, text, ())):
        return True
    if step > _SAME_BLOCK * size or block.rows >= _MAX_ROWS or abs(size - block.size) > 0.6:
        return False
    return not (is_date(text) or heading_type(text) or heading_type(block.text))
