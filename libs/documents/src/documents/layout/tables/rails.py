"""Records beside a rail, a narrow column of dates, labels or headings, each at the first row of its text.

A rail has the same gap to its text as two columns have. It differs in that each of its blocks begins on the
baseline of the row that it belongs to, and that the blocks are dates or known headings.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Final

from documents.layout.headings import heading_type, is_ambiguous
from documents.layout.line_breaks import join_rows
from documents.layout.rows import Piece, count_characters
from documents.layout.tables.dates import continues_date, is_date, is_date_part, join_date

# Multiples of the font size: how far apart the baselines of one row and the rows of one block may be. The top
# of a heading is at the top of the smaller text beside it, so its baseline is lower.
_SAME_ROW: Final = 0.3
_SAME_ROW_AS_HEADING: Final = 0.45
# Where a paragraph of the text starts, its first row may stand off the date or the heading.
_OFF_HEADING: Final = 0.9
_OFF_DATE: Final = 0.6
# Points between baselines that are meant to be one.
_ALIGNED: Final = 1.5
_WIDER_ABOVE: Final = 1.1
_SAME_BLOCK: Final = 1.5
# A cell of several lines may be set wider.
_WRAPPED_CELL: Final = 2.0
_MAX_LABEL: Final = 60
_MAX_ROWS: Final = 4
# The share of the blocks that must be dates or headings.
_KNOWN_SHARE: Final = 0.6
# The share of the blocks beside known headings that may be other headings.
_OTHERS_SHARE: Final = 0.34
# The largest usual number of characters in a row of a rail.
_MAX_ROW_LENGTH: Final = 28
# Points between two rivers, and the share of the records that a river must divide.
_MIN_CELL_WIDTH: Final = 30.0
_DIVIDED_SHARE: Final = 0.6
# "Skills &" goes on in the next row, even if that is a heading, too.
_ENDS_OPEN: Final = re.compile(r"(?:[&＆/／・、,-]|\band)$")


@dataclass(slots=True)
class Record:
    """A block of the rail and the text beside it. Either may be empty."""

    rail: list[Piece] = field(default_factory=list)
    body: list[Piece] = field(default_factory=list)
    is_heading: bool = False
    is_date: bool = False
    base: float = 0.0


@dataclass(slots=True, eq=False)
class _Block:
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


@dataclass(slots=True)
class Rail:
    """The records of a region, top to bottom.

    Attributes:
        records: the blocks of the rail, each with its text
        is_left: True if the rail stands to the left of the text
        needed: False if reading row by row gives the same text
        lead: rows above the first record that belong to the text above the region
    """

    records: list[Record]
    is_left: bool
    needed: bool
    lead: list[Piece] = field(default_factory=list)


def find_rail(left: Sequence[Piece], right: Sequence[Piece]) -> Rail | None:
    """Return the records if one of the two sides is a rail."""
    for rail, body, is_left in ((left, right, True), (right, left, False)):
        if count_characters(rail) > _MAX_ROW_LENGTH * len(rail):
            continue
        rows = _rows(rail)
        if not any(is_date_part(text) or heading_type(text) for _, text in rows):
            continue
        blocks = _blocks(rows, body)
        lead: list[Piece] = []
        while blocks and not (blocks[0].anchored or blocks[0].heading):
            lead += blocks.pop(0).pieces
        if (needed := _is_rail(blocks, body, is_left=is_left)) is not None:
            records = _records(blocks, body)
            return Rail(records, is_left, needed or _has_wrapped_cells(records), lead)
    return None


def _has_wrapped_cells(records: Sequence[Record]) -> bool:
    """Return True if the text beside a rail has cells of its own, and text within one of them goes on."""
    if not any(_goes_on(record.body) for record in records if record.rail):
        return False
    return bool(find_rivers(records))


def _goes_on(body: Sequence[Piece]) -> bool:
    below = [piece.text[0] for piece in body if piece.base > body[0].base + 2.0]
    return any(first.islower() for first in below)


def _rows(pieces: Iterable[Piece]) -> list[tuple[list[Piece], str]]:
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: (piece.base, piece.left)):
        if rows and piece.base - rows[-1][0].base <= _SAME_ROW * piece.words[0].size:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    for row in rows:
        row.sort(key=lambda piece: piece.left)
    return [(row, " ".join(piece.text for piece in row)) for row in rows]


def _blocks(rows: Iterable[tuple[list[Piece], str]], body: Sequence[Piece]) -> list[_Block]:
    blocks: list[_Block] = []
    for pieces, text in rows:
        block = blocks[-1] if blocks else None
        if block is None or not _extends(block, pieces, text):
            block = _Block(list(pieces), text, text, pieces[0].base, is_date=is_date(text))
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
    _find_anchors(blocks, sorted({piece.base for piece in body}))
    return blocks


def _paragraph_starts(bases: Sequence[float]) -> list[float]:
    """Return the first baseline and those with more white space above than below."""
    steps = [second - first for first, second in pairwise(bases)]
    below = [*steps[1:], min(steps, default=0.0)]
    return [
        bases[0],
        *(
            base
            for base, above, step in zip(bases[1:], steps, below, strict=True)
            if above > _WIDER_ABOVE * step
        ),
    ]


def _find_anchors(blocks: Sequence[_Block], bases: Sequence[float]) -> None:
    """Find the row beside each block: on its baseline, or where a paragraph starts a little off it.

    Headings that stand off their text do so by about as much, which tells the others.
    """
    starts = _paragraph_starts(bases)
    styles = Counter(block.style for block in blocks if block.heading)
    headings = [block for block in blocks if block.heading or (styles[block.style] > 1 and not block.is_date)]
    loose = []
    for block in blocks:
        nearest = _nearest(bases, block.base)
        distance = abs(nearest - block.base)
        block.anchor = nearest if distance <= block.tolerance else None
        near = (_OFF_HEADING if block in headings else _OFF_DATE if block.is_date else 0.0) * block.size
        if distance <= _ALIGNED or not near:
            continue
        start = _nearest(starts, block.base)
        if abs(start - block.base) <= near:
            block.anchor = start
        elif block in headings:
            loose.append(block)
    shifts = [block.anchor - block.base for block in headings if block.anchor is not None]
    if len(shifts) > 1 and abs(shift := median(shifts)) > _ALIGNED:
        for block in loose:
            nearest = _nearest(bases, block.base + shift)
            if abs(nearest - block.base - shift) <= _SAME_ROW_AS_HEADING * block.size:
                block.anchor = nearest


def _nearest(bases: Sequence[float], base: float) -> float:
    return min(bases, key=lambda other: abs(other - base))


def _extends(block: _Block, pieces: Sequence[Piece], text: str) -> bool:
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


def _is_rail(blocks: Sequence[_Block], body: Sequence[Piece], *, is_left: bool) -> bool | None:
    """Return None if the blocks are no rail, else True if rows across the page would scramble the text."""
    anchored = [block for block in blocks if block.anchored]
    if not anchored:
        return None
    dates = [block for block in anchored if block.is_date]
    headings = _headings(anchored, body) if is_left else []
    lone = [block for block in blocks if not block.anchored]
    # Headings of the page that stand over the records.
    if any(len(block.text) > _MAX_LABEL or block.is_date for block in lone):
        return None
    if len(lone) > len(anchored) + 1 or (lone and not is_left):
        return None
    known = {id(block) for block in anchored if block.is_date or (is_left and block.heading)}
    if len(known | {id(block) for block in headings}) < _KNOWN_SHARE * len(anchored):
        return None
    # A sidebar has texts between its headings.
    others = sum(not (block.is_date or block.heading) for block in blocks)
    if len(known) > len(dates) and others > _OTHERS_SHARE * len(blocks):
        return None
    return bool(headings) or any(block.wrapped_date for block in dates)


def _headings(blocks: Sequence[_Block], body: Sequence[Piece]) -> list[_Block]:
    """Return the blocks that are headings. Labels like "Languages" and "Tools" are none."""
    known = [block for block in blocks if block.heading and not is_ambiguous(block.text)]
    if len({block.heading for block in known}) < 2:
        return []
    styles = {block.style for block in known}
    body_styles = {(word.font, word.size, word.bold) for piece in body for word in piece.words[:1]}
    return [
        block
        for block in blocks
        if block.heading or (block.style in styles - body_styles and not block.is_date and block.rows <= 2)
    ]


def _records(blocks: Sequence[_Block], body: Sequence[Piece]) -> list[Record]:
    headings = {id(block) for block in [*_headings(blocks, body), *(b for b in blocks if b.heading)]}
    pieces = sorted(body, key=lambda piece: piece.base)
    records = [Record(base=pieces[0].base)]
    at = 0
    for block in blocks:
        # A heading may be set lower or higher than the smaller text beside it.
        while at < len(pieces) and pieces[at].base < block.start:
            records[-1].body.append(pieces[at])
            at += 1
        is_heading = id(block) in headings and not block.is_date
        records.append(
            Record(rail=block.pieces, is_heading=is_heading, is_date=block.is_date, base=block.base)
        )
    records[-1].body += pieces[at:]
    return [record for record in records if record.rail or record.body]


def find_rivers(records: Sequence[Record]) -> list[float]:
    """Return the positions of the white space that divides the text of all records into cells."""
    bodies = [record.body for record in records if record.rail and record.body and not record.is_heading]
    pieces = [piece for body in bodies for piece in body]
    if len(bodies) < 2:
        return []
    rivers: list[float] = []
    for start in sorted({round(piece.left) for piece in pieces}):
        x = start - 1.5
        if rivers and x - rivers[-1] < _MIN_CELL_WIDTH:
            continue
        if any(piece.left < x < piece.right for piece in pieces):
            continue
        divided = sum(
            any(piece.right <= x for piece in body) and any(piece.left >= x for piece in body)
            for body in bodies
        )
        if divided >= max(2.0, _DIVIDED_SHARE * len(bodies)):
            rivers.append(x)
    return rivers
