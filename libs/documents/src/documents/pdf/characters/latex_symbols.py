"""Symbols of LaTeX's bitmap (Type 3) fonts, which have neither a name nor a table of characters.

Their codes are letters in LaTeX's other fonts, and `Font.character` returns those letters.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final

from documents.pdf.characters.fonts import LATEX_LETTERS
from documents.pdf.characters.glyphs import DrawnGlyph

# The bullets of several fonts of symbols. No word consists of one of these letters.
_BULLETS: Final = frozenset({"ffl", "Ĺ"})
# The TS1 encoding of LaTeX, and the letters with the same codes in its T1 encoding.
_TS1: Final = {
    24: "←",
    25: "→",
    36: "$",
    132: "†",
    133: "‡",
    136: "•",
    151: "™",
    155: "№",
    162: "¢",
    163: "£",
    165: "¥",
    167: "§",
    169: "©",
    174: "®",
    176: "°",
    177: "±",
    178: "²",
    179: "³",
    181: "µ",
    183: "·",
    188: "¼",
    189: "½",
    190: "¾",
    191: "€",
    214: "×",
}
_SYMBOLS: Final = {LATEX_LETTERS.get(code, chr(code)): symbol for code, symbol in _TS1.items()}


class LatexSymbols:
    """The symbols among the characters of a page."""

    def __init__(self, drawn_glyphs: Sequence[DrawnGlyph | None]) -> None:
        self._drawn_glyphs = drawn_glyphs

    def text(self, drawn: DrawnGlyph, *, is_word: bool) -> str:
        """Return the text of a character that its font has no table for, and that may be a word."""
        text = drawn.glyph.text
        if is_word and text in _BULLETS:
            return "•"
        if text in _SYMBOLS and id(drawn.style.font) in self._fonts:
            return _SYMBOLS[text]
        return text

    @cached_property
    def _fonts(self) -> set[int]:
        """The fonts that draw nothing but symbols on this page."""
        drawn_glyphs: Iterable[DrawnGlyph] = [drawn for drawn in self._drawn_glyphs if drawn]
        others = {id(drawn.style.font) for drawn in drawn_glyphs if drawn.glyph.text not in _SYMBOLS}
        return {id(drawn.style.font) for drawn in drawn_glyphs} - others
