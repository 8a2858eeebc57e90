"""Join the characters that one glyph stands for.

PDFium returns a ligature such as "ffi" as three characters with the same box. They are one drawing, so they
are visible or hidden together.
"""

from collections.abc import Iterable

from documents.layout.right_to_left import may_be_right_to_left
from documents.pdf.characters.glyphs import DrawnGlyph

# The most characters of a glyph: "ffi" has three, the Japanese sign for "incorporated company" has four. A
# glyph that claims more is not what a person sees.
_MAX_CHARACTERS = 4
# Multiple of the font size: letters of an "ffi" in a monospaced font are 0.2 wide.
_MIN_WIDTH = 0.1


def join_ligatures(drawn_glyphs: Iterable[DrawnGlyph | None]) -> list[DrawnGlyph | None]:
    """Return one glyph for each series of characters with the same box, if a ligature can be that long."""
    joined: list[DrawnGlyph | None] = []
    series: list[DrawnGlyph] = []
    for drawn in drawn_glyphs:
        if drawn and series and drawn.shape == series[0].shape and _is_same_place(drawn, series[0]):
            series.append(drawn)
        else:
            if len(series) > 1:
                joined[-1:] = _join(series)
            joined.append(drawn)
            series = [drawn] if drawn else []
    if len(series) > 1:
        joined[-1:] = _join(series)
    return joined


def _is_same_place(drawn: DrawnGlyph, other: DrawnGlyph) -> bool:
    one, two = drawn.glyph, other.glyph
    return (
        drawn.style is other.style
        and (one.left, one.right, one.base) == (two.left, two.right, two.base)
        and one.right > one.left
    )


def _join(series: list[DrawnGlyph]) -> list[DrawnGlyph]:
    first = series[0]
    width = abs(first.glyph.right - first.glyph.left)
    if len(series) > _MAX_CHARACTERS or width < _MIN_WIDTH * first.glyph.size * len(series):
        return series
    text = "".join(drawn.glyph.text for drawn in series)
    if may_be_right_to_left(text):
        # PDFium turns the characters of a right-to-left line around, also within a ligature.
        text = text[::-1]
    unmapped = any(drawn.unmapped for drawn in series)
    return [first._replace(glyph=first.glyph._replace(text=text), unmapped=unmapped)]
