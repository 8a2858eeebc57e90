"""Divide the text of a resume into sections, in English and Japanese."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from documents.layout.headings import heading_type, is_ambiguous, label_type

# The cap of `contracts.document`.
MAX_SECTIONS: Final = 200
_MAX_TITLE: Final = 200
_MAX_HEADING: Final = 60
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
# Dates, sentences, cells, bullets, addresses, and the closing words of a Japanese career table.
_NO_HEADING = re.compile(r"\d{4}|[.,;。、]$|\t|@|^(?:[•‣◦▪●○▶➢✓·・*–—-]|o\s)|現在に至る$|^以上$")
_LETTER = re.compile(r"[^\W\d_]")


class SourceLine(NamedTuple):
    """A line of the text, its offset in the text, and its style (see `documents.layout.lines.Line`)."""

    text: str
    start: int
    style: Hashable = None


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
    headings = _headings(lines)
    first = headings[0][0] if headings else len(lines)
    beginnings = [
        *_preamble(lines[:first]),
        *((lines[at].start, kind, title) for at, kind, title in headings),
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


def _headings(lines: Sequence[SourceLine]) -> list[tuple[int, str, str]]:
    known = [(at, kind) for at, line in enumerate(lines) if (kind := _known_heading(line.text))]
    # Long lines are body text, so their styles do not mark headings.
    body = {line.style for line in lines if len(line.text) > _MAX_HEADING}
    unambiguous = Counter(lines[at].style for at, _ in known if not is_ambiguous(lines[at].text))
    # A resume without long lines: the style of many lines, most of them no known headings, is the body's.
    usual = {
        style
        for style, count in Counter(line.style for line in lines).items()
        if count > len(lines) / 3 and unambiguous[style] < count / 2
    }
    styles = unambiguous.keys() - body - usual - {None}
    known = [
        (at, kind) for at, kind in known if not is_ambiguous(lines[at].text) or _stands_out(lines, at, styles)
    ]
    found = {at: (kind, _title(lines[at].text)) for at, kind in known}
    for at, line in enumerate(lines):
        styled = len(known) > 1 and line.style in styles
        if at not in found and at > 0 and styled and _may_be_heading(line.text):
            found[at] = ("other", _title(line.text))
    for at, kind, title in _labels(lines):
        if kind not in {kind for kind, _ in found.values()}:
            found.setdefault(at, (kind, title))
    return [(at, *found[at]) for at in sorted(found)]


def _stands_out(lines: Sequence[SourceLine], at: int, styles: set[Hashable]) -> bool:
    line, before = lines[at], lines[at - 1] if at else None
    if line.style in styles:
        return True
    blank_above = before is None or line.start - before.start - len(before.text) > 1
    # If headings have no style of their own, a blank line above is the only evidence.
    return blank_above and not styles


def _known_heading(text: str) -> str | None:
    return heading_type(text) if len(text) <= _MAX_HEADING else None


def _may_be_heading(text: str) -> bool:
    return len(text) <= _MAX_HEADING and bool(_LETTER.search(text)) and not _NO_HEADING.search(text)


def _labels(lines: Sequence[SourceLine]) -> list[tuple[int, str, str]]:
    """Find lines like "Skills: Python, Go", which are sections of one line without a heading."""
    labels: list[tuple[int, str, str]] = []
    for at, line in enumerate(lines):
        head, colon, rest = line.text.replace("：", ":", 1).partition(":")
        if colon and rest.strip() and len(head) <= _MAX_HEADING and (kind := label_type(head)):
            labels.append((at, kind, _title(head)))
    return labels


def _title(text: str) -> str:
    return (
        text.strip(" \t\u3000:：■□◆◇●○▼▽【】《》＜＞<>[]#*_=-―─").strip()[:_MAX_TITLE]
        or text.strip()[:_MAX_TITLE]
    )


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
