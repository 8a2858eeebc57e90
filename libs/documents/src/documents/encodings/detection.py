"""Find the encoding of plain text by evidence: valid sequences, control characters, kana, places of accents.

`charset-normalizer` is not used: it reads 9 of 19 samples of the tests (short texts in Mac Roman, UTF-16
without a byte order mark, ISO-2022-JP, EUC-JP), this module all of them, in a twentieth of the time.
"""

import codecs
import re
from typing import Final

from documents.encodings.iso2022jp import decode_iso2022jp, is_iso2022jp
from documents.encodings.western import decode_western

_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF32: Final = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
# UTF-16 is recognised by its beginning, because the whole of a large file takes long.
_SAMPLE: Final = 65_536
_KANA: Final = re.compile("[\u3041-\u30fe]")
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
# Characters that the wrong byte order is full of: noncharacters, private ones and rare blocks.
_IMPLAUSIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u0a00\u0d00\u1200-\u1cff\ua000-\uabff\ue000-\uf8ff\ufffe\uffff]"
)
_WHITE_SPACE: Final = re.compile("[\t\n\r \u3000]")
# Text has white space at least this often, also Japanese text with one line break in a long paragraph.
_WHITE_SPACE_SHARE: Final = 0.004
_PASTED: Final = re.compile(rb"(?<![\x80-\xff])([\x80-\xff])(?![\x80-\xff])")
# A third or more of Japanese text is kana. Western text that happens to decode contains next to none.
_KANA_SHARE: Final = 0.1
# Text may contain a stray control character. Programs and pictures are full of them.
_CONTROL_SHARE: Final = 0.01
# Damaged bytes in a hundred characters that leave a text readable.
_DAMAGED_SHARE: Final = 0.01
# A damaged byte for so many valid sequences of UTF-8. Other encodings rarely form one.
_DAMAGED_UTF8: Final = 0.25


def decode_text(data: bytes) -> str | None:
    """Decode UTF-8, UTF-16, ISO-2022-JP, Shift_JIS, EUC-JP, Windows-1252 or Mac Roman.

    Returns:
        The text, with U+FFFD for each damaged sequence, or None if the bytes are no text in one of these.
    """
    text = _decode(data)
    if text is None or len(_CONTROLS.findall(text)) > _CONTROL_SHARE * len(text):
        return None
    return text.replace("\x00", "")


def _decode(data: bytes) -> str | None:
    if data.startswith(_UTF32):
        return data.decode("utf-32", "replace")
    if data.startswith(_UTF16):
        return data.decode("utf-16", "replace")
    if b"\x00" in data:
        # Some programs leave a null byte in ordinary text or fill its end with them.
        filled = data.rstrip(b"\x00")
        stray = filled.replace(b"\x00", b"")
        few = len(filled) - len(stray) <= _CONTROL_SHARE * len(filled)
        text = _try(stray, "utf-8-sig") if few else None
        if text is not None:
            return text
        if (text := _utf16_without_mark(data)) is not None or not few:
            return text
        data = stray
    if is_iso2022jp(data):
        return decode_iso2022jp(data)
    return _try(data, "utf-8-sig") or _damaged_utf8(data) or _japanese(data) or decode_western(data)


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _utf16_without_mark(data: bytes) -> str | None:
    """Decode UTF-16 in the byte order that gives the white space of a text, or return None for neither."""
    spaces: dict[str, int] = {}
    for order in ("utf-16-le", "utf-16-be"):
        sample = data[: min(_SAMPLE, len(data)) & ~1].decode(order, "replace")
        odd = len(_IMPLAUSIBLE.findall(sample)) + sample.count("\ufffd")
        spaces[order] = 0 if odd > _DAMAGED_SHARE * len(sample) else len(_WHITE_SPACE.findall(sample))
    best = max(spaces, key=lambda order: spaces[order])
    if spaces[best] <= _WHITE_SPACE_SHARE * min(_SAMPLE, len(data)) / 2 or len(set(spaces.values())) == 1:
        return None
    return data[: len(data) & ~1].decode(best, "replace")


def _damaged_utf8(data: bytes) -> str | None:
    """Decode UTF-8 with a few damaged bytes, if the valid sequences are the clear majority."""
    text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    valid = sum(character > "\x7f" for character in text) - damaged
    if damaged > _DAMAGED_UTF8 * valid or damaged > _DAMAGED_SHARE * len(text) + 1:
        return None
    # A single byte among ASCII was pasted from Windows-1252.
    parts = _PASTED.split(data.removeprefix(codecs.BOM_UTF8))
    return "".join(part.decode("cp1252" if at % 2 else "utf-8", "replace") for at, part in enumerate(parts))


def _japanese(data: bytes) -> str | None:
    candidates: list[tuple[float, str]] = []
    for encodings in (("cp932",), ("euc_jp", "euc_jis_2004")):
        # The second encoding adds the characters of vendors, such as ①.
        text = _try(data, encodings[0]) or data.decode(encodings[-1], "replace")
        if text.count("\ufffd") <= _DAMAGED_SHARE * len(text):
            candidates.append((_kana_share(text), text))
    share, text = max(candidates, default=(0.0, ""))
    return text if share >= _KANA_SHARE else None


def _kana_share(text: str) -> float:
    non_ascii = sum(character > "\x7f" for character in text)
    return len(_KANA.findall(text)) / non_ascii if non_ascii else 0.0
