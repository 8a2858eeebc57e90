"""Read the characters of a PDF page, in drawing order, with their positions and styles."""

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import pypdfium2_raw as pdfium

from documents.errors import CorruptFile, TooMuchText
from documents.layout.normalize import count_unknown_characters
from documents.pdf.characters.fonts import Font, read_font
from documents.pdf.page_objects import Box, Rectangle, object_address

# Characters that PDFium returns for a hyphen at the end of a line, and the codes of hyphens. A soft hyphen is
# usually drawn in a PDF, unlike in other formats.
_SOFT_HYPHEN = 0xAD
_HYPHENS = frozenset({0x02, 0xFFFE, _SOFT_HYPHEN, 0x2010, 0x2011})
# Without ink, a soft hyphen is nothing, and a character without a code is a space.
_BLANK_WITHOUT_INK = frozenset({0, _SOFT_HYPHEN, 0xFFFD})
# Points. PDFium rounds the empty box of a glyph without ink.
_NO_INK = 0.05
_SPACES = frozenset(map(ord, " \xa0\u3000"))
# Codes of line breaks and tabs, which are characters in fonts without a table of characters.
_CONTROLS = frozenset(map(ord, "\r\n\t"))
_ASCII = range(0x21, 0x7F)
# Radians. Text rotated by less is upright.
_UPRIGHT = 0.05
_UNKNOWN_FONT: Final = Font()
# These modes draw nothing, or only clip later drawings.
_INVISIBLE_MODES = frozenset({pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP})


class Glyph(NamedTuple):
    """A character with its position in points from the top left of the upright page."""

    text: str
    left: float = 0.0
    right: float = 0.0
    top: float = 0.0
    bottom: float = 0.0
    base: float = 0.0
    size: float = 0.0
    font: str = ""
    bold: bool = False
    # Width of the font's space in multiples of the font size.
    space: float = 0.25


WORD_END: Final = Glyph("")


# Not frozen, which takes three times as long to create: some programs draw each letter as an object.
@dataclass(slots=True)
class Style:
    """The properties that all characters of a text object share.

    Attributes:
        source: the address of the text object
        narrow_size: the smaller of the font sizes along and across the line
        invisible: the object draws nothing by itself
    """

    source: int | None = None
    font: Font = _UNKNOWN_FONT
    size: float = 0.0
    narrow_size: float = 0.0
    rotated: bool = False
    invisible: bool = False


class DrawnGlyph(NamedTuple):
    """A character that the page draws, visible or not. `shape` is the bounding box of its ink."""

    glyph: Glyph
    shape: Rectangle
    style: Style
    unmapped: bool

    @property
    def has_ink(self) -> bool:
        left, top, right, bottom = self.shape
        return right - left > _NO_INK and bottom - top > _NO_INK


@lru_cache(maxsize=4_096)
def _is_unknown(character: str) -> bool:
    return count_unknown_characters(character) > 0


# A document has few distinct matrices.
@lru_cache(maxsize=256)
def _scale(a: float, b: float, c: float, d: float, quarter_turns: int) -> tuple[float, float, bool]:
    """Return the factor of the font size, that of its smaller side, and True if the text is rotated."""
    angle = math.atan2(b, a) + quarter_turns * -math.pi / 2
    return (
        math.sqrt(abs(a * d - b * c)) or 1.0,
        min(math.hypot(a, b), math.hypot(c, d)),
        abs(math.remainder(angle, 2 * math.pi)) > _UPRIGHT,
    )


class GlyphReader:
    """Reads the characters of one document's pages."""

    def __init__(self) -> None:
        self._rectangle = pdfium.FS_RECTF()
        self._matrix = pdfium.FS_MATRIX()
        self._numbers = tuple(ctypes.c_double() for _ in range(4))

    def read(self, page: object, box: Box, *, max_characters: int) -> list[DrawnGlyph | None]:
        """Return the characters of a page, with None at the end of each word.

        Raises:
            CorruptFile: the text of the page cannot be read.
            TooMuchText: the page has more than `max_characters`, visible or not.
        """
        text_page = pdfium.FPDFText_LoadPage(page)
        if not text_page:
            raise CorruptFile
        try:
            count = pdfium.FPDFText_CountChars(text_page)
            if count > max_characters:
                raise TooMuchText
            return list(self._drawn_glyphs(text_page, box, count))
        finally:
            pdfium.FPDFText_ClosePage(text_page)

    def _drawn_glyphs(self, text_page: object, box: Box, count: int) -> Iterator[DrawnGlyph | None]:
        fonts: dict[int | None, Font] = {}
        styles: dict[int | None, Style] = {}
        for at in range(count):
            code = pdfium.FPDFText_GetUnicode(text_page, at)
            if code in _SPACES:
                yield None
                continue
            item = pdfium.FPDFText_GetTextObject(text_page, at)
            if code in _CONTROLS and not item:
                yield None
                continue
            key = object_address(item)
            style = styles.get(key)
            if style is None:
                style = styles[key] = self._style(text_page, at, item, key, box, fonts)
            unmapped = pdfium.FPDFText_HasUnicodeMapError(text_page, at) == 1
            if code in _CONTROLS and not unmapped:
                yield None
                continue
            font = style.font
            if code in _HYPHENS:
                character = "-"
            elif unmapped or font.has_icons or code not in _ASCII:
                character = font.character(code, unmapped=unmapped)
            else:
                character = chr(code)
            unmapped = unmapped or (not character.isascii() and _is_unknown(character))
            drawn = self._drawn_glyph(text_page, at, box, character, style, unmapped=unmapped)
            if code in _BLANK_WITHOUT_INK and not drawn.has_ink:
                if code != _SOFT_HYPHEN:
                    yield None
                continue
            yield drawn

    def _drawn_glyph(
        self, text_page: object, at: int, box: Box, character: str, style: Style, *, unmapped: bool
    ) -> DrawnGlyph:
        rectangle, font = self._rectangle, style.font
        pdfium.FPDFText_GetLooseCharBox(text_page, at, rectangle)
        left, top, right, bottom = box.rectangle(
            rectangle.left, rectangle.bottom, rectangle.right, rectangle.top
        )
        x0, x1, y0, y1 = self._numbers
        pdfium.FPDFText_GetCharOrigin(text_page, at, x0, y0)
        base = box.place(x0.value, y0.value)[1]
        pdfium.FPDFText_GetCharBox(text_page, at, x0, x1, y0, y1)
        shape = box.rectangle(x0.value, y0.value, x1.value, y1.value)
        glyph = Glyph(character, left, right, top, bottom, base, style.size, font.name, font.bold, font.space)
        return DrawnGlyph(glyph, shape, style, unmapped)

    def _style(
        self,
        text_page: object,
        at: int,
        item: object,
        source: int | None,
        box: Box,
        fonts: dict[int | None, Font],
    ) -> Style:
        m = self._matrix
        pdfium.FPDFText_GetMatrix(text_page, at, m)
        size = pdfium.FPDFText_GetFontSize(text_page, at)
        scale, narrow_scale, rotated = _scale(m.a, m.b, m.c, m.d, box.quarter_turns)
        if not item:
            return Style(size=size * scale, narrow_size=size * scale)
        font = pdfium.FPDFTextObj_GetFont(item)
        key = object_address(font)
        if key not in fonts:
            fonts[key] = read_font(font)
        properties = fonts[key]
        return Style(
            source=source,
            font=properties,
            size=size * scale,
            narrow_size=size * narrow_scale,
            rotated=rotated,
            invisible=pdfium.FPDFTextObj_GetTextRenderMode(item) in _INVISIBLE_MODES,
        )
