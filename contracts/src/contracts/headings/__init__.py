"""The headings of resumes in English and Japanese, read alike by the document reader and by the rules.

This package imports no pydantic, because that would slow down the start of the reader's worker.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from contracts.headings import english, japanese
from contracts.headings.heading import Heading

__all__ = ["MAX_HEADING", "Heading", "label_heading", "read_heading", "starts_with_sign"]

# A longer line is no heading.
MAX_HEADING: Final = 60
_SENTENCE_ENDS: Final = tuple(".,;。、")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
# "1. ", "IV. ", "Ⅱ．", "(3) ", "A) "
_NUMBER = re.compile(r"^[(（]?(?:\d{1,2}|[IVXivx]{1,4}|[A-Za-z])[.)．）、]\s*")
# "Publications (selected)", "本人希望記入欄（特に給料・職種などについての希望があれば記入）"
_REMARK = re.compile(r"(?<=\S)\s*[(（\[［][^()（）\[\]［］]*[)）\]］]$")
_HAS_JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
_SIGN = re.compile(r"[^\w\s(（「『【〔［\[#'\"“+]")
# Resumes repeat few lines, but a batch of them repeats the same headings.
_REMEMBERED: Final = 4_096


@lru_cache(maxsize=_REMEMBERED)
def read_heading(line: str) -> Heading | None:
    """Return the heading that a line is, or None for any other line."""
    if len(line) > MAX_HEADING or line.rstrip()[-1:] in _SENTENCE_ENDS:
        return None
    # Full-width Latin letters, usual in Japanese headings, become ordinary ones.
    text = unicodedata.normalize("NFKC", line).strip()
    text = _REMARK.sub("", text.rstrip(":： ")) or text
    text = _EDGES.sub("", _NUMBER.sub("", _EDGES.sub("", text) if not text[:1].isalnum() else text))
    if not text:
        return None
    return japanese.read(text) if _HAS_JAPANESE.search(text) else english.read(text)


def label_heading(head: str) -> Heading | None:
    """Return the heading before the colon of "Skills: Python, Go".

    Most headings are only labels within a section there ("Relevant courses: ..."), and return None.
    """
    text = unicodedata.normalize("NFKC", head).strip()
    is_label = text.lower() in english.LABELS or text in japanese.LABELS
    return read_heading(text) if is_label else None


def starts_with_sign(line: str) -> str:
    """Return the sign of a list item or an ornament at the start of a line, or "" without one."""
    return line[0] if _SIGN.match(line) else ""
