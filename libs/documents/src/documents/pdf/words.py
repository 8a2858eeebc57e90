"""Join the characters of a PDF page into words."""

from collections.abc import Iterable, Sequence

from documents.layout.rows import Word
from documents.pdf.glyphs import Glyph

# Multiples of the font size: a gap, a step back and a step up or down that only occur between words.
_GAP = 0.5
_STEP_BACK = 0.6
_BASE_STEP = 0.4


def make_words(glyphs: Iterable[Glyph], *, upright: bool = True) -> list[Word]:
    """Return the words in drawing order.

    A word ends at `WORD_END` and, in upright text, at a jump to another position.
    """
    words: list[Word] = []
    run: list[Glyph] = []
    for glyph in glyphs:
        if not glyph.text or (upright and run and _starts_new_word(run[-1], glyph)):
            _append_word(words, run)
            run = []
        if glyph.text:
            run.append(glyph)
    _append_word(words, run)
    return words


def _starts_new_word(last: Glyph, glyph: Glyph) -> bool:
    size = max(last.size, glyph.size)
    gap = glyph.left - last.right
    return (
        gap > _GAP * size
        or gap < -_STEP_BACK * size - (last.right - last.left)
        or abs(glyph.base - last.base) > _BASE_STEP * size
    )


def _append_word(words: list[Word], run: Sequence[Glyph]) -> None:
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
