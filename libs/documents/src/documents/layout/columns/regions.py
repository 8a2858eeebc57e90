"""Division of rows at a gutter into parts that are read across, column by column, or record by record."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from documents.layout.columns.gutters import cut_at, is_gutter
from documents.layout.rows import Piece, Row, count_characters
from documents.layout.tables.rails import Rail, find_rail

# The number of gutters tried on a page, most likely first: a real gutter begins many lines.
_MAX_CANDIDATES: Final = 60
# So many rows must begin at a gutter before a row is cut there in a narrow gap.
_MIN_STARTS: Final = 2


@dataclass(slots=True)
class Region:
    """Pieces between two rows that cross the gutter. Without a right side, they are read across."""

    left: list[Piece] = field(default_factory=list)
    right: list[Piece] | None = None
    rail: Rail | None = None


def split_at_gutter(rows: Sequence[Row], min_rows: int) -> list[Region] | None:
    """Divide the rows at the gutter that divides the most text. Return None if there is no gutter."""
    starts = Counter(round(piece.left) for row in rows for piece in row.pieces)
    best: list[Region] | None = None
    best_weight = 0
    for start, count in starts.most_common(_MAX_CANDIDATES):
        x = start - 1.5
        cut = [_cut_row(row, x) for row in rows] if count >= _MIN_STARTS else rows
        regions, weight = _split_at_position(cut, x, min_rows)
        if weight > best_weight:
            best, best_weight = regions, weight
    return best


def _crosses(piece: Piece, x: float) -> bool:
    return piece.left < x and piece.right > x + 0.5


def _cut_row(row: Row, x: float) -> Row:
    """Cut the pieces of a row that cross a gutter in a gap narrower than others."""
    if not any(_crosses(piece, x) for piece in row.pieces):
        return row
    pieces: list[Piece] = []
    for piece in row.pieces:
        cut = cut_at(piece, x) if _crosses(piece, x) else None
        pieces += cut or (piece,)
    return Row(pieces)


def _split_at_position(rows: Sequence[Row], x: float, min_rows: int) -> tuple[list[Region], int]:
    regions: list[Region] = []
    weight = 0
    for crosses, group in groupby(rows, key=lambda row: any(_crosses(piece, x) for piece in row.pieces)):
        pieces = [piece for row in group for piece in row.pieces]
        left = [piece for piece in pieces if piece.right <= x + 0.5]
        right = [piece for piece in pieces if piece.right > x + 0.5]
        if not crosses and left and right:
            rail = find_rail(left, right)
            if (rail is not None and rail.needed) or is_gutter(left, right, min_rows):
                if rail is not None and rail.lead:
                    _append_across(regions, rail.lead)
                regions.append(Region(left, right, rail))
                weight += min(count_characters(left), count_characters(right))
                continue
        _append_across(regions, pieces)
    return regions, weight


def _append_across(regions: list[Region], pieces: list[Piece]) -> None:
    """Add pieces that are read across to the last region, or to a new one."""
    if regions and regions[-1].right is None:
        regions[-1].left += pieces
    else:
        regions.append(Region(pieces))
