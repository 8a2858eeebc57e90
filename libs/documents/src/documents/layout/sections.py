"""Divide the text of a resume into sections, in English and Japanese."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from documents.layout.headings import find_headings
from documents.layout.lines import SourceLine

# The cap of `contracts.document`.
MAX_SECTIONS: Final = 200
# A longer preamble contains more than a name and an address.
_CONTACT_LINES: Final = 12
_RUNNING_TEXT_WORDS: Final = 15
_RUNNING_TEXT_CJK: Final = 45
_CONTACT = re.compile(
    r"[\w.+-]+@[\w-]+\.\w|https?://|www\.|linkedin\.com|github\.com|\+?\(?\d[\d\s().\-‐–ー−]{7,}\d|〒\s?\d{3}"
    r"|(?:氏\s*名|住\s*所|電\s*話|メール|連絡先|生年月日)"
)
_CJK = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
# Only the beginning of a line is searched: the time of the expression grows with the square of the length.
_SEARCHED: Final = 300


@dataclass(frozen=True, slots=True)
class SectionSpan:
    """A section in the shape of `contracts.document.Section`.

    The contract is not imported because pydantic would slow down the start of the worker.
    """

    type: str
    title: str | None
    start: int
    end: int
    start_page: int | None = None
    end_page: int | None = None


def find_sections(
    lines: Sequence[SourceLine], length: int, *, page_starts: Sequence[int] = ()
) -> list[SectionSpan]:
    """Return at most MAX_SECTIONS sections that cover a text of `length` characters without gap or overlap.

    `page_starts` holds the offset of each page. Without it, sections have no pages.
    """
    if not lines:
        return []
    headings = find_headings(lines)
    first = headings[0].at if headings else len(lines)
    beginnings = [
        *_preamble(lines[:first]),
        *((lines[each.at].start, each.type, each.title) for each in headings),
    ]
    beginnings = beginnings[:MAX_SECTIONS]
    starts = [0, *(start for start, _, _ in beginnings[1:])]
    ends = [*starts[1:], length]
    sections = [
        SectionSpan(kind, title, start, end)
        for (_, kind, title), start, end in zip(beginnings, starts, ends, strict=True)
    ]
    if not page_starts:
        return sections
    return [
        replace(
            section,
            start_page=max(1, bisect_right(page_starts, section.start)),
            end_page=max(1, bisect_right(page_starts, max(section.start, section.end - 1))),
        )
        for section in sections
    ]


def _preamble(lines: Sequence[SourceLine]) -> list[tuple[int, str, str | None]]:
    """Divide the lines before the first heading into contact details and a summary without heading."""
    if not lines:
        return []
    running = next((at for at, line in enumerate(lines) if _is_running_text(line.text)), len(lines))
    head = lines[: min(running, _CONTACT_LINES)]
    if not head:
        return [(0, "summary", None)]
    is_contact = any(_CONTACT.search(line.text[:_SEARCHED]) for line in head) or len(head) <= 4
    beginnings: list[tuple[int, str, str | None]] = [(0, "contact" if is_contact else "other", None)]
    if running < len(lines):
        beginnings.append((lines[running].start, "summary" if running <= _CONTACT_LINES else "other", None))
    return beginnings


def _is_running_text(text: str) -> bool:
    if _CONTACT.search(text[:_SEARCHED]):
        return False
    return len(text.split()) >= _RUNNING_TEXT_WORDS or len(_CJK.findall(text)) >= _RUNNING_TEXT_CJK
