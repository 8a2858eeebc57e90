"""Provide PDFium with a fallback for Japanese, Chinese and Korean fonts that a file names but does not embed.

Without it, PDFium would draw nothing in their place, and all their text would count as hidden. With the fonts
of the machine, the same file would be read differently on another machine.
"""

import ctypes
from functools import cache
from struct import pack

import pypdfium2_raw as pdfium

# Windows character sets: Shift_JIS, Hangul, GB 2312, Big5.
_ASIAN = frozenset({128, 129, 134, 136})
_EM = 1000
# Half as wide as an ideograph, so that Latin letters of the same font do not overlap each other.
_LEFT, _BOTTOM, _RIGHT, _TOP = 60, -60, 440, 820


@cache
def start_pdfium() -> object:
    """Initialise PDFium, once per process. Return the callbacks, which must not be garbage-collected."""
    pdfium.FPDF_InitLibraryWithConfig(pdfium.FPDF_LIBRARY_CONFIG(version=2))
    kinds = dict(pdfium.FPDF_SYSFONTINFO._fields_)
    callbacks = {
        "Release": lambda _: None,
        "EnumFonts": lambda *_: None,
        "MapFont": _map_font,
        "GetFont": lambda *_: None,
        "GetFontData": _get_font_data,
        "GetFaceName": lambda *_: 0,
        "GetFontCharset": lambda *_: 1,
        "DeleteFont": lambda *_: None,
    }
    fonts = pdfium.FPDF_SYSFONTINFO(
        version=1, **{name: kinds[name](function) for name, function in callbacks.items()}
    )
    pdfium.FPDF_SetSystemFontInfo(ctypes.byref(fonts))
    return fonts


def _map_font(_: object, _weight: int, _italic: int, charset: int, *_more: object) -> int | None:
    """Choose the fallback font for Asian character sets. For others PDFium uses its own Latin font."""
    return 1 if charset in _ASIAN else None


def _get_font_data(_: object, _handle: object, table: int, buffer: int | None, size: int) -> int:
    """Copy the whole font into the buffer if it fits. Single tables are not provided."""
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
        # Format 13 maps a range, here all of Unicode, to one glyph.
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
