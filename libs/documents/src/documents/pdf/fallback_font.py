"""PDF: a stand-in for Japanese, Chinese and Korean fonts that a file names but does not hold.

Without one PDFium draws nothing in their place, so that they would all count as hidden; with the fonts of the
machine a file would be read in another way on another machine.
"""

import ctypes
from functools import cache
from struct import pack

import pypdfium2.raw as pdfium

# Of the Windows character sets: Shift_JIS, Hangul, GB 2312, Big5.
_ASIAN = frozenset({128, 129, 134, 136})
_EM = 1000
# Half as wide as an ideograph, so that Latin letters of the same font do not overlap each other.
_LEFT, _BOTTOM, _RIGHT, _TOP = 60, -60, 440, 820


@cache
def start_pdfium() -> object:
    """Start the library, once in a process; return what it needs to be kept."""
    pdfium.FPDF_InitLibraryWithConfig(pdfium.FPDF_LIBRARY_CONFIG(version=2))
    kinds = dict(pdfium.FPDF_SYSFONTINFO._fields_)
    callbacks = {
        "Release": lambda _: None,
        "EnumFonts": lambda *_: None,
        "MapFont": _choose,
        "GetFont": lambda *_: None,
        "GetFontData": _give,
        "GetFaceName": lambda *_: 0,
        "GetFontCharset": lambda *_: 1,
        "DeleteFont": lambda *_: None,
    }
    fonts = pdfium.FPDF_SYSFONTINFO(
        version=1, **{name: kinds[name](function) for name, function in callbacks.items()}
    )
    pdfium.FPDF_SetSystemFontInfo(ctypes.byref(fonts))
    return fonts


def _choose(_: object, _weight: int, _italic: int, charset: int, *_more: object) -> int | None:
    """Take the stand-in; without one PDFium takes a Latin font of its own."""
    return 1 if charset in _ASIAN else None


def _give(_: object, _handle: object, table: int, buffer: int | None, size: int) -> int:
    """Copy the font where there is room for it; it is not given in single tables."""
    font = _font()
    if table:
        return 0
    if buffer and size >= len(font):
        ctypes.memmove(buffer, font, len(font))
    return len(font)


@cache
def _font() -> bytes:
    """Return a TrueType font in which every character is the same box."""
    box = pack(">hhhhhHH4B", 1, _LEFT, _BOTTOM, _RIGHT, _TOP, 3, 0, 1, 1, 1, 1)
    box += pack(">8h", _LEFT, 0, _RIGHT - _LEFT, 0, _BOTTOM, _TOP - _BOTTOM, 0, _BOTTOM - _TOP)
    tables = {
        # Format 13: one glyph for a range, here for all of Unicode.
        b"cmap": pack(">HHHHI", 0, 1, 3, 10, 12) + pack(">HHIIIIII", 13, 0, 28, 0, 1, 0x21, 0x10FFFF, 1),
        b"glyf": box,
        b"head": pack(">IIIIHHQQ4hHHhhh", 0x10000, 0, 0, 0x5F0F3CF5, 0, _EM, 0, 0,
                      _LEFT, _BOTTOM, _RIGHT, _TOP, 0, 6, 2, 0, 0),
        b"hhea": pack(">IhhhHhhh8hhH", 0x10000, 880, -120, 0, _EM, 0, 0, _RIGHT, 1, *[0] * 7, 0, 1),
        b"hmtx": pack(">Hhh", _EM, _LEFT, _LEFT),
        b"loca": pack(">HHH", 0, 0, len(box) // 2),
        b"maxp": pack(">I14H", 0x10000, 2, 4, 1, 0, 0, 1, *[0] * 8),
    }  # fmt: skip
    head = pack(">I4H", 0x10000, len(tables), 64, 2, 16 * len(tables) - 64)
    at, body = len(head) + 16 * len(tables), b""
    for tag, table in tables.items():
        head += tag + pack(">III", 0, at + len(body), len(table))
        body += table + b"\x00" * (-len(table) % 4)
    return head + body
