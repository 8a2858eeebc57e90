"""PDF: which characters of a page are seen, told from its pixels with and without them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from documents.layout.normalize import count_cjk, tag_characters
from documents.pdf.glyphs import Glyph, Mark
from documents.pdf.rendering import PagePixels
from documents.pdf.scanned_text import find_pictured
from documents.pdf.text_layers import Layers

# Smaller is not meant to be read: the smallest print of packaging is 4 points.
_TINY = 4.0
# Type narrower than this is squashed; 4 points condensed to 60 % are wider.
_SQUASHED = 2.0
# A letter whose ink is lower and narrower is a dot, whatever size of type its font claims.
_DOT = 1.6
# Steps of grey, of 255, by which ink has to differ from what is behind it. #dddddd on white differs by 34,
# its thin strokes at 8 points by half of that; #f5f5f5, which nobody can read, by 10.
_CONTRAST = 16
# Share of the box of a character that has to differ: a thin slash fills a tenth of its box.
_SHARE = 0.04
# A stretch of a word that is as long as this is seen or hidden by itself; a shorter one goes with the word.
_STRETCH = 3

_BREAK = Glyph("")


@dataclass(slots=True)
class PageGlyphs:
    """The characters of a page in the order of drawing."""

    upright: list[Glyph] = field(default_factory=list)
    rotated: list[Glyph] = field(default_factory=list)
    hidden: list[Glyph] = field(default_factory=list)
    total: int = 0
    unmapped: int = 0

    @property
    def hidden_count(self) -> int:
        return sum(1 for glyph in self.hidden if glyph.text)


def part(marks: Sequence[Mark | None], layers: Layers, pixels: PagePixels) -> PageGlyphs:
    """Part what a person sees from what is hidden, whatever hides it."""
    words = [
        [(at, mark) for at, mark in group if mark]
        for is_word, group in groupby(enumerate(marks), key=lambda each: each[1] is not None)
        if is_word
    ]
    seen = [_settle([_vote(at, mark, layers, pixels) for at, mark in word]) for word in words]
    _carry_symbols(words, seen)
    _add_pictured(words, seen, pixels)
    found = PageGlyphs()
    for word, verdicts in zip(words, seen, strict=True):
        target = found.upright
        for (_, mark), is_seen in zip(word, verdicts, strict=True):
            target = found.rotated if mark.style.turned else found.upright
            found.total += 1
            found.unmapped += mark.unmapped
            if is_seen and not tag_characters(mark.glyph.text):
                target.append(mark.glyph)
            else:
                target.append(_BREAK)
                found.hidden.append(mark.glyph)
        target.append(_BREAK)
        found.hidden.append(_BREAK)
    return found


_Word = Sequence[tuple[int, Mark]]


def _vote(at: int, mark: Mark, layers: Layers, pixels: PagePixels) -> bool | None:
    """Whether a character is seen by itself; None where that is not known."""
    style, (left, top, right, bottom) = mark.style, mark.shape
    if style.inkless or style.size < _TINY or style.narrow < _SQUASHED or at in layers.piled:
        return False
    text = mark.glyph.text
    if right <= left or bottom <= top:
        # A letter without ink, or one of a font that the file does not hold, nor a stand-in have.
        return False if style.embedded or text.isascii() or count_cjk(text) else None
    if right - left < _DOT and bottom - top < _DOT and text.isalnum():
        return False
    layer = layers.numbers[style.source]
    return layer < len(pixels.without) and _shows(mark, layer, pixels)


def _shows(mark: Mark, layer: int, pixels: PagePixels) -> bool:
    """Whether the page would look otherwise without the character.

    A pixel counts that the character sets apart from the page without any text: white letters across black
    ones only wipe out, and nobody can read them.
    """
    whole, without, bare = pixels.whole, pixels.without[layer], pixels.bare
    left, top, right, bottom = whole.area(mark.shape)
    missing = _SHARE * (right - left) * (bottom - top)
    for y in range(top, bottom):
        row = slice(y * whole.width + left, y * whole.width + right)
        with_it, without_it = whole.data[row], without.data[row]
        if with_it == without_it:
            continue
        for one, other, paper in zip(with_it, without_it, bare.data[row], strict=True):
            if abs(one - other) >= _CONTRAST and abs(one - paper) > abs(other - paper):
                missing -= 1
        if missing <= 0:
            return True
    return False


def _settle(votes: Sequence[bool | None]) -> list[bool]:
    """Let the characters of a word decide for those that stand alone among them, such as a thin dot."""
    known = [vote for vote in votes if vote is not None]
    most = 2 * sum(known) >= len(known)
    verdicts: list[bool] = []
    for vote, group in groupby(votes):
        length = len(list(group))
        verdicts += [most if vote is None or length < _STRETCH else vote] * length
    return verdicts


def _carry_symbols(words: Sequence[_Word], seen: list[list[bool]]) -> None:
    """A pale dash or dot between words that are seen is decoration, nothing hidden."""
    hidden = [False, *(not any(verdicts) for verdicts in seen), False]
    for number, word in enumerate(words):
        if (
            not any(mark.glyph.text.isalnum() for _, mark in word)
            and not hidden[number]
            and not hidden[number + 2]
        ):
            seen[number] = [True] * len(word)


def _add_pictured(words: Sequence[_Word], seen: list[list[bool]], pixels: PagePixels) -> None:
    hidden = [number for number, verdicts in enumerate(seen) if not any(verdicts)]
    if not hidden:
        return
    shown = find_pictured([[mark for _, mark in words[number]] for number in hidden], pixels.bare)
    for number, is_shown in zip(hidden, shown, strict=True):
        if is_shown:
            seen[number] = [True] * len(words[number])
