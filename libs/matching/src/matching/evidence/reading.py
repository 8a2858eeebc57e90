"""A resume as the matcher reads it: passages with their context, and the periods of positions."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cache, cached_property
from typing import Final, Literal

from contracts.document import DocumentSignals
from contracts.report import Evidence
from scoring.language.dates import DateRange, months_covered
from scoring.language.text import Span, fold
from scoring.resume.resume import Resume
from scoring.rubric import Rubric, load_rubric

from matching.vocabulary import load_vocabulary
from matching.words import Word, find_words

# "work" is a bullet or sentence of a position, "header" the lines that name it. Both show a skill at work.
Place = Literal["work", "header", "summary", "skills", "education", "certifications", "contact", "other"]
_PLACES: Final[dict[str, Place]] = {
    "head": "contact",
    "contact": "contact",
    "summary": "summary",
    "skills": "skills",
    "education": "education",
    "certifications": "certifications",
}
# A resume has some two hundred lines. More would take too long for each requirement.
_MOST_PASSAGES: Final = 1_500


@dataclass(frozen=True)
class Passage:
    """A part `text[start:end]` of the resume. `entry` is the index of its position, or None."""

    start: int
    end: int
    place: Place
    entry: int | None
    text: str

    @cached_property
    def folded(self) -> str:
        return fold(self.text)

    @cached_property
    def words(self) -> list[Word]:
        return find_words(self.folded, load_vocabulary().alike)

    @cached_property
    def forms(self) -> frozenset[str]:
        return frozenset(word.form for word in self.words)

    @property
    def in_context(self) -> bool:
        """True if the passage describes work, rather than listing or claiming a skill."""
        return self.place in ("work", "header")

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(frozen=True)
class Reading:
    """A resume that was read once and can be matched to many jobs."""

    resume: Resume
    passages: tuple[Passage, ...]
    # The periods of each position, by its index.
    periods: dict[int, tuple[DateRange, ...]] = field(default_factory=dict)

    def quote(self, span: Span) -> Evidence | None:
        """Return a verbatim quote, checked against the text of the resume."""
        evidence = self.resume.quote(span)
        if evidence and self.resume.text[evidence.start : evidence.end] != evidence.quote:
            return None
        return evidence

    def entry_passages(self, entry: int) -> list[Passage]:
        """Return the passages of a position."""
        return self._by_entry.get(entry, [])

    @cached_property
    def _by_entry(self) -> dict[int, list[Passage]]:
        found: dict[int, list[Passage]] = {}
        for passage in self.passages:
            if passage.entry is not None:
                found.setdefault(passage.entry, []).append(passage)
        return found

    def years_in(self, entries: Iterator[int] | set[int], today: date) -> float:
        """Return the years of some positions. Months that overlap count once, and open periods end today."""
        return _years((each for entry in entries for each in self.periods.get(entry, ())), today)

    def all_years(self, today: date) -> float:
        """Return the years of all work."""
        return _years(iter(self.resume.ranges), today)


def _years(ranges: Iterator[DateRange], today: date) -> float:
    month = today.year * 12 + today.month - 1
    closed = [
        DateRange(
            each.start,
            each.end,
            each.first,
            month if each.is_open else each.last,
            each.style,
            each.precision,
            each.is_open,
        )
        for each in ranges
    ]
    return months_covered(each for each in closed if each.last >= each.first) / 12


def read_resume(text: str, signals: DocumentSignals | None = None, *, today: date) -> Reading:
    """Read the visible text of a resume once.

    Raises:
        NotAssessable: the text holds no words.
    """
    return index_resume(
        Resume(text, signals=signals, at=datetime.combine(today, time(), UTC), rubric=_rubric())
    )


def index_resume(resume: Resume) -> Reading:
    """Divide a parsed resume into passages. Sentences that read as instructions to a model are left out."""
    passages: list[Passage] = []
    periods: dict[int, tuple[DateRange, ...]] = {}
    covered: list[Span] = []
    for index, entry in enumerate(resume.work.entries):
        periods[index] = resume.ranges_in(entry)
        for span in entry.header:
            covered.append(span)
            passages.append(_passage(resume, span, "header", index))
        for bullet in entry.bullets:
            covered.append(bullet.span)
            passages.append(_passage(resume, bullet.span, "work", index))
    starts = sorted((each.start, each.entry) for each in passages if each.entry is not None)
    for span in resume.work.listings:
        before = [entry for start, entry in starts if start <= span.start]
        covered.append(span)
        passages.append(
            _passage(resume, span, "work" if before else "skills", before[-1] if before else None)
        )
    passages += [
        _passage(resume, span, _PLACES.get(kind, "other"), None)
        for kind, span in _other_lines(resume, covered)
    ]
    instructions = resume.instruction_spans
    kept = [
        each
        for each in sorted(passages, key=lambda passage: passage.start)
        if not any(other.start < each.end and each.start < other.end for other in instructions)
    ]
    return Reading(resume, tuple(kept[:_MOST_PASSAGES]), periods)


def _passage(resume: Resume, span: Span, place: Place, entry: int | None) -> Passage:
    return Passage(span.start, span.end, place, entry, resume.text[span.start : span.end])


def _other_lines(resume: Resume, covered: list[Span]) -> Iterator[tuple[str, Span]]:
    """Yield the lines outside of positions with the kind of their section."""
    taken = sorted(covered)
    at = 0
    sections = iter(resume.sections)
    section = next(sections, None)
    for line in resume.lines:
        while section and line.start >= section.end:
            section = next(sections, None)
        while at < len(taken) and taken[at].end <= line.start:
            at += 1
        if at < len(taken) and taken[at].start < line.end:
            continue
        if section is None or not (
            section.title and section.title.start <= line.start and line.end <= section.title.end
        ):
            yield section.kind if section else "other", Span(line.start, line.end)


@cache
def _rubric() -> Rubric:
    return load_rubric()
