"""Find the headings that are in no list: those in the style of the known ones, and those in capitals."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Hashable, Mapping, Sequence
from itertools import pairwise
from typing import Final

from contracts.headings import MAX_HEADING, Heading, starts_with_sign

from documents.layout.lines import SourceLine

# Dates, sentences, lists, cells, bullets, addresses, and the closing words of a Japanese career table.
_NO_HEADING = re.compile(
    r"\d{4}|[.;。]$|[,、\t@|｜]|\s[–—-]\s|^(?:[•‣◦▪●○▶➢✓·・*–—-]|o\s)|現在に至る$|^以上$"
)
_LETTER = re.compile(r"[^\W\d_]")
DATE = re.compile(r"(?:19|20)\d\d|\b\d{1,2}/\d\d\b|['’]\d\d\b|(?:昭和|平成|令和)\s*[\d元]")
# Names of employers and schools, and titles of positions.
_ENTRY_NAME = re.compile(
    r"\b(?:inc|llc|ltd|limited|gmbh|ag|corp|corporation|co|company|group|bank|university|college|school"
    r"|institute|academy|hospital|plc|solutions|technologies|holdings|partners|associates|ministry"
    r"|engineer|developer|manager|analyst|consultant|director|officer|assistant|intern|specialist"
    r"|coordinator|supervisor|nurse|teacher|designer|administrator|accountant|architect)\b"
    r"|株式会社|有限会社|合同会社|[(（]株[)）]|大学|高等学校|高校|学院|法人|銀行|病院",
    re.IGNORECASE,
)
_DEGREE = re.compile(r"\b(?:BS[Cc]?|BA|MS[Cc]?|MA|MBA|P[Hh]D|BACHELOR|MASTER|DIPLOMA|DEGREE)\b")
_MOST_WORDS: Final = 6
# An entry has its dates in its first lines.
_LINES_WITH_DATES: Final = 3
_FEWEST_ENTRIES: Final = 2
# Items of honours and talks are shorter than those that describe work.
_LONG_ITEM: Final = 60
_LINES_BELOW: Final = 5
# A shorter line in capitals is an abbreviation, such as "AWS" in a list of skills.
_FEWEST_LETTERS: Final = 6


def headings_by_style(
    lines: Sequence[SourceLine], known: Mapping[int, Heading], styles: set[Hashable]
) -> list[int]:
    """Return unknown headings in the style of the known ones, but not employers or schools in that style."""
    written = [lines[at].text for at, heading in known.items() if heading.is_certain]
    all_upper = all(text.isupper() for text in written)
    name = lines[0].text
    candidates = [
        at
        for at, line in enumerate(lines)
        if at > 0
        and at not in known
        and line.style in styles
        and line.text != name
        and (line.text.isupper() or not all_upper)
        and _may_be_heading(line.text)
    ]
    found: list[int] = []
    for start, end in pairwise([-1, *sorted(known), len(lines)]):
        inside = candidates[bisect_right(candidates, start) : bisect_left(candidates, end)]
        if start >= 0 and known[start].kind == "experience":
            inside = [at for at in inside if not _introduces_work(lines, at)]
        if inside and not (start >= 0 and _are_entries(lines, inside, start)):
            found += inside
    return found


def _may_be_heading(text: str) -> bool:
    if len(text) > MAX_HEADING or len(text.split()) > _MOST_WORDS or not _LETTER.search(text):
        return False
    return not _NO_HEADING.search(text) and not _ENTRY_NAME.search(text)


def _are_entries(lines: Sequence[SourceLine], inside: Sequence[int], heading: int) -> bool:
    """Return True if lines in the style of headings name the entries of one section.

    The first of them then follows the section's heading, or several have dates beside them.
    """
    if inside[0] == heading + 1:
        return True
    dated = [
        at for at in inside if any(DATE.search(line.text) for line in lines[at : at + _LINES_WITH_DATES])
    ]
    return len(dated) >= _FEWEST_ENTRIES and len(dated) == len(inside)


def _introduces_work(lines: Sequence[SourceLine], at: int) -> bool:
    """Return True if several long list items follow a line, as they follow an employer."""
    below = [line.text for line in lines[at + 1 : at + 1 + _LINES_BELOW]]
    long_items = [text for text in below if starts_with_sign(text) and len(text) >= _LONG_ITEM]
    return len(long_items) >= _FEWEST_ENTRIES


def headings_in_capitals(
    lines: Sequence[SourceLine], known: Mapping[int, Heading], apart: Collection[int]
) -> list[int]:
    """Return unknown headings of a text without styles, if all known ones are in capitals below a blank line.

    An employer or a school in capitals has its dates, or its work, in the next lines.
    """
    written = [at for at, heading in known.items() if heading.is_certain]
    if len(written) < _FEWEST_ENTRIES or not all(lines[at].text.isupper() and at in apart for at in written):
        return []
    name = lines[0].text.upper()
    candidates = [
        at
        for at in range(min(written) + 1, len(lines) - 1)
        if at in apart
        and at not in known
        and (text := lines[at].text).isupper()
        and text != name
        and sum(map(str.isalpha, text)) >= _FEWEST_LETTERS
        and _may_be_heading(text)
        and not _DEGREE.search(text)
    ]
    found: list[int] = []
    for start, end in pairwise([*sorted(known), len(lines)]):
        inside = candidates[bisect_right(candidates, start) : bisect_left(candidates, end)]
        inside = [at for at in inside if not _has_date(lines[at : min(at + 1 + _LINES_WITH_DATES, end)])]
        if known[start].kind == "experience":
            inside = [at for at in inside if not _introduces_work(lines, at)]
        if inside and inside[0] != start + 1:
            found += inside
    return found


def _has_date(lines: Sequence[SourceLine]) -> bool:
    return any(DATE.search(line.text) for line in lines)
