"""Records beside a rail, a narrow column of dates, labels or headings, each at the first row of its text.

A rail has the same gap to its text as two columns have. It differs in that each of its blocks begins at the
row that it belongs to, which `documents.layout.tables.rail_blocks` finds, and that the blocks are dates or
known headings.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from documents.layout.headings import heading_type, is_ambiguous
from documents.layout.rows import Piece, count_characters
from documents.layout.tables.dates import is_date_part
from documents.layout.tables.rail_blocks import Block, find_blocks, rail_rows

_MAX_LABEL: Final = 60
# The share of the blocks that must be dates or headings.
_KNOWN_SHARE: Final = 0.6
# The share of the blocks beside known headings that may be other headings.
_OTHERS_SHARE: Final = 0.34
# The largest usual number of characters in a row of a rail.
_MAX_ROW_LENGTH: Final = 28
# Points between two rivers, and the share of the records that a river must divide.
_MIN_CELL_WIDTH: Final = 30.0
_DIVIDED_SHARE: Final = 0.6


@dataclass(slots=True)
class Record:
    """A block of the rail and the text beside it. Either may be empty."""

    rail: list[Piece] = field(default_factory=list)
    body: list[Piece] = field(default_factory=list)
    is_heading: bool = False
    is_date: bool = False
    base: float = 0.0


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
        rows = rail_rows(rail)
        if not any(is_date_part(text) or heading_type(text) for _, text in rows):
            continue
        blocks = find_blocks(rows, body)
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


def _is_rail(blocks: Sequence[Block], body: Sequence[Piece], *, is_left: bool) -> bool | None:
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


def _headings(blocks: Sequence[Block], body: Sequence[Piece]) -> list[Block]:
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


def _records(blocks: Sequence[Block], body: Sequence[Piece]) -> list[Record]:
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
