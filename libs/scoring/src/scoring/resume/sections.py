"""Find the sections of a resume, from the document reader if it found any, else by their headings."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from contracts.document import Section as DocumentSection
from contracts.headings import MAX_HEADING, Heading, read_heading, starts_with_sign

from scoring.language.date_styles import find_dates
from scoring.language.text import Line, Span, fold, text_length

# Ornaments, numbering and dates around a heading: "■職務要約", "1. EDUCATION", "【学歴】", "Skills:".
_ORNAMENT = re.compile(r"[^a-zぁ-ゖァ-ヺー一-鿿々]+")
_JAPANESE = re.compile(r"[ぁ-ゖァ-ヺー一-鿿々]")
_SIGNS: Final = frozenset("•‣◦▪●○-*–・·")
# Headings within a position that separate duties from results. They do not start a section.
_SUBHEADINGS: Final = frozenset(
    {"実績", "主な実績", "業務実績", "成果", "主な成果", "担当業務", "主な業務", "業務内容"}
    | {"職務内容", "業務概要"}
    | {"responsibilities", "key responsibilities", "key achievements", "key results"}
)
# An unknown section is about work if it has a line with dates and this many list items of some length.
_FEWEST_ITEMS: Final = 2
_ITEM_WORDS: Final = 6
# The kind, heading and start of each section.
Starts = list[tuple[str, Span | None, int]]
WORK_KINDS: Final = frozenset({"experience", "projects", "activities", "unknown"})


@dataclass(frozen=True, slots=True)
class Section:
    """A section at `text[start:end]` with its heading.

    `kind` is a kind of heading (see `contracts.headings`) other than "volunteering", "head" before the first
    heading, or "unknown" in a resume without headings and under a heading that is not known.
    """

    kind: str
    title: Span | None
    start: int
    end: int


def normalize_title(folded: str) -> str:
    """Remove ornaments, numbers and spaces between Japanese words from a heading."""
    words = [word for word in _ORNAMENT.split(folded) if word and word != "ー"]
    return ("" if _JAPANESE.search(folded) else " ").join(words)


def is_subheading(line: str) -> bool:
    """Return whether a line is a heading within one position."""
    return len(line) <= MAX_HEADING and normalize_title(fold(line)) in _SUBHEADINGS


def find_sections(text: str, all_lines: list[Line], read: tuple[DocumentSection, ...]) -> list[Section]:
    """Return the sections in order and without gaps. A text with lines has at least one."""
    found = _from_reader(text, read) or _by_headings(text, all_lines)
    has_experience = any(section.kind == "experience" for section in found)
    # Volunteering is work only of those who have no other.
    volunteering = "other" if has_experience else "activities"
    found = [
        replace(section, kind=volunteering) if section.kind == "volunteering" else section
        for section in found
    ]
    if not any(section.kind in WORK_KINDS for section in found):
        return [part for section in found for part in _split_off_work(text, all_lines, section)]
    if has_experience:
        return [
            replace(section, kind="other")
            if section.kind == "unknown" and not _describes_work(text, all_lines, section)
            else section
            for section in found
        ]
    return found


def _describes_work(text: str, all_lines: list[Line], section: Section) -> bool:
    """Return whether a section under an unknown heading holds positions rather than honours or talks."""
    inside = [text[line.start : line.end] for line in all_lines if section.start <= line.start < section.end]
    items = [line for line in inside if starts_with_sign(line)]
    long_items = [line for line in items if text_length(line, japanese=False) > _ITEM_WORDS]
    has_header = any(len(find_dates(fold(line))) > 1 for line in inside if not starts_with_sign(line))
    return has_header and len(long_items) >= max(_FEWEST_ITEMS, len(items) // 2)


def _split_off_work(text: str, all_lines: list[Line], section: Section) -> list[Section]:
    """Split off work without a heading: lines with dates or bullets after the name or the summary."""
    if section.kind not in ("head", "summary"):
        return [section]
    inside = [line for line in all_lines if section.start <= line.start < section.end]
    if not any(_is_dated(text, line) for line in inside):
        return [section]
    top = 0
    for line in inside:
        # The position includes the lines above, up to a blank line or the heading.
        is_title = section.title is not None and line.start <= section.title.start
        if line.apart or is_title or line is inside[0]:
            top = line.end if is_title else line.start
        if is_title or not (text[line.start] in _SIGNS or _is_dated(text, line)):
            continue
        cut = top
        before = [Section(section.kind, section.title, section.start, cut)] if cut > section.start else []
        return [*before, Section("unknown", None, cut, section.end)]
    return [section]


def _is_dated(text: str, line: Line) -> bool:
    return len(find_dates(fold(text[line.start : line.end]))) > 1


def _by_headings(text: str, all_lines: list[Line]) -> list[Section]:
    headings = _without_list_items(
        [
            (text[line.start : line.end], line, heading)
            for line in all_lines
            if (heading := read_heading(text[line.start : line.end])) and (heading.is_certain or line.apart)
        ],
        Counter(starts_with_sign(text[line.start : line.end]) for line in all_lines),
    )
    return _close_sections(text, [(kind, Span(line.start, line.end), line.start) for kind, line in headings])


def _without_list_items(
    read: Sequence[tuple[str, Line, Heading]], signs: Counter[str]
) -> list[tuple[str, Line]]:
    """Leave out items of a list ("• Leadership"), unless most lines with that sign are headings."""
    headings = Counter(starts_with_sign(content) for content, _, heading in read if heading.is_certain)
    kept = []
    for content, line, heading in read:
        sign = starts_with_sign(content)
        is_closed = content.endswith(sign) or (heading.is_certain and sign not in _SIGNS)
        if not sign or is_closed or 2 * headings[sign] > signs[sign]:
            kept.append((heading.kind, line))
    return kept


def _close_sections(text: str, starts: Starts) -> list[Section]:
    """End each section where the next begins. Text before the first section is the head."""
    if not starts:
        return [Section("unknown", None, 0, len(text))]
    if text[: starts[0][2]].strip():
        starts = [("head", None, 0), *starts]
    ends = [start for _, _, start in starts[1:]] + [len(text)]
    return [Section(kind, title, start, end) for (kind, title, start), end in zip(starts, ends, strict=True)]


def _from_reader(text: str, read: tuple[DocumentSection, ...]) -> list[Section]:
    starts: Starts = []
    for section in sorted(read, key=lambda each: each.start):
        if not 0 <= section.start < section.end <= len(text) or not text[section.start : section.end].strip():
            continue
        title = _title_span(text, section)
        kind = section.type.value
        if title and starts and starts[-1][0] == "experience" and is_subheading(section.title or ""):
            continue
        if title is None and kind in ("contact", "other"):
            kind = "head"
        elif kind == "other" and section.title is not None:
            # The reader's types have no projects and activities, which are work, too.
            heading = read_heading(section.title)
            kind = heading.kind if heading else "unknown"
        starts.append((kind, title, section.start))
    if not any(title for _, title, _ in starts):
        return []
    return _close_sections(text, starts)


def _title_span(text: str, section: DocumentSection) -> Span | None:
    if not section.title:
        return None
    at = text.find(section.title, section.start, section.end)
    return Span(at, at + len(section.title)) if at >= 0 else None
