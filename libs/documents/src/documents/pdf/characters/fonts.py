"""Properties of the fonts of a PDF file, and the characters of fonts that PDFium has no table for."""

import ctypes
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import pypdfium2_raw as pdfium

from documents.layout.normalize import restore_letters

_BOLD_WEIGHT = 600
# Multiples of the font size. A space of another width is a placeholder.
_SPACE = 0.25
_SPACE_RANGE = (0.15, 0.7)
# Fonts whose glyphs are pictures, although they may be mapped to letters.
_ICONS = re.compile(
    "awesome|glyphicon|material ?-?(?:icon|symbol)|icomoon|ionicon|icofont|typicon|octicon|academicon|entypo|"
    "fontello|devicon|bootstrap-?icon|remixicon|linearicon|line-?icon|feather(?:icon)?s?$|marvosym|webdings|"
    "wingdings|themify|zocial|dripicon|boxicon|foundation-?icon|(?:^|[-_ ])icons?$",
    re.IGNORECASE,
)
# Bullets of the Wingdings fonts, by letter and by private character, and of Font Awesome.
_WINGDINGS_BULLETS: Final = frozenset("lnqtuvwsoØÜàèðò§¨ü®·●■❑◆❖▪➢✓•◦○□☐▶")
_AWESOME_BULLETS: Final = frozenset(
    "\uf111\uf10c\uf192\uf0c8\uf105\uf054\uf0da\uf061\uf101\uf138\uf00c\uf058•●■▪"
)
_PRIVATE: Final = "\ue000"
_BULLET: Final = "•"
# The T1 encoding of LaTeX. PDFium returns the code of a character if the font has no other table, which is so
# for the bitmap (Type 3) fonts of LaTeX. Codes 11 to 15 are the ligatures of the older OT1 encoding, and 123
# is its dash.
LATEX_LETTERS: Final = {
    **dict(zip(range(11, 16), ("ff", "fi", "fl", "ffi", "ffl"), strict=True)),
    **dict(zip(range(16, 23), "“”„«»–—", strict=True)),
    **dict(zip(range(27, 32), ("ff", "fi", "fl", "ffi", "ffl"), strict=True)),
    39: "’",
    96: "‘",
    123: "–",
    127: "-",
    **dict(enumerate("ĂĄĆČĎĚĘĞĹĽŁŃŇŊŐŔŘŚŠŞŤŢŰŮŸŹŽŻĲİđ§", 128)),
    **dict(enumerate("ăąćčďěęğĺľłńňŋőŕřśšşťţűůÿźžżĳ¡¿£", 160)),
    0xD7: "Œ",
    0xDF: "SS",
    0xF7: "œ",
    0xFF: "ß",
}


# A document has few distinct characters.
_restore_letter = lru_cache(maxsize=4_096)(restore_letters)


@dataclass(frozen=True, slots=True)
class Font:
    """The properties of a font.

    Attributes:
        name: the name, without the prefix of a subset
        bold: the letters are bold
        embedded: the file contains the shapes of the letters
        space: the width of the space in multiples of the font size
        has_icons: the glyphs are pictures
    """

    name: str = ""
    bold: bool = False
    embedded: bool = True
    space: float = _SPACE
    has_icons: bool = False

    def character(self, code: int, *, unmapped: bool) -> str:
        """Return the text of a character that PDFium reports as `code`, which may be unmapped."""
        character = chr(code) if 0 < code <= 0x10FFFF else "\ufffd"
        if self.has_icons:
            name = self.name.lower()
            bullets = _WINGDINGS_BULLETS if "dings" in name else _AWESOME_BULLETS
            # Wingdings are mapped to private characters too: U+F06C is the letter "l".
            plain = chr(code - 0xF000) if "dings" in name and 0xF020 <= code <= 0xF0FF else character
            return _BULLET if plain in bullets else _PRIVATE
        if unmapped:
            return LATEX_LETTERS.get(code, character)
        return _restore_letter(character)


def read_font(font: object) -> Font:
    """Return the properties of a PDFium font, which may be None."""
    if not font:
        return Font()
    name = _font_name(font)
    width = ctypes.c_float()
    pdfium.FPDFFont_GetGlyphWidth(font, ord(" "), 1.0, width)
    low, high = _SPACE_RANGE
    return Font(
        name=name,
        bold=pdfium.FPDFFont_GetWeight(font) >= _BOLD_WEIGHT or "bold" in name.lower(),
        embedded=pdfium.FPDFFont_GetIsEmbedded(font) == 1,
        space=width.value if low <= width.value <= high else _SPACE,
        has_icons=_ICONS.search(name) is not None,
    )


def _font_name(font: object) -> str:
    buffer = ctypes.create_string_buffer(256)
    length = pdfium.FPDFFont_GetBaseFontName(font, buffer, len(buffer))
    name = buffer.raw[: max(0, min(length, len(buffer)) - 1)].decode("utf-8", "replace")
    # "ABCDEF+Name" is a subset of the font "Name".
    return name[7:] if name[6:7] == "+" and name[:6].isupper() else name
