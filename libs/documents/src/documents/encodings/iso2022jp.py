"""Decode ISO-2022-JP, the seven-bit encoding of Japanese e-mail.

Python's codec is not used because it rejects ①, ㈱ and 髙, which Japanese programs write in this encoding.
"""

import re
from typing import Final

# Escape sequences that switch to one byte (ASCII, JIS Roman, half-width kana) or to two bytes a character.
_ESCAPE: Final = re.compile(rb"\x1b(\([BJI]|\$[@B]|\$\(D)")
_TWO_BYTES: Final = (b"$@", b"$B")
_HALF_WIDTH: Final = b"(I"
_SUPPLEMENT: Final = b"$(D"


def is_iso2022jp(data: bytes) -> bool:
    """Return True if seven-bit text switches to Japanese characters."""
    return b"\x1b$" in data and data.isascii() and _ESCAPE.search(data) is not None


def decode_iso2022jp(data: bytes) -> str:
    """Return the text, with U+FFFD for damaged characters."""
    first, *rest = _ESCAPE.split(data)
    parts = [first.decode("ascii", "replace")]
    for mode, content in zip(rest[::2], rest[1::2], strict=True):
        parts += [_decode_part(line, mode) for line in re.split(rb"([\r\n]+)", content)]
    return "".join(parts)


def _decode_part(content: bytes, mode: bytes) -> str:
    if not content or content.isspace():
        return content.decode("ascii", "replace")
    if mode in _TWO_BYTES:
        pairs = zip(content[::2], content[1::2], strict=False)
        return b"".join(_shift_jis(high, low) for high, low in pairs).decode("cp932", "replace")
    if mode == _SUPPLEMENT:
        pairs = zip(content[::2], content[1::2], strict=False)
        return b"".join(bytes((0x8F, a | 0x80, b | 0x80)) for a, b in pairs).decode("euc_jp", "replace")
    if mode == _HALF_WIDTH:
        return bytes(byte | 0x80 for byte in content).decode("cp932", "replace")
    return content.decode("ascii", "replace")


def _shift_jis(high: int, low: int) -> bytes:
    """Return the two bytes in Shift_JIS, whose Windows variant knows the characters of all vendors."""
    lead = (high + 1) // 2 + (0x70 if high < 0x5F else 0xB0)
    trail = low + (0x1F if low < 0x60 else 0x20) if high % 2 else low + 0x7E
    return bytes((lead, trail)) if 0x21 <= high <= 0x7E and 0x21 <= low <= 0x7E else b"\xff"
