"""Find the sections of a resume, from the document reader if it found any, else by their headings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from contracts.document import Section as DocumentSection

from scoring.language.date_styles import find_dates
from scoring.language.text import Line, Span, fold

# Ornaments, numbering and dates around a heading: "■職務要約", "1. EDUCATION", "【学歴】", "Skills:".
_ORNAMENT = re.compile(r"[^a-zぁ-ゖァ-ヺー一-鿿々]+")
_JAPANESE = re.compile(r"[ぁ-ゖァ-ヺー一-鿿々]")
_LONGEST_HEADING: Final = 60
_SIGNS: Final = frozenset("•‣◦▪●○-*–・·")
# Headings within a position that separate duties from results. They do not start a section.
_SUBHEADINGS: Final = frozenset(
    {"実績", "主な実績", "業務実績", "成果", "主な成果", "担当業務", "主な業務", "業務内容"}
    | {"職務内容", "業務概要"}
    | {"responsibilities", "key responsibilities", "key achievements", "key results"}
)
# The kind, heading and start of each section.
Starts = list[tuple[str, Span | None, int]]
WORK_KINDS: Final = frozenset({"experience", "projects", "activities", "unknown"})


@dataclass(frozen=True, slots=True)
class Section:
    """A section at `text[start:end]` with its heading.

    `kind` is a kind of heading in the rubric, "head" before the first heading, "unknown" in a resume without
    headings, or "other".
    """

    kind: str
    title: Span | None
    start: int
    end: int


def normalize_title(folded: str) -> str:
    """Remove ornaments, numbers and spaces between Japanese words from a heading."""
    words = [word for word in _ORNAMENT.split(folded) if word and word != "ー"]
    return ("" if _JAPANESE.search(folded) else " ").join(words)


def heading_kind(line: str, kinds: Mapping[str, str]) -> str | None:
    """Return the kind of section that a line introduces, or None if it is not a heading."""
    if len(line) > _LONGEST_HEADING or line.endswith((".", "。", ",", "、")):
        return None
    title = normalize_title(fold(line))
    if title in kinds:
        return kinds[title]
    return next(iter(joined_kinds(line, kinds)), None)


def joined_kinds(line: str, kinds: Mapping[str, str]) -> list[str]:
    """Return the kinds of joined headings such as "Education and Certifications" or "学歴・職歴"."""
    parts = [normalize_title(part) for part in re.split(r"[&/+・、,]| and |および|及び|と", fold(line))]
    return [kinds[part] for part in parts] if len(parts) > 1 and all(part in kinds for part in parts) else []


def is_subheading(line: str) -> bool:
    """Return whether a line is a heading within one position."""
    return len(line) <= _LONGEST_HEADING and normalize_title(fold(line)) in _SUBHEADINGS


def find_sections(
    text: str, all_lines: list[Line], read: tuple[DocumentSection, ...], kinds: Mapping[str, str]
) -> list[Section]:
    """Return the sections in order and without gaps. A text with lines has at least one."""
    found = _from_reader(text, read, kinds) or _by_headings(text, all_lines, kinds)
    if not any(section.kind in WORK_KINDS for section in found):
        return [part for section in found for part in _split_off_work(text, all_lines, section)]
    return found


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


def _by_headings(text: str, all_lines: list[Line], kinds: Mapping[str, str]) -> list[Section]:
    return _close_sections(
        text,
        [
            (kind, Span(line.start, line.end), line.start)
            for line in all_lines
            if (kind := heading_kind(text[line.start : line.end], kinds))
        ],
    )


def _close_sections(text: str, starts: Starts) -> list[Section]:
    """End each section where the next begins. Text before the first section is the head."""
    if not starts:
        return [Section("unknown", None, 0, len(text))]
    if text[: starts[0][2]].strip():
        starts = [("head", None, 0), *starts]
    ends = [start for _, _, start in starts[1:]] + [len(text)]
    return [Section(kind, title, start, end) for (kind, title, start), end in zip(starts, ends, strict=True)]


def _from_reader(text: str, read: tuple[DocumentSection, ...], kinds: Mapping[str, str]) -> list[Section]:
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
            # The reader knows fewer kinds than the rubric: projects and activities are work, too.
            kind = heading_kind(section.title, kinds) or "unknown"
        starts.append((kind, title, section.start))
    if not any(title for _, title, _ in starts):
        return []
    return _close_sections(text, starts)


def _title_span(text: str, section: DocumentSection) -> Span | None:
    if not section.title:
        return None
    at = text.find(section.title, section.start, section.end)
    return Span(at, at + len(section.title)) if at >= 0 else None
