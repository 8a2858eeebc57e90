"""Where the sections of a resume are: as the document reader found them, else by their headings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from contracts.document import Section as ReadSection

from analyzer.scoring.text import Line, Span, fold

# Ornaments, numbering and dates around a heading: "■職務要約", "1. EDUCATION", "【学歴】", "Skills:".
_ORNAMENT = re.compile(r"[^a-zぁ-ゖァ-ヺー一-鿿々]+")
_JAPANESE = re.compile(r"[ぁ-ゖァ-ヺー一-鿿々]")
_LONGEST_HEADING: Final = 60
# Kind, heading and place.
Starts = list[tuple[str, Span | None, int]]
WORK_KINDS: Final = frozenset({"experience", "projects", "activities", "unknown"})


@dataclass(frozen=True, slots=True)
class Section:
    """`text[start:end]` with its heading. Kinds are those of the rubric's headings, and "head" for what
    stands before the first heading, "unknown" where the resume has no headings, "other" for the rest."""

    kind: str
    title: Span | None
    start: int
    end: int


def plain_title(folded: str) -> str:
    """A heading without ornaments, numbers and spaces between Japanese words."""
    words = [word for word in _ORNAMENT.split(folded) if word and word != "ー"]
    return ("" if _JAPANESE.search(folded) else " ").join(words)


def heading_kind(line: str, kinds: Mapping[str, str]) -> str | None:
    """What would stand under this line if it is a heading, else None."""
    if len(line) > _LONGEST_HEADING or line.endswith((".", "。", ",", "、")):
        return None
    title = plain_title(fold(line))
    if title in kinds:
        return kinds[title]
    # "Publications & Presentations", "Education and Certifications": headings joined by a sign.
    parts = [plain_title(part) for part in re.split(r"[&/+・、,]| and |および|と", fold(line))]
    if len(parts) > 1 and all(part in kinds for part in parts):
        return kinds[parts[0]]
    return None


def find_sections(
    text: str, all_lines: list[Line], read: tuple[ReadSection, ...], kinds: Mapping[str, str]
) -> list[Section]:
    """Sections in the order of the text, without gaps; at least one for a text with lines."""
    return _from_reader(text, read, kinds) or _by_headings(text, all_lines, kinds)


def _by_headings(text: str, all_lines: list[Line], kinds: Mapping[str, str]) -> list[Section]:
    return _closed(
        text,
        [
            (kind, Span(line.start, line.end), line.start)
            for line in all_lines
            if (kind := heading_kind(text[line.start : line.end], kinds))
        ],
    )


def _closed(text: str, starts: Starts) -> list[Section]:
    """Each section ends where the next begins; what stands before the first is the head."""
    if not starts:
        return [Section("unknown", None, 0, len(text))]
    if text[: starts[0][2]].strip():
        starts = [("head", None, 0), *starts]
    ends = [start for _, _, start in starts[1:]] + [len(text)]
    return [Section(kind, title, start, end) for (kind, title, start), end in zip(starts, ends, strict=True)]


def _from_reader(text: str, read: tuple[ReadSection, ...], kinds: Mapping[str, str]) -> list[Section]:
    starts: Starts = []
    for section in sorted(read, key=lambda each: each.start):
        if not 0 <= section.start < section.end <= len(text) or not text[section.start : section.end].strip():
            continue
        title = _title_span(text, section)
        kind = section.type.value
        if title is None and kind in ("contact", "other"):
            kind = "head"
        elif kind == "other" and section.title is not None:
            # The reader's words are fewer than ours: projects and activities are work, too.
            kind = heading_kind(section.title, kinds) or "unknown"
        starts.append((kind, title, section.start))
    if not any(title for _, title, _ in starts):
        return []
    return _closed(text, starts)


def _title_span(text: str, section: ReadSection) -> Span | None:
    if not section.title:
        return None
    at = text.find(section.title, section.start, section.end)
    return Span(at, at + len(section.title)) if at >= 0 else None
