"""Find the positions of a resume and their bullets, or sentences where no line starts with a bullet sign."""

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from typing import Final
from unicodedata import category

from scoring.language.date_styles import find_dates
from scoring.language.text import Line, Span, count_japanese, count_words, fold, text_length
from scoring.resume.sections import WORK_KINDS, Section, is_subheading

_GLYPH = re.compile(
    r"(?P<glyph>[•‣◦▪▫■□●○◆◇▶►➢➤✓✔·・∙→⇒★☆»›⁃\uf0b7\uf0a7\uf0d8※◎]\ufe0f?)\s*|(?P<dash>[-‐*–—−]|o(?=\s[A-Z]))\s+|(?P<number>\(?\d{1,2}[.)])\s+"
)
_SYMBOL = re.compile(r"[^\w\s]\ufe0f?[^\S\r\n]{1,3}(?=\S)")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])|(?<=。)\s*")
_SEPARATORS = re.compile(r"\s[|｜／/]\s|\t")
_LABEL = re.compile(r"\s{0,2}[【\[]?(?P<label>[^:：\]】]{2,24})[\]】]?\s?[:：]")
_AFTER_TITLE = re.compile(r"[\]】]?[^\S\t]*[\t:：]\s*")
# "Acme Inc." ends with a full stop but is not a sentence.
_COMPANY = re.compile(r"\b(?:Inc|Ltd|Co|Corp|LLC|K\.K|S\.A|plc|Bros)\.$")
_COMMAS = re.compile(r"[,、，;/／・|]")
# Signs that introduce a position in Japanese resumes as often as a bullet.
_ORNAMENTS: Final = frozenset("■□◆◇●○◎※★☆")
# A line that ends like this continues on the next one.
_CONTINUES = re.compile(
    r"(?:[,&/-]|\b(?:and|or|of|the|a|an|in|on|at|to|for|with|by|from|using|via|as|into))$"
)
# A career written as a table of dates has some dozen lines. Longer blocks are no header.
_HEADER_LINES: Final = 60
# Text narrower than this was written in short lines rather than wrapped.
_NARROWEST: Final = 40
# The least length of a line without a sign that counts as a bullet.
_BULLET_WORDS: Final = 6
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


@dataclass(slots=True)
class _Block:
    start: int
    end: int
    glyph: str | None


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
            _read_section(text, _blocks(text, inside, width), section.kind, list_labels, work)
    return work


def _without_title(text: str, line: Line, title: Span) -> Line | None:
    """Return what a line holds beside the heading of its section: "Experience<tab>Engineer, Acme"."""
    if line.start >= title.end or line.end <= title.start:
        return line
    if (after := _AFTER_TITLE.match(text, title.end, line.end)) and after.end() < line.end:
        return Line(after.end(), line.end, apart=True)
    return None


def _blocks(text: str, inside: list[Line], width: int) -> list[_Block]:
    """Join wrapped lines into blocks."""
    blocks: list[_Block] = []
    signs = Counter(_pictograph(text, line) for line in inside)
    previous: Line | None = None
    for line in inside:
        if is_subheading(text[line.start : line.end]):
            previous = None
            continue
        sign = _pictograph(text, line)
        match = _GLYPH.match(text, line.start, line.end)
        if sign and signs[sign] > 1:
            blocks.append(_Block(line.start + len(sign), line.end, sign.strip()))
        elif match and match.end() < line.end:
            glyph = match["glyph"] or match["dash"] or "1."
            blocks.append(_Block(match.end(), line.end, glyph))
        elif previous is not None and blocks and _continues(text, previous, line, width):
            blocks[-1].end = line.end
        else:
            blocks.append(_Block(line.start, line.end, None))
        previous = line
    return blocks


def _pictograph(text: str, line: Line) -> str:
    """Return the leading emoji with its space, or "". It is a bullet sign if two lines share it."""
    match = _SYMBOL.match(text, line.start, line.end)
    return match.group() if match and category(match.group()[0]) in ("So", "Sk") else ""


def _continues(text: str, previous: Line, line: Line, width: int) -> bool:
    if line.apart or _SEPARATORS.search(text, line.start, line.end):
        return False
    last = text[previous.end - 1]
    if last in "。.!?:：":
        return False
    if text[line.start].islower():
        return True
    if find_dates(fold(text[line.start : line.end])) or find_dates(fold(text[previous.start : previous.end])):
        return False
    # The line was wrapped if the next word did not fit.
    room = width - (previous.end - previous.start)
    first_word = text[line.start : min(line.end, line.start + 30)].split(maxsplit=1)[0]
    japanese = count_japanese(first_word) > 0
    if width <= _NARROWEST or room >= (2 if japanese else len(first_word) + 1):
        return False
    # A short capitalised line after a full one may name the next position, unless the sentence continues.
    is_title = text[line.start].isupper() and count_words(text[line.start : line.end]) <= _BULLET_WORDS
    return japanese or not is_title or _CONTINUES.search(text, previous.start, previous.end) is not None


def _read_section(
    text: str, blocks: list[_Block], kind: str, list_labels: frozenset[str], work: WorkHistory
) -> None:
    _remove_ornaments(text, blocks)
    has_glyphs = any(block.glyph for block in blocks)
    entry: Entry | None = None
    for block in blocks:
        is_bullet = (
            bool(block.glyph)
            if has_glyphs
            else _reads_as_bullet(text, block) and (kind != "unknown" or _is_prose(text, block))
        )
        if is_bullet and _is_listing(text, block, list_labels):
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


def _remove_ornaments(text: str, blocks: list[_Block]) -> None:
    """Remove signs from lines that name a position: lines with a date range, or above plainer signs."""
    has_plain = any(block.glyph and block.glyph not in _ORNAMENTS for block in blocks)
    for block in blocks:
        is_ornament = block.glyph is not None and block.glyph in _ORNAMENTS
        if is_ornament and (has_plain or len(find_dates(fold(text[block.start : block.end]))) > 1):
            block.glyph = None


def _reads_as_bullet(text: str, block: _Block) -> bool:
    content = text[block.start : block.end]
    if _SEPARATORS.search(content):
        return False
    if content.endswith(("。", "。）")):
        return True
    japanese = count_japanese(content) > len(content) // 3
    if japanese:
        return len(content) >= 25 and not find_dates(fold(content))
    words = text_length(content, japanese=False)
    if content.endswith((".", "!")) and words >= 2:
        return not _COMPANY.search(content)
    return words > _BULLET_WORDS and not find_dates(fold(content))


def _is_prose(text: str, block: _Block) -> bool:
    """Return whether a line under no heading is a sentence, or longer than a name with a date."""
    content = text[block.start : block.end]
    japanese = count_japanese(content) > len(content) // 3
    size = text_length(content, japanese=japanese)
    if size >= (_PROSE_CHARACTERS if japanese else _PROSE_WORDS):
        return True
    return content.endswith((".", "!", "。")) and size > 3 and not find_dates(fold(content))


def _sentences(text: str, block: _Block) -> list[Span]:
    spans: list[Span] = []
    start = block.start
    for match in _SENTENCE_END.finditer(text, block.start, block.end):
        spans.append(Span(start, match.start()))
        start = match.end()
    spans.append(Span(start, block.end))
    return [span for span in spans if text[span.start : span.end].strip()]


def _is_listing(text: str, block: _Block, list_labels: frozenset[str]) -> bool:
    """Return whether a line lists tools: "Technologies: Python, AWS", or items of a word or two each."""
    content = text[block.start : block.end]
    label = _LABEL.match(content)
    if label and fold(label["label"]).strip() in list_labels:
        return True
    items = len(_COMMAS.findall(content)) + 1
    japanese = count_japanese(content) > len(content) // 3
    size = text_length(content, japanese=japanese)
    return items >= 5 and size < items * (8 if japanese else 3)
