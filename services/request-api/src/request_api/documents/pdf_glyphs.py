"""PDF: the characters of a page with their places and looks, those apart that no one sees."""

import ctypes
import math
from dataclasses import dataclass, field

import pypdfium2.raw as pdfium

from request_api.documents.errors import CorruptFile, TooMuchText
from request_api.documents.normalize import count_private, count_tags
from request_api.documents.pdf_objects import Box, PageObjects, fill_colour, is_white

# Smaller is not meant to be read: the smallest print of packaging is 4 points.
_TINY = 4.0
_BOLD_WEIGHT = 600
# Characters that PDFium puts for a hyphen at the end of a line.
_HYPHENS = frozenset({0x02, 0xFFFE})
_SPACES = frozenset("\r\n\t \xa0\u3000")
# A page whose text is drawn invisibly over a picture of it, as text recognition does.
_SCANNED_SHARE = 0.9
_UPRIGHT = 0.05


@dataclass(slots=True, frozen=True)
class Glyph:
    """A character on the upright page, from its top left; "" ends a word."""

    text: str
    left: float = 0.0
    right: float = 0.0
    top: float = 0.0
    bottom: float = 0.0
    base: float = 0.0
    size: float = 0.0
    font: str = ""
    bold: bool = False


_BREAK = Glyph("")


@dataclass(slots=True)
class PageGlyphs:
    """Visible characters in the order of drawing; `seen` counts everything that was looked at."""

    upright: list[Glyph] = field(default_factory=list)
    rotated: list[Glyph] = field(default_factory=list)
    seen: int = 0
    glyphs: int = 0
    unmapped: int = 0
    hidden: int = 0


@dataclass(slots=True, frozen=True)
class _Style:
    """What all characters of one text object share."""

    font: str
    bold: bool
    size: float
    angle: float
    white: bool
    # Drawn with no ink at all, as text recognition does over the picture of a page.
    inkless: bool
    # The text object, by its address.
    source: int | None = None


def read_glyphs(page: object, box: Box, objects: PageObjects, *, at_most: int) -> PageGlyphs:
    """Return the characters of a page.

    Hidden are: drawn without ink, white where nothing dark can be behind, under 4 points, off the page,
    clipped away, and under an opaque rectangle that is drawn later.

    Raises:
        CorruptFile, TooMuchText (more than `at_most` characters, visible or not)
    """
    text_page = pdfium.FPDFText_LoadPage(page)
    if not text_page:
        raise CorruptFile
    try:
        count = pdfium.FPDFText_CountChars(text_page)
        if count > at_most:
            raise TooMuchText
        return _Reader(text_page, box, objects).read(count)
    finally:
        pdfium.FPDFText_ClosePage(text_page)


class _Reader:
    def __init__(self, text_page: object, box: Box, objects: PageObjects) -> None:
        self._page = text_page
        self._box = box
        self._objects = objects
        self._fonts: dict[int | None, tuple[str, bool]] = {}
        self._styles: dict[int | None, _Style] = {}
        self._rectangle = pdfium.FS_RECTF()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()

    def read(self, count: int) -> PageGlyphs:
        found = PageGlyphs(seen=count)
        inkless: list[tuple[Glyph, bool]] = []
        lines = (found.upright, found.rotated)
        target = found.upright
        for at in range(count):
            code = pdfium.FPDFText_GetUnicode(self._page, at)
            if code in _HYPHENS:
                code = ord("-")
            if chr(min(code, 0x10FFFF)) in _SPACES:
                target.append(_BREAK)
                continue
            found.glyphs += 1
            character = chr(code) if 0 < code <= 0x10FFFF else "\ufffd"
            if pdfium.FPDFText_HasUnicodeMapError(self._page, at) == 1 or count_private(character):
                found.unmapped += 1
            style = self._style(at)
            glyph = self._glyph(at, character, style)
            target = lines[style.angle > _UPRIGHT]
            if style.inkless:
                inkless.append((glyph, target is found.rotated))
            elif self._is_hidden(glyph, style) or count_tags(character):
                found.hidden += 1
                target.append(_BREAK)
            else:
                target.append(glyph)
        self._settle_inkless(found, inkless)
        return found

    def _settle_inkless(self, found: PageGlyphs, inkless: list[tuple[Glyph, bool]]) -> None:
        visible = sum(1 for glyph in found.upright if glyph.text)
        on_image = sum(
            self._objects.on_image((glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2)
            for glyph, _ in inkless
        )
        share = len(inkless) / (len(inkless) + visible) if inkless else 0.0
        if inkless and share >= _SCANNED_SHARE and on_image >= _SCANNED_SHARE * len(inkless):
            found.upright[:] = _with_breaks([glyph for glyph, turned in inkless if not turned])
        else:
            found.hidden += len(inkless)

    def _glyph(self, at: int, character: str, style: _Style) -> Glyph:
        rectangle = self._rectangle
        pdfium.FPDFText_GetLooseCharBox(self._page, at, rectangle)
        left, top, right, bottom = self._box.rectangle(
            rectangle.left, rectangle.bottom, rectangle.right, rectangle.top
        )
        pdfium.FPDFText_GetCharOrigin(self._page, at, self._x, self._y)
        base = self._box.place(self._x.value, self._y.value)[1]
        return Glyph(character, left, right, top, bottom, base, style.size, style.font, style.bold)

    def _is_hidden(self, glyph: Glyph, style: _Style) -> bool:
        x, y = (glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2
        if not (0 <= x <= self._box.width and 0 <= y <= self._box.height):
            return True
        if style.size < _TINY or self._objects.conceals(style.source, x, y):
            return True
        return style.white and not self._objects.covers(x, y)

    def _style(self, at: int) -> _Style:
        item = pdfium.FPDFText_GetTextObject(self._page, at)
        key = ctypes.cast(item, ctypes.c_void_p).value
        if key not in self._styles:
            self._styles[key] = self._read_style(at, item, key)
        return self._styles[key]

    def _read_style(self, at: int, item: object, address: int | None) -> _Style:
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(self._page, at, matrix)
        scale = math.sqrt(abs(matrix.a * matrix.d - matrix.b * matrix.c)) or 1.0
        turned = math.atan2(matrix.b, matrix.a) + self._box.quarter_turns * -math.pi / 2
        size = pdfium.FPDFText_GetFontSize(self._page, at) * scale
        if not item:
            return _Style("", False, size, 0.0, False, False)
        name, bold = self._font(item)
        mode = pdfium.FPDFTextObj_GetTextRenderMode(item)
        colour = fill_colour(item)
        filled = mode in (pdfium.FPDF_TEXTRENDERMODE_FILL, pdfium.FPDF_TEXTRENDERMODE_FILL_CLIP)
        return _Style(
            font=name,
            bold=bold,
            size=size,
            angle=abs(math.remainder(turned, 2 * math.pi)),
            white=filled and colour is not None and is_white(colour),
            inkless=mode == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE,
            source=address,
        )

    def _font(self, item: object) -> tuple[str, bool]:
        font = pdfium.FPDFTextObj_GetFont(item)
        key = ctypes.cast(font, ctypes.c_void_p).value
        if key not in self._fonts:
            name = _font_name(font)
            heavy = bool(font) and pdfium.FPDFFont_GetWeight(font) >= _BOLD_WEIGHT
            self._fonts[key] = name, heavy or "bold" in name.lower()
        return self._fonts[key]


def _with_breaks(glyphs: list[Glyph]) -> list[Glyph]:
    """Text recognition leaves the spaces out of what was collected: gaps stand for them."""
    spaced: list[Glyph] = []
    for glyph in glyphs:
        if spaced and (
            abs(glyph.base - spaced[-1].base) > 1 or glyph.left - spaced[-1].right > 0.15 * glyph.size
        ):
            spaced.append(_BREAK)
        spaced.append(glyph)
    return spaced


def _font_name(font: object) -> str:
    if not font:
        return ""
    buffer = ctypes.create_string_buffer(256)
    length = pdfium.FPDFFont_GetBaseFontName(font, buffer, len(buffer))
    name = buffer.raw[: max(0, min(length, len(buffer)) - 1)].decode("utf-8", "replace")
    # "ABCDEF+Name": a subset of the font.
    return name[7:] if name[6:7] == "+" and name[:6].isupper() else name
