"""Separate the visible characters of a PDF page from the hidden ones, by its pixels with and without them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from documents.layout.normalize import count_cjk, is_private, tag_characters
from documents.pdf.characters.double_print import find_repeated
from documents.pdf.characters.glyphs import WORD_END, DrawnGlyph, Glyph
from documents.pdf.characters.latex_symbols import LatexSymbols
from documents.pdf.page_objects import PageObjects
from documents.pdf.rendering import PageBitmaps
from documents.pdf.scanned_text import find_scanned_words
from documents.pdf.text_layers import Layers

# Points. Smaller text is not meant to be read: the smallest print on packaging has 4 points.
_MIN_SIZE = 4.0
# Points. Narrower text is squashed: 4 points condensed to 60 % are wider.
_MIN_WIDTH = 2.0
# Points. A letter whose ink is lower and narrower is a dot, whatever font size it claims.
_MAX_DOT = 1.6
# Multiple of the font size. A narrower letter is a share of a glyph that replaces a whole text.
_MIN_LETTER = 0.05
# The difference in grey (0 to 255) that makes ink visible. On white, #dddddd differs by 34, and its thin
# strokes at 8 points by half of that. #f5f5f5, which is unreadable, differs by 10.
_CONTRAST = 16
# The greys that do not stand out from white.
_PALE = bytes(range(256 - _CONTRAST, 256))
# The share of a character's box that has to differ: a thin slash fills a tenth of its box.
_SHARE = 0.04
# Fewer characters with the same result follow the rest of their word.
_MIN_STRETCH = 3

# The characters of a word, with their positions in the page's list of characters.
_Word = Sequence[tuple[int, DrawnGlyph]]


@dataclass(slots=True)
class PageGlyphs:
    """The characters of a page in drawing order, with `WORD_END` after each word."""

    upright: list[Glyph] = field(default_factory=list)
    rotated: list[Glyph] = field(default_factory=list)
    hidden: list[Glyph] = field(default_factory=list)
    total: int = 0
    unmapped: int = 0

    @property
    def hidden_count(self) -> int:
        return sum(len(glyph.text) for glyph in self.hidden)


def separate_hidden(
    drawn_glyphs: Sequence[DrawnGlyph | None],
    layers: Layers,
    bitmaps: PageBitmaps,
    objects: PageObjects,
) -> PageGlyphs:
    """Separate the characters that a person sees from the hidden ones.

    The end of a value that does not fit into its form field is neither.
    """
    words = _words(drawn_glyphs)
    visible = [
        _decide_word([_is_visible(at, drawn, layers, bitmaps) for at, drawn in word]) for word in words
    ]
    _show_symbols_between(words, visible)
    _show_scanned_words(words, visible, bitmaps)
    bold, dropped = _merge_doubles(drawn_glyphs, words, visible)
    found, symbols = PageGlyphs(), LatexSymbols(drawn_glyphs)
    for word, word_visible in zip(words, visible, strict=True):
        target = found.upright
        for (at, drawn), is_visible in zip(word, word_visible, strict=True):
            glyph, text = drawn.glyph, drawn.glyph.text
            target = found.rotated if drawn.style.rotated else found.upright
            if at in dropped or (not is_visible and _is_scrolled_away(drawn, objects)):
                continue
            found.total += len(text)
            if drawn.unmapped:
                found.unmapped += len(text)
            if is_visible and drawn.unmapped and is_private(text):
                # An icon, such as a telephone before a number.
                target.append(WORD_END)
            elif is_visible and (text.isascii() or not tag_characters(text)):
                if drawn.unmapped:
                    glyph = glyph._replace(text=symbols.text(drawn, is_word=len(word) == 1))
                target.append(glyph._replace(bold=True) if at in bold else glyph)
            else:
                target.append(WORD_END)
                found.hidden.append(glyph)
        target.append(WORD_END)
        found.hidden.append(WORD_END)
    return found


def _words(drawn_glyphs: Sequence[DrawnGlyph | None]) -> list[_Word]:
    words: list[_Word] = []
    word: list[tuple[int, DrawnGlyph]] = []
    for at, drawn in enumerate(drawn_glyphs):
        if drawn is not None:
            word.append((at, drawn))
        elif word:
            words.append(word)
            word = []
    return [*words, word] if word else words


def _is_scrolled_away(drawn: DrawnGlyph, objects: PageObjects) -> bool:
    """Return True if a character of a form field's value lies outside the fields."""
    if drawn.style.source not in objects.values:
        return False
    left, top, right, bottom = drawn.shape
    x, y = (left + right) / 2, (top + bottom) / 2
    return not any(x0 < x < x1 and y0 < y < y1 for x0, y0, x1, y1 in objects.fields)


def _merge_doubles(
    drawn_glyphs: Sequence[DrawnGlyph | None],
    words: Sequence[_Word],
    visible: Sequence[Sequence[bool]],
) -> tuple[set[int], set[int]]:
    """Return the positions of letters that are bold by a second print, and of the repetitions."""
    repeated = find_repeated(drawn_glyphs)
    if not repeated:
        return set(), set()
    shown = {
        at
        for word, word_visible in zip(words, visible, strict=True)
        for (at, _), is_visible in zip(word, word_visible, strict=True)
        if is_visible
    }
    bold: set[int] = set()
    dropped: set[int] = set()
    for at, first in repeated.items():
        if first in shown:
            dropped.add(at)
            if at in shown:
                bold.add(first)
        elif at in shown:
            dropped.add(first)
    return bold, dropped


def _is_visible(at: int, drawn: DrawnGlyph, layers: Layers, bitmaps: PageBitmaps) -> bool | None:
    """Return True if a character is visible by itself, or None if that cannot be determined."""
    style, (left, top, right, bottom) = drawn.style, drawn.shape
    if style.invisible or style.size < _MIN_SIZE or style.narrow_size < _MIN_WIDTH or at in layers.stacked:
        return False
    text = drawn.glyph.text
    if not drawn.has_ink:
        # A letter without ink, or a letter that neither the file's fonts nor the fallback font contain.
        return False if style.font.embedded or text.isascii() or count_cjk(text) else None
    if right - left < _MAX_DOT and bottom - top < _MAX_DOT and text.isalnum():
        return False
    if max(right - left, drawn.glyph.right - drawn.glyph.left) < _MIN_LETTER * style.size and text.isalnum():
        return False
    layer = layers.numbers[style.source]
    return layer < len(bitmaps.without_layers) and _changes_pixels(drawn, layer, bitmaps)


def _changes_pixels(drawn: DrawnGlyph, layer: int, bitmaps: PageBitmaps) -> bool:
    """Return True if a character changes enough pixels of the page.

    A pixel counts if the character makes it differ more from the page without text. White letters across
    black ones do the opposite: they only erase and are unreadable.
    """
    complete, without, without_text = bitmaps.complete, bitmaps.without_layers[layer], bitmaps.without_text
    left, top, right, bottom = complete.area(drawn.shape)
    missing = _SHARE * (right - left) * (bottom - top)
    white = b"\xff" * (right - left)
    for y in range(top, bottom):
        row = slice(y * complete.width + left, y * complete.width + right)
        with_it, without_it = complete.data[row], without.data[row]
        if with_it == without_it:
            continue
        if without_it == white and without_text.data[row] == white:
            missing -= len(with_it.translate(None, _PALE))
        else:
            for one, other, paper in zip(with_it, without_it, without_text.data[row], strict=True):
                if abs(one - other) >= _CONTRAST and abs(one - paper) > abs(other - paper):
                    missing -= 1
        if missing <= 0:
            return True
    return False


def _decide_word(visible: Sequence[bool | None]) -> list[bool]:
    """Let the majority of a word decide for single characters in it, such as a thin dot."""
    known = [value for value in visible if value is not None]
    majority = 2 * sum(known) >= len(known)
    decided: list[bool] = []
    for value, group in groupby(visible):
        length = len(list(group))
        decided += [majority if value is None or length < _MIN_STRETCH else value] * length
    return decided


def _show_symbols_between(words: Sequence[_Word], visible: list[list[bool]]) -> None:
    """Count pale dashes and dots between visible words as visible: they are decoration."""
    hidden = [False, *(not any(word_visible) for word_visible in visible), False]
    for number, word in enumerate(words):
        if (
            not any(drawn.glyph.text.isalnum() for _, drawn in word)
            and not hidden[number]
            and not hidden[number + 2]
        ):
            visible[number] = [True] * len(word)


def _show_scanned_words(words: Sequence[_Word], visible: list[list[bool]], bitmaps: PageBitmaps) -> None:
    """Count recognised text of a scan as visible: it is hidden, but the picture shows it."""
    hidden = [number for number, word_visible in enumerate(visible) if not any(word_visible)]
    if not hidden:
        return
    hidden_words = [[drawn for _, drawn in words[number]] for number in hidden]
    scanned = find_scanned_words(hidden_words, bitmaps.without_text)
    for number, is_scanned in zip(hidden, scanned, strict=True):
        if is_scanned:
            visible[number] = [True] * len(words[number])
