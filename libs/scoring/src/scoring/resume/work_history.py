"""Find the positions of a resume and their bullets, or sentences where no line starts with a bullet sign."""

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Final

from scoring.language.date_styles import find_dates
from scoring.language.text import Line, Span, count_japanese, fold, text_length
from scoring.resume.blocks import (
    BULLET_WORDS,
    COMPANY,
    SEPARATORS,
    Block,
    find_blocks,
    is_listing,
    unmark_headers,
)
from scoring.resume.sections import WORK_KINDS, Section

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])|(?<=。)\s*")
_AFTER_TITLE = re.compile(r"[\]】]?[^\S\t]*[\t:：]\s*")
# A career written as a table of dates has some dozen lines. Longer blocks are no header.
_HEADER_LINES: Final = 60
_PROSE_WORDS: Final = 12
_PROSE_CHARACTERS: Final = 30


@dataclass(frozen=True, slots=True)
class BulletSpan:
    """The place of a bullet without its sign, `text[start:end]`. `entry` is the index of its position."""

    start: int
    end: int
    glyph: str | None
    entry: int

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(slots=True)
class Entry:
    """A position or project: the lines that name it and its bullets."""

    kind: str
    header: list[Span] = field(default_factory=list)
    bullets: list[BulletSpan] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class WorkHistory:
    """All positions and projects. `listings` are lines that list tools instead of describing work."""

    entries: list[Entry]
    listings: list[Span]

    @property
    def bullets(self) -> list[BulletSpan]:
        return [bullet for entry in self.entries for bullet in entry.bullets]


def find_work_history(
    text: str, all_lines: list[Line], all_sections: list[Section], list_labels: frozenset[str]
) -> WorkHistory:
    """Return the entries of every section about work, in order."""
    work = WorkHistory([], [])
    # Wrapped text has several lines of about the full width. The longest line alone may be an exception.
    widths = sorted((line.end - line.start for line in all_lines), reverse=True)
    width = widths[min(2, len(widths) - 1)] if widths else 0
    starts = [line.start for line in all_lines]
    for section in all_sections:
        if section.kind in WORK_KINDS:
            inside = all_lines[bisect_left(starts, section.start) : bisect_left(starts, section.end)]
            if section.title is not None:
                inside = [
                    rest for line in inside if (rest := _without_title(text, line, section.title)) is not None
                ]
            _read_section(text, find_blocks(text, inside, width), section.kind, list_labels, work)
    return work


def _without_title(text: str, line: Line, title: Span) -> Line | None:
    """Return what a line holds beside the heading of its section: "Experience<tab>Engineer, Acme"."""
    if line.start >= title.end or line.end <= title.start:
        return line
    if (after := _AFTER_TITLE.match(text, title.end, line.end)) and after.end() < line.end:
        return Line(after.end(), line.end, apart=True)
    return None


def _read_section(
    text: str, blocks: list[Block], kind: str, list_labels: frozenset[str], work: WorkHistory
) -> None:
    unmark_headers(text, blocks, list_labels)
    has_glyphs = any(block.glyph for block in blocks)
    entry: Entry | None = None
    for block in blocks:
        is_bullet = (
            bool(block.glyph)
            if has_glyphs
            else _reads_as_bullet(text, block) and (kind != "unknown" or _is_prose(text, block))
        )
        if is_bullet and is_listing(text, block, list_labels):
            work.listings.append(Span(block.start, block.end))
            continue
        if is_bullet:
            if entry is None:
                entry = Entry(kind)
                work.entries.append(entry)
            index = len(work.entries) - 1
            pieces = [Span(block.start, block.end)] if block.glyph else _sentences(text, block)
            entry.bullets += [BulletSpan(piece.start, piece.end, block.glyph, index) for piece in pieces]
            continue
        if entry is None or entry.bullets:
            entry = Entry(kind)
            work.entries.append(entry)
        if len(entry.header) < _HEADER_LINES:
            entry.header.append(Span(block.start, block.end))


def _reads_as_bullet(text: str, block: Block) -> bool:
    content = text[block.start : block.end]
    if SEPARATORS.search(content):
        return False
    if content.endswith(("。", "。）")):
        return True
    japanese = count_japanese(content) > len(content) // 3
    if japanese:
        return len(content) >= 25 and not find_dates(fold(content))
    words = text_length(content, japanese=False)
    if content.endswith((".", "!")) and words >= 2:
        return not COMPANY.search(content)
    return words > BULLET_WORDS and not find_dates(fold(content))


def _is_prose(text: str, block: Block) -> bool:
    """Return whether a line under no heading is a sentence, or longer than a name with a date."""
    content = text[block.start : block.end]
    japanese = count_japanese(content) > len(content) // 3
    size = text_length(content, japanese=japanese)
    if size >= (_PROSE_CHARACTERS if japanese else _PROSE_WORDS):
        return True
    return content.endswith((".", "!", "。")) and size > 3 and not find_dates(fold(content))


def _sentences(text: str, block: Block) -> list[Span]:
    spans: list[Span] = []
    start = block.start
    for match in _SENTENCE_END.finditer(text, block.start, block.end):
        spans.append(Span(start, match.start()))
        start = match.end()
    spans.append(Span(start, block.end))
    return [span for span in spans if text[span.start : span.end].strip()]
