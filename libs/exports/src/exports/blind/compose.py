"""Take a resume apart and leave out who it is about."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from scoring.blinding import BlindText, blind
from scoring.blinding.contacts import OCCUPATION
from scoring.language.date_styles import find_dates
from scoring.language.text import Line, Span, count_japanese, count_words, fold
from scoring.resume.blocks import find_blocks
from scoring.resume.resume import Resume
from scoring.resume.sections import WORK_KINDS, Section

from exports.parsing import parse
from exports.source import Source

Role = Literal["entry", "bullet", "text"]
# Sections that hold nothing but identity, other people's contact details or a signature.
_LEFT_OUT = re.compile(
    r"(?i)^\W*(?:references?|referees|recommendations|testimonials|nationality|citizenship|visa(?: status)?"
    r"|work (?:permit|authori[sz]ation)|social(?: media| links)?|links|websites|(?:online )?profiles"
    r"|online presence"
    r"|find me online|declarations?|personal (?:details|data|information|dossier|particulars)|bio ?data"
    r"|photo)\W*$"
    r"|推薦|家族|扶養|配偶者|健康状態|通勤時間|個人情報|本人情報|^\W*(?:SNS|リンク|連絡先)\W*$"
)
# Prose between contact details is a summary without a heading. Shorter lines may be addresses.
_PROSE_WORDS: Final = 12
_PROSE_CHARACTERS: Final = 30
# Around a heading, which has a style of its own here.
_ORNAMENTS: Final = "■□◆◇●○◎▼【】《》＜＞[]:： \u3000"
_DIGITS = re.compile(r"\d{4}")
_CELLS = re.compile(r"\s*\t\s*")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the blind CV."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the blind CV. `title` is empty for text without a heading."""

    title: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindResume:
    """The content of a blind CV. `has_name` is False if no name of the person was recognised in the text."""

    language: Literal["en", "ja"]
    reference: str
    parts: tuple[Part, ...]
    has_name: bool


def compose(source: Source) -> BlindResume:
    """Return the content of a resume without the identity of its person.

    Raises:
        NotAssessable: the text holds no words.
    """
    resume = parse(source)
    text = blind(resume.text, names=source.names)
    parts = [
        part for section in resume.sections if (part := _part(resume, text, section)) and part.paragraphs
    ]
    return BlindResume(
        language=resume.language, reference=source.reference, parts=tuple(parts), has_name=text.has_name
    )


def _part(resume: Resume, text: BlindText, section: Section) -> Part | None:
    title = resume.text[section.title.start : section.title.end].strip() if section.title else ""
    if _LEFT_OUT.search(title):
        return None
    found = _work(resume, section) if section.kind in WORK_KINDS else _blocks(resume, section)
    paragraphs: list[Paragraph] = []
    is_head = section.kind in ("head", "contact")
    # In a resume without headings, the head ends where the work begins.
    is_top = section is resume.sections[0] and section.title is None
    for role, span in found:
        line = _CELLS.sub(" | ", text.excerpt(span.start, span.end).replace("\n", _line_break(resume)))
        is_top = is_top and role != "bullet" and not find_dates(fold(line)) and not OCCUPATION.search(line)
        if line and (_is_prose(line) or not (is_head or is_top)):
            paragraphs.append(Paragraph(role, line))
    shown = text.excerpt(section.title.start, section.title.end) if section.title else ""
    return Part("" if is_head else shown.strip(_ORNAMENTS), tuple(paragraphs))


def _line_break(resume: Resume) -> str:
    return "" if resume.is_japanese else " "


def _is_prose(line: str) -> bool:
    if "[" in line or "［" in line or _DIGITS.search(line):
        return False
    return count_words(line) >= _PROSE_WORDS or count_japanese(line) >= _PROSE_CHARACTERS


def _work(resume: Resume, section: Section) -> list[tuple[Role, Span]]:
    """Return positions and bullets as the rules read them, and the lines that are neither."""
    found: list[tuple[Role, Span]] = []
    for entry in resume.work.entries:
        found += [("entry", span) for span in entry.header]
        found += [("bullet", bullet.span) for bullet in entry.bullets]
    found += [("bullet", span) for span in resume.work.listings]
    inside = sorted(
        ((role, span) for role, span in found if section.start <= span.start < section.end),
        key=lambda each: each[1].start,
    )
    starts = [span.start for _, span in inside]
    for line in _lines(resume, section):
        at = bisect_left(starts, line.end)
        if not any(span.end > line.start for _, span in inside[max(0, at - 2) : at]):
            inside.append(("text", Span(line.start, line.end)))
    return sorted(inside, key=lambda each: each[1].start)


def _blocks(resume: Resume, section: Section) -> Iterator[tuple[Role, Span]]:
    """Yield the paragraphs and list items of a section that is not about work."""
    widths = sorted((line.end - line.start for line in resume.lines), reverse=True)
    width = widths[min(2, len(widths) - 1)]
    for block in find_blocks(resume.text, _lines(resume, section), width):
        yield ("bullet" if block.glyph else "text"), Span(block.start, block.end)


def _lines(resume: Resume, section: Section) -> list[Line]:
    """Return the lines of a section without its heading."""
    lines: Sequence[Line] = resume.lines
    title = section.title
    inside = [line for line in lines if section.start <= line.start < section.end]
    if title is None:
        return inside
    kept: list[Line] = []
    for line in inside:
        if line.start >= title.end or line.end <= title.start:
            kept.append(line)
        elif (
            rest := re.match(r"[\]】]?[^\S\t]*[\t:：]\s*", resume.text[title.end : line.end])
        ) and title.end + rest.end() < line.end:
            kept.append(Line(title.end + rest.end(), line.end, apart=True))
    return kept
