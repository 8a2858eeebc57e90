"""Join the characters of a PDF page into words."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from documents.layout.right_to_left import is_right_to_left, join_letters, may_be_right_to_left
from documents.layout.rows import Word
from documents.pdf.characters.glyphs import Glyph

# Multiples of the font size: a gap, a step back and a step up or down that only occur between words.
_GAP = 0.5
_STEP_BACK = 0.6
_BASE_STEP = 0.4
# A gap that ends a word is wider than the other gaps of the run by this share of the font's own space, within
# bounds in multiples of the font size: kerning moves letters apart by up to 0.05.
_SPACE_SHARE = 0.3
_NARROWEST_SPACE = 0.07
_WIDEST_SPACE = 0.12
# Multiple of the font size between the narrowest gap of words and the widest gap of letters. Without it, the
# letters are unevenly spaced.
_DISTINCT = 0.03
# Multiple of the font size by which the top of an f reaches over the next letter. Its box includes that.
_OVERHANG = 0.05
_NARROWEST_GAP = _NARROWEST_SPACE - _OVERHANG
# Ideographs and kana have no spaces between words.
_FIRST_CJK = "\u2e80"
_NO_SPACE_BEFORE = frozenset(".,;:!?)]}%'’”")


def read_words(glyphs: Sequence[Glyph], *, width: float) -> list[Word]:
    """Return the words of upright text, with positions from left to right in reading order."""
    if not may_be_right_to_left(glyph.text for glyph in glyphs):
        return make_words(glyphs)
    letters = [_word([glyph], order=at) for at, glyph in enumerate(glyphs) if glyph.text]
    return join_letters(letters, width=width, mirrored=is_right_to_left(letters))


def make_words(glyphs: Iterable[Glyph], *, upright: bool = True) -> list[Word]:
    """Return the words in drawing order.

    A word ends at `WORD_END` and, in upright text, at a jump to another position.
    """
    words: list[Word] = []
    run: list[Glyph] = []
    has_gaps = False
    for glyph in glyphs:
        if not glyph.text or (upright and run and _starts_new_word(run[-1], glyph)):
            _append_words(words, run, has_gaps=has_gaps)
            run, has_gaps = [], False
        if glyph.text:
            if upright and run and glyph.left - run[-1].right > _NARROWEST_GAP * glyph.size:
                has_gaps = True
            run.append(glyph)
    _append_words(words, run, has_gaps=has_gaps)
    return words


def _starts_new_word(last: Glyph, glyph: Glyph) -> bool:
    size = max(last.size, glyph.size)
    gap = glyph.left - last.right
    return (
        gap > _GAP * size
        or gap < -_STEP_BACK * size - (last.right - last.left)
        or abs(glyph.base - last.base) > _BASE_STEP * size
    )


def _append_words(words: list[Word], run: Sequence[Glyph], *, has_gaps: bool) -> None:
    start = 0
    for end in _narrow_spaces(run) if has_gaps else ():
        _append_word(words, run[start:end])
        start = end
    _append_word(words, run[start:])


def _narrow_spaces(run: Sequence[Glyph]) -> list[int]:
    """Return the positions in a run after which the gap is a space that PDFium does not recognise."""
    gaps = [
        (second.left - first.right) / (first.size or 1.0) + _OVERHANG * (first.text[-1] == "f")
        for first, second in pairwise(run)
    ]
    usual = median(gaps)
    spaces = [
        at
        for at, (gap, first, second) in enumerate(zip(gaps, run, run[1:], strict=False), 1)
        if gap - usual > min(max(_SPACE_SHARE * first.space, _NARROWEST_SPACE), _WIDEST_SPACE)
        and first.font == second.font
        and first.size == second.size
        and max(first.text, second.text) < _FIRST_CJK
        and second.text not in _NO_SPACE_BEFORE
    ]
    if not spaces:
        return []
    narrowest = min(gaps[at - 1] for at in spaces)
    within = (gap for at, gap in enumerate(gaps, 1) if at not in spaces)
    return spaces if narrowest - max(within, default=0.0) >= _DISTINCT else []


def _append_word(words: list[Word], run: Sequence[Glyph]) -> None:
    if run:
        words.append(_word(run, order=len(words)))


def _word(run: Sequence[Glyph], *, order: int) -> Word:
    widest = max(run, key=lambda glyph: glyph.size)
    return Word(
        text="".join(glyph.text for glyph in run),
        left=min(glyph.left for glyph in run),
        right=max(glyph.right for glyph in run),
        base=widest.base,
        size=round(widest.size * 2) / 2,
        font=widest.font,
        bold=widest.bold,
        order=order,
    )
