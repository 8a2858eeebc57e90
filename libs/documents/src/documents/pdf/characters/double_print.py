"""Find letters that are printed twice at nearly the same place, for bold type or a shadow."""

import math
from collections import defaultdict
from collections.abc import Sequence

from documents.pdf.characters.glyphs import DrawnGlyph

# Multiple of the font size: the letters of the narrowest fonts stand further apart.
_MAX_OFFSET = 0.1
# Points. The largest offset of type of 36 points.
_CELL = 4.0


def find_repeated(drawn_glyphs: Sequence[DrawnGlyph | None]) -> dict[int, int]:
    """Return the positions of letters that repeat another one, with the position of the first one."""
    repeated: dict[int, int] = {}
    cells: dict[tuple[str, int, int], list[tuple[int, float, float]]] = defaultdict(list)
    for at, drawn in enumerate(drawn_glyphs):
        if drawn is None:
            continue
        glyph = drawn.glyph
        offset = min(_MAX_OFFSET * glyph.size, _CELL)
        near = next(
            (
                first
                for column in _cells(glyph.left, offset)
                for row in _cells(glyph.base, offset)
                for first, left, base in cells.get((glyph.text, column, row), ())
                if abs(left - glyph.left) <= offset and abs(base - glyph.base) <= offset
            ),
            None,
        )
        if near is None:
            place = (glyph.text, math.floor(glyph.left / _CELL), math.floor(glyph.base / _CELL))
            cells[place].append((at, glyph.left, glyph.base))
        else:
            repeated[at] = near
    return repeated


def _cells(place: float, offset: float) -> range:
    return range(math.floor((place - offset) / _CELL), math.floor((place + offset) / _CELL) + 1)
