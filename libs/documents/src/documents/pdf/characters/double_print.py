"""Find letters that are printed twice at nearly the same place, for bold type or a shadow."""

from collections.abc import Sequence

from documents.pdf.characters.glyphs import DrawnGlyph

# Multiple of the font size: the letters of the narrowest fonts stand further apart.
_MAX_OFFSET = 0.1
# Points. A cell of the page contains few equal letters, and most letters are not at its edge.
_CELL = 16.0


def find_repeated(drawn_glyphs: Sequence[DrawnGlyph | None]) -> dict[int, int]:
    """Return the positions of letters that repeat another one, with the position of the first one."""
    repeated: dict[int, int] = {}
    cells: dict[tuple[str, float, int, int], list[tuple[int, float, float]]] = {}
    for at, drawn in enumerate(drawn_glyphs):
        if drawn is None:
            continue
        glyph = drawn.glyph
        text, left, base, size = glyph.text, glyph.left, glyph.base, round(glyph.size, 1)
        offset = _MAX_OFFSET * size
        x0, x1 = int((left - offset) / _CELL), int((left + offset) / _CELL)
        y0, y1 = int((base - offset) / _CELL), int((base + offset) / _CELL)
        near = cells.get((text, size, x0, y0), ())
        if x0 != x1 or y0 != y1:
            near = [each for x in {x0, x1} for y in {y0, y1} for each in cells.get((text, size, x, y), ())]
        first = None
        for other, x, y in near:
            if abs(x - left) <= offset and abs(y - base) <= offset:
                first = other
                break
        if first is None:
            cells.setdefault((text, size, int(left / _CELL), int(base / _CELL)), []).append((at, left, base))
        else:
            repeated[at] = first
    return repeated
