"""Read plain text in the encodings that resumes use."""

import re

from documents.errors import TooMuchText, UnsupportedFileType
from documents.layout.lines import Line
from documents.layout.normalize import LINE_BREAKS, tag_characters
from documents.limits import Limits
from documents.parsed_file import ParsedFile

_KANA = re.compile("[\u3041-\u30fe]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
# A third or more of Japanese text is kana. Western text that happens to decode contains next to none.
_KANA_SHARE = 0.1
# Text may contain a stray control character. Programs and pictures are full of them.
_CONTROL_SHARE = 0.01
# The limit applies after white space was dropped. A text longer than this multiple is rejected before that.
_MAX_WITH_WHITE_SPACE = 5
# At most one letter in three of Western text has an accent.
_ACCENT_SHARE = 0.34


def read_text(data: bytes, *, limits: Limits) -> ParsedFile:
    """Return the lines of a text file.

    Raises:
        UnsupportedFileType, TooMuchText
    """
    text = decode(data)
    if len(text) > _MAX_WITH_WHITE_SPACE * limits.text_characters:
        raise TooMuchText
    return ParsedFile(
        file_type="txt",
        lines=[Line(text=line) for line in LINE_BREAKS.split(text)],
        hidden_characters=len(tag_characters(text)),
        hidden_text=tag_characters(text),
    )


def decode(data: bytes) -> str:
    """Decode UTF-8, UTF-16 with a byte order mark, Shift_JIS, EUC-JP or Windows-1252.

    Raises:
        UnsupportedFileType: the bytes are not text in one of these encodings.
    """
    text = _decode(data)
    if text is None or "\x00" in text or len(_CONTROLS.findall(text)) > _CONTROL_SHARE * len(text):
        raise UnsupportedFileType
    return text


def _decode(data: bytes) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _try(data, "utf-16")
    text = _try(data, "utf-8-sig")
    if text is not None:
        return text
    japanese = [(_kana_share(text), text) for text in (_try(data, "cp932"), _try(data, "euc_jp")) if text]
    if japanese and (best := max(japanese))[0] >= _KANA_SHARE:
        return best[1]
    western = _try(data, "cp1252")
    if western and sum(character > "\x7f" for character in western) <= _ACCENT_SHARE * len(western):
        return western
    return None


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _kana_share(text: str) -> float:
    non_ascii = sum(character > "\x7f" for character in text)
    return len(_KANA.findall(text)) / non_ascii if non_ascii else 0.0
