"""PDF: characters to words. Pure."""

from collections.abc import Iterable, Sequence

from documents.layout.rows import Word
from documents.pdf.glyphs import Glyph

# In units of the size of type: a gap, a step back or a step up that characters of one word never make.
_GAP = 0.5
_BACK = 0.6
_STEP = 0.4


def make_words(glyphs: Iterable[Glyph], *, upright: bool = True) -> list[Word]:
    """Return the words in the order of drawing; "" ends a word, and a jump where the text is upright."""
    words: list[Word] = []
    run: list[Glyph] = []
    for glyph in glyphs:
        if not glyph.text or (upright and run and _jumps(run[-1], glyph)):
            _close(words, run)
            run = []
        if glyph.text:
            run.append(glyph)
    _close(words, run)
    return words


def _jumps(last: Glyph, glyph: Glyph) -> bool:
    size = max(last.size, glyph.size)
    gap = glyph.left - last.right
    return (
        gap > _GAP * size
        or gap < -_BACK * size - (last.right - last.left)
        or abs(glyph.base - last.base) > _STEP * size
    )


def _close(words: list[Word], run: Sequence[Glyph]) -> None:
    if not run:
        return
    widest = max(run, key=lambda glyph: glyph.size)
    words.append(
        Word(
            text="".join(glyph.text for glyph in run),
            left=min(glyph.left for glyph in run),
            right=max(glyph.right for glyph in run),
            base=widest.base,
            size=round(widest.size * 2) / 2,
            font=widest.font,
            bold=widest.bold,
            order=len(words),
        )
    )
