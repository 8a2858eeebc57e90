"""Find letters that are printed twice at nearly the same place, for bold type or a shadow."""

from collections.abc import Iterable, Iterator, Sequence

from documents.pdf.characters.glyphs import DrawnGlyph, Glyph

# Multiple of the font size: the letters of the narrowest fonts stand further apart.
_MAX_OFFSET = 0.1
# Points. A cell of the page contains few equal letters, and most letters are not at its edge.
_CELL = 16.0


def find_repeated(drawn_glyphs: Sequence[DrawnGlyph | None]) -> dict[int, int]:
    """Return the positions of letters that repeat another one, with the position of the first one."""
    # A page rarely has any, and the first letters of its words are a fifth of all.
    if not _repeated(_first_letters(drawn_glyphs)):
        return {}
    return _repeated((at, drawn.glyph) for at, drawn in enumerate(drawn_glyphs) if drawn)


def _first_letters(drawn_glyphs: Sequence[DrawnGlyph | None]) -> Iterator[tuple[int, Glyph]]:
    """Yield the letters that begin a word or step back, each with the letter before it if that is equal."""
    previous: Glyph | None = None
    for at, drawn in enumerate(drawn_glyphs):
        if drawn is None:
            previous = None
            continue
        glyph = drawn.glyph
        if previous is None:
            yield at, glyph
        elif glyph.left < previous.left + _MAX_OFFSET * glyph.size:
            if glyph.text == previous.text:
                yield at - 1, previous
            yield at, glyph
        previous = glyph


def _repeated(glyphs: Iterable[tuple[int, Glyph]]) -> dict[int, int]:
    repeated: dict[int, int] = {}
    cells: dict[tuple[str, float, int, int], list[tuple[int, float, float]]] = {}
    for at, glyph in glyphs:
        text, left, base, size = glyph.text, glyph.left, glyph.base, round(glyph.size, 1)
        offset = _MAX_OFFSET * size
        x0, x1 = int((left - offset) / _CELL), int((left + offset) / _CELL)
        y0, y1 = int((base - offset) / _CELL), int((base + offset) / _CELL)
        near = cells.get((text, size, x0, y0), [])
        if x0 != x1 or y0 != y1:
            near = [each for x in {x0, x1} for y in {y0, y1} for each in cells.get((text, size, x, y), ())]
        for other, x, y in near:
            if abs(x - left) <= offset and abs(y - base) <= offset:
                if other != at:
                    repeated[at] = other
                break
        else:
            cells.setdefault((text, size, int(left / _CELL), int(base / _CELL)), []).append((at, left, base))
    return repeated
