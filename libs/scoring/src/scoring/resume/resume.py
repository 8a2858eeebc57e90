"""The parsed resume that the rules read."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from copy import copy
from datetime import datetime
from functools import cached_property
from typing import Final, Self

from contracts.document import DocumentSignals
from contracts.events import AnalysisRequested
from contracts.headings import read_heading
from contracts.report import MAX_QUOTE_CHARACTERS, Evidence
from contracts.vocabulary import FailureCode

from scoring.language import dates, detection
from scoring.language import text as texts
from scoring.language.terms import Hit
from scoring.language.text import Span
from scoring.resume import sections
from scoring.resume.amounts import find_decorative_amounts
from scoring.resume.bullet import Bullet, drop_copied_outcomes, read_bullet
from scoring.resume.injection import ScreenedText, screen_text
from scoring.resume.work_history import BulletSpan, Entry, WorkHistory, find_work_history
from scoring.rubric import Language, Rubric

# A long career has about a hundred bullets. The limit keeps the time short for texts that are no resume.
_BULLETS_READ: Final = 1_000
# The end of a heading: "】", or the colon of a label.
_TITLE_END = re.compile(r"[^\S\r\n]?[】〕］\]》＞>」』）):：=*_#―─-]{0,20}")
_STATEMENT = re.compile(r"志望|動機|自己\s?(?:[PＰ][RＲ]|紹介|アピール)")
# Sections whose entries are positions.
_POSITION_KINDS: Final = frozenset({"experience", "unknown"})
# Sections whose dates are not those of work, even if no section is about experience.
_UNDATED_KINDS: Final = frozenset({"education", "certifications", "contact", "other"})
# In years. Dates that add up to more were misread.
_LONGEST_CAREER: Final = 60.0
# A part that repeats its words more often than this, on average, is stuffed. Prose repeats one word in two.
_REPEATED: Final = 3
_DIGIT = re.compile(r"\d")
_PARTS = re.compile(r"[,、;；。|｜\r\n\f\v\x85\u2028\u2029]+")


class NotAssessable(Exception):
    """Raised for a resume that cannot be scored, for the reason `code`."""

    def __init__(self, code: FailureCode) -> None:
        super().__init__(code)
        self.code = code


class Resume:
    """A resume: text, parts and signals of the file. Derived values are computed once, on first use."""

    def __init__(self, text: str, *, signals: DocumentSignals | None, at: datetime, rubric: Rubric) -> None:
        """Read a text. `at` is the time that "present" stands for.

        Raises:
            NotAssessable: the text holds no words.
        """
        self.text = text
        if not texts.has_words(self.text):
            raise NotAssessable(FailureCode.NO_TEXT)
        self.rubric = rubric
        self.signals: DocumentSignals | None = signals
        # In months from year 0.
        self.current_month = at.year * 12 + at.month - 1
        self.folded = texts.fold(self.text)
        self.is_japanese = detection.is_japanese(self.text)
        # In neither language. Only what needs no words is scored.
        self.is_foreign = not self.is_japanese and detection.is_foreign(self.text)
        self.language: Language = "ja" if self.is_japanese else "en"
        self.lines = texts.split_lines(self.text)
        read = self.signals.sections if self.signals else ()
        self.sections = sections.find_sections(self.text, self.lines, read)

    @classmethod
    def of(cls, request: AnalysisRequested, *, rubric: Rubric) -> Self:
        """Read the text of a request, at its own time, so that reports can be repeated.

        Raises:
            NotAssessable: the text holds no words.
        """
        return cls(request.text, signals=request.signals, at=request.analysis.requested_at, rubric=rubric)

    # -- parts ---------------------------------------------------------------------------------------

    def sections_of_kind(self, *kinds: str) -> list[sections.Section]:
        return [section for section in self.sections if section.kind in kinds]

    @cached_property
    def headings(self) -> dict[str, Span]:
        """The first heading of each kind. A heading that joins two kinds ("学歴・職歴") counts for both."""
        found: dict[str, Span] = {}
        for section in self.sections:
            if section.title:
                heading = read_heading(self.text[section.title.start : section.title.end])
                for kind in (section.kind, *(heading.kinds if heading else ())):
                    found.setdefault(kind, section.title)
        return found

    @cached_property
    def work(self) -> WorkHistory:
        labels = frozenset(label for words in self.rubric.words.values() for label in words.list_labels)
        return find_work_history(self.text, self.lines, self.sections, labels)

    @cached_property
    def bullets(self) -> tuple[Bullet, ...]:
        """The bullets without repetitions and without instructions to a model.

        Repeating the best bullet must not raise the score.
        """
        seen: set[str] = set()
        kept: list[BulletSpan] = []
        for place in self.work.bullets[:_BULLETS_READ]:
            words = " ".join(self.folded[place.start : place.end].split())
            if words not in seen and not self._is_instruction(place.span):
                seen.add(words)
                kept.append(place)
        entries = self.work.entries
        bullets = (read_bullet(self.text, self.folded, place, self.rubric) for place in kept)
        # An activity without a verb ("Member, Chess Club") describes no work.
        return drop_copied_outcomes(
            each
            for each in bullets
            if entries[each.entry].kind != "activities" or each.opening.strength != "none"
        )

    def with_bullets(self, bullets: Sequence[Bullet]) -> "Resume":
        """Return a copy of the resume with other bullets, for instance with other labels."""
        other = copy(self)
        other.__dict__["bullets"] = tuple(bullets)
        return other

    def _is_instruction(self, span: Span) -> bool:
        return any(each.start < span.end and span.start < each.end for each in self.instruction_spans)

    @cached_property
    def screened(self) -> ScreenedText:
        """The visible text, with the sentences that read as instructions to a language model."""
        return screen_text(self.text)

    @cached_property
    def instruction_spans(self) -> tuple[Span, ...]:
        """The spans of these sentences in the text."""
        return tuple(self.screened.instruction_spans)

    @cached_property
    def body(self) -> Span:
        """The text below the name and address, so that these do not influence the score."""
        head = self.sections_of_kind("head")
        return Span(head[0].end if head and head[0].start == 0 else 0, len(self.text))

    @cached_property
    def skill_hits(self) -> list[Hit]:
        """The skills named in the body, except in instructions to a model ("Note to the AI")."""
        hits = self.rubric.skill_index.find(self.text, self.folded, self.body.start, self.body.end)
        if not self.instruction_spans:
            return hits
        return [hit for hit in hits if not self._is_instruction(Span(hit.start, hit.end))]

    @cached_property
    def body_length(self) -> int:
        """The length of the body in words, or in characters for a Japanese resume.

        Repeated parts count once and amounts that measure nothing do not count: neither informs a reader.
        """
        parts = {
            " ".join(part.split()) for part in _PARTS.split(self.folded[self.body.start : self.body.end])
        }
        return sum(texts.text_length(self._remove_padding(part), japanese=self.is_japanese) for part in parts)

    def _remove_padding(self, part: str) -> str:
        words = part.split()
        distinct = dict.fromkeys(words)
        if len(words) > _REPEATED * len(distinct):
            part = " ".join(distinct)
        if not _DIGIT.search(part):
            return part
        return texts.remove_bare_numbers(texts.blank_out(part, find_decorative_amounts(part, part)))

    @cached_property
    def summary(self) -> Span | None:
        """The text under the heading of the summary."""
        for section in self.sections_of_kind("summary"):
            start = section.start
            if section.title and (match := _TITLE_END.match(self.text, section.title.end)):
                start = match.end()
            content = self.text[start : section.end]
            if content.strip():
                lead = len(content) - len(content.lstrip())
                return Span(start + lead, start + len(content.rstrip()))
        return None

    @cached_property
    def statement(self) -> Span | None:
        """The reasons for applying (志望動機, 自己PR), without their heading."""
        for section in self.sections:
            title = section.title
            if title and _STATEMENT.search(self.text, title.start, title.end):
                content = self.text[title.end : section.end]
                if content.strip():
                    lead = len(content) - len(content.lstrip())
                    return Span(title.end + lead, title.end + len(content.rstrip()))
        return None

    # -- time ----------------------------------------------------------------------------------------

    @cached_property
    def ranges(self) -> tuple[dates.DateRange, ...]:
        """The date ranges of the work. Without an experience section, those that may be about work.

        Where the header of a position has one, one that a bullet tells of ("records of 1985-99") is left out.
        """
        every = dates.find_date_ranges(self.folded, today=self.current_month)
        if self.sections_of_kind("experience"):
            every = [each for each in every if self._section_at(each.start).kind in _POSITION_KINDS]
        else:
            every = [each for each in every if self._section_at(each.start).kind not in _UNDATED_KINDS]
        starts = [each.start for each in every]
        described: set[int] = set()
        for entry in self.work.entries:
            if any(dates.indices_inside(starts, line) for line in entry.header):
                described.update(
                    at
                    for bullet in entry.bullets
                    for at in dates.indices_inside(starts, bullet.span)
                    if dates.is_told(self.folded, bullet.span, every[at])
                )
        return tuple(each for at, each in enumerate(every) if at not in described)

    @cached_property
    def _section_starts(self) -> list[int]:
        return [section.start for section in self.sections]

    def _section_at(self, position: int) -> sections.Section:
        at = bisect_right(self._section_starts, position)
        return self.sections[max(0, at - 1)]

    def ranges_in(self, entry: Entry) -> tuple[dates.DateRange, ...]:
        """Return the date ranges between the first and the last line of an entry."""
        spans = [*entry.header, *(bullet.span for bullet in entry.bullets)]
        starts = self._range_starts
        first, last = bisect_left(starts, spans[0].start), bisect_left(starts, spans[-1].end)
        return self.ranges[first:last]

    @cached_property
    def _range_starts(self) -> list[int]:
        return [each.start for each in self.ranges]

    @cached_property
    def experience_years(self) -> float:
        """Years of work, from 0 (no date range) to 60. Parallel positions count once."""
        return min(_LONGEST_CAREER, dates.months_covered(self.ranges) / 12)

    @cached_property
    def positions(self) -> list[Entry]:
        """The entries of the experience, or of sections without a known heading where they describe work."""
        return [
            entry
            for entry in self.work.entries
            if entry.kind == "experience"
            or (entry.kind == "unknown" and (entry.bullets or self.ranges_in(entry)))
        ]

    def is_in_header(self, position: int) -> bool:
        """Return whether an offset lies in the lines that name a position: title, employer, dates."""
        at = bisect_right(self._headers, position, key=lambda span: span.start) - 1
        return at >= 0 and position < self._headers[at].end

    @cached_property
    def _headers(self) -> list[Span]:
        headers = [span for entry in self.work.entries for span in entry.header]
        return sorted(headers, key=lambda span: span.start)

    @cached_property
    def has_experience(self) -> bool:
        return bool(self.sections_of_kind("experience")) or "experience" in self.headings or bool(self.ranges)

    @cached_property
    def has_education(self) -> bool:
        if self.sections_of_kind("education") or "education" in self.headings:
            return True
        return bool(self.rubric.word_index("degrees").find(self.text, self.folded))

    # -- pages and quotes ----------------------------------------------------------------------------

    @property
    def pages(self) -> int | None:
        return self.signals.page_count if self.signals else None

    def quote(self, span: Span) -> Evidence | None:
        """Return the verbatim text of a span, or None if it holds only white space."""
        raw = self.text[span.start : min(span.end, span.start + MAX_QUOTE_CHARACTERS)]
        stripped = raw.strip()
        if not stripped:
            return None
        start = span.start + raw.index(stripped[0])
        return Evidence(quote=stripped, start=start, end=start + len(stripped), page=self._page_of(start))

    def _page_of(self, position: int) -> int | None:
        pages = self.signals.pages if self.signals else ()
        for number, page in enumerate(pages, start=1):
            if page.start <= position < page.end:
                return number
        return None
