"""Plain text in the encodings that resumes really come in."""

import re

from documents.errors import TooMuchText, UnsupportedFileType
from documents.extract import Extract, Line
from documents.layout.normalize import LINE_BREAKS, tags
from documents.limits import Limits

_KANA = re.compile("[\u3041-\u30fe]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
# Real Japanese is a third kana or more; Western text that happens to decode has next to none.
_KANA_SHARE = 0.1
# A text may hold a stray control character; a program or a picture is full of them.
_CONTROL_SHARE = 0.01
# White space is dropped before the text is measured; with more of it than this it is not worth the time.
_MOSTLY_BLANK = 5
# In Western text at most one letter in three has an accent.
_ACCENT_SHARE = 0.34


def read_text(data: bytes, *, limits: Limits) -> Extract:
    """Return the lines of a text file; no signal of geometry. Raises UnsupportedFileType, TooMuchText."""
    text = decode(data)
    if len(text) > _MOSTLY_BLANK * limits.text_characters:
        raise TooMuchText
    return Extract(
        file_type="txt",
        lines=[Line(text=line) for line in LINE_BREAKS.split(text)],
        hidden_characters=len(tags(text)),
        hidden_text=tags(text),
    )


def decode(data: bytes) -> str:
    """Decode UTF-8, UTF-16 with a mark, Shift_JIS, EUC-JP or Windows-1252, or raise UnsupportedFileType."""
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
    foreign = sum(character > "\x7f" for character in text)
    return len(_KANA.findall(text)) / foreign if foreign else 0.0
