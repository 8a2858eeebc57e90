"""A resume as the rules see it: read once, then only looked at."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from contracts.document import DocumentSignals
from contracts.events import AnalysisRequested
from contracts.report import MAX_QUOTE_CHARACTERS, Evidence
from contracts.vocabulary import FailureCode

from scoring.language import dates
from scoring.language import text as texts
from scoring.language.terms import Hit
from scoring.language.text import Span
from scoring.resume import sections
from scoring.resume.amounts import find_amounts, find_decorative_amounts
from scoring.resume.bullets import BulletSpan, Entry, WorkHistory, find_work_history
from scoring.resume.injection import ScreenedText, screen_text
from scoring.resume.openings import Opening, read_opening
from scoring.rubric import Language, Rubric

# A long career has some hundred bullets; what has more is no resume, and may not cost seconds.
_BULLETS_READ: Final = 1_000
# What closes a heading: "】", or the colon of a label.
_TITLE_END = re.compile(r"[^\S\r\n]?[】〕］\]》＞>」』）):：=*_#―─-]{0,20}")
# Sections whose entries are positions.
_WORK: Final = frozenset({"experience", "unknown"})
# Years; dates that add up to more were misread.
_LONGEST_CAREER: Final = 60.0
_PARTS = re.compile(r"[,、;；。|｜\r\n\f\v\x85\u2028\u2029]+")


class NotAssessable(Exception):
    """There is nothing to score; `code` says why."""

    def __init__(self, code: FailureCode) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullet:
    """A statement with what the rules want to know of it; offsets are those of the whole text."""

    start: int
    end: int
    entry: int
    glyph: str | None
    text: str
    # The text without amounts that measure nothing, as long as it is.
    said: str
    numbers: tuple[Span, ...]
    opening: Opening
    skills: frozenset[str]
    appeals: frozenset[str]
    # Whether it says what came of the work.
    is_result: bool

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    @property
    def is_quantified(self) -> bool:
        return bool(self.numbers)

    @property
    def is_proven(self) -> bool:
        """Whether it states a result with an amount."""
        return self.is_result and self.is_quantified

    @property
    def has_decorative_amount(self) -> bool:
        return self.said != self.text


class Resume:
    """The text, its parts and the file's signals; what is derived is computed once, when first asked for."""

    def __init__(self, request: AnalysisRequested, *, rubric: Rubric) -> None:
        """Raises `NotAssessable` for a text without words."""
        self.text = request.text
        if not texts.has_words(self.text):
            raise NotAssessable(FailureCode.NO_TEXT)
        self.rubric = rubric
        self.signals: DocumentSignals | None = request.signals
        requested = request.analysis.requested_at
        # "Present" is when the analysis was asked for, so that doing it again gives the same.
        self.today = requested.year * 12 + requested.month - 1
        self.folded = texts.fold(self.text)
        self.is_japanese = texts.is_japanese(self.text)
        # Neither: read as far as figures and layout go, its words left alone.
        self.is_foreign = not self.is_japanese and texts.is_foreign(self.text)
        self.language: Language = "ja" if self.is_japanese else "en"
        self.lines = texts.split_lines(self.text)
        read = self.signals.sections if self.signals else ()
        self.sections = sections.find_sections(self.text, self.lines, read, rubric.heading_kinds)

    # -- parts ---------------------------------------------------------------------------------------

    def sections_of_kind(self, *kinds: str) -> list[sections.Section]:
        return [section for section in self.sections if section.kind in kinds]

    @cached_property
    def headings(self) -> dict[str, Span]:
        """The first heading of each kind; one that joins two ("学歴・職歴") is of both."""
        found: dict[str, Span] = {}
        for section in self.sections:
            if section.title:
                title = self.text[section.title.start : section.title.end]
                for kind in (section.kind, *sections.joined_kinds(title, self.rubric.heading_kinds)):
                    found.setdefault(kind, section.title)
        return found

    @cached_property
    def work(self) -> WorkHistory:
        labels = frozenset(label for words in self.rubric.words.values() for label in words.list_labels)
        return find_work_history(self.text, self.lines, self.sections, labels)

    @cached_property
    def bullets(self) -> tuple[Bullet, ...]:
        """What is said twice counts once, or repeating the best bullet would pay; what speaks to a model
        tells of no work."""
        said: set[str] = set()
        kept: list[BulletSpan] = []
        for statement in self.work.statements[:_BULLETS_READ]:
            words = self._said(statement.start, statement.end)
            if words not in said and not self._is_suspected(statement.span):
                said.add(words)
                kept.append(statement)
        entries = self.work.entries
        bullets = (self._bullet(statement) for statement in kept)
        # "Member, Chess Club": of what was done beside the job, a line without a verb tells nothing.
        return tuple(
            each
            for each in bullets
            if entries[each.entry].kind != "activities" or each.opening.strength != "none"
        )

    def _is_suspected(self, span: Span) -> bool:
        return any(each.start < span.end and span.start < each.end for each in self.instruction_spans)

    def _said(self, start: int, end: int) -> str:
        return " ".join(self.folded[start:end].split())

    def _bullet(self, statement: BulletSpan) -> Bullet:
        start, end = statement.start, statement.end
        text, folded = self.text[start:end], self.folded[start:end]
        amounts = find_amounts(text, folded)
        # An amount that measures nothing is not there for any rule.
        said = texts.blank_out(text, amounts.decorative)
        folded = texts.blank_out(folded, amounts.decorative)
        skills = [hit.group for hit in self.rubric.skill_index.find(said, folded)]
        appeals = [hit.group for hit in self.rubric.appeal_index.find(said, folded)]
        opening = read_opening(said, folded, self.rubric)
        return Bullet(
            start=start,
            end=end,
            entry=statement.entry,
            glyph=statement.glyph,
            text=text,
            said=said,
            numbers=amounts.measured,
            opening=opening,
            skills=frozenset(skills),
            appeals=frozenset(appeals),
            is_result=self._is_result(said, folded, opening, is_quantified=bool(amounts.measured)),
        )

    def _is_result(self, text: str, folded: str, opening: Opening, *, is_quantified: bool) -> bool:
        if opening.strength == "weak":
            return False
        hits = self.rubric.word_index("result_phrases").find(text, folded)
        # A Japanese connective alone is no result; with an amount it is.
        return opening.is_result or any(hit.group == "en" or is_quantified for hit in hits)

    @cached_property
    def screened(self) -> ScreenedText:
        """The text as a reader sees it, with the sentences that read as instructions to a language model."""
        return screen_text(self.text)

    @cached_property
    def instruction_spans(self) -> tuple[Span, ...]:
        """The places of these sentences."""
        return tuple(self.screened.instruction_spans)

    @cached_property
    def body(self) -> Span:
        """The text without the name and address on top, so that these weigh nothing."""
        head = self.sections_of_kind("head")
        return Span(head[0].end if head and head[0].start == 0 else 0, len(self.text))

    @cached_property
    def skill_hits(self) -> list[Hit]:
        """Every place of the body that names a skill; "Note to the AI" names none."""
        hits = self.rubric.skill_index.find(self.text, self.folded, self.body.start, self.body.end)
        return [hit for hit in hits if not self._is_suspected(Span(hit.start, hit.end))]

    @cached_property
    def body_length(self) -> int:
        """Words, or characters of a Japanese resume. What stands between commas or breaks counts once,
        however often it is repeated, and numbers that measure nothing do not: neither gives a reader more."""
        said = {" ".join(part.split()) for part in _PARTS.split(self.folded[self.body.start : self.body.end])}
        return sum(texts.text_length(self._worth_reading(part), japanese=self.is_japanese) for part in said)

    def _worth_reading(self, part: str) -> str:
        return texts.remove_bare_numbers(texts.blank_out(part, find_decorative_amounts(part, part)))

    @cached_property
    def summary(self) -> Span | None:
        """The text under the summary's heading."""
        for section in self.sections_of_kind("summary"):
            start = section.start
            if section.title and (match := _TITLE_END.match(self.text, section.title.end)):
                start = match.end()
            content = self.text[start : section.end]
            if content.strip():
                lead = len(content) - len(content.lstrip())
                return Span(start + lead, start + len(content.rstrip()))
        return None

    # -- time ----------------------------------------------------------------------------------------

    @cached_property
    def ranges(self) -> tuple[dates.DateRange, ...]:
        """Date ranges of the work, or of all but education where no experience section is marked."""
        every = dates.find_date_ranges(self.folded, today=self.today)
        if self.sections_of_kind("experience"):
            return tuple(each for each in every if self._section_at(each.start).kind in _WORK)
        return tuple(each for each in every if self._section_at(each.start).kind != "education")

    @cached_property
    def _section_starts(self) -> list[int]:
        return [section.start for section in self.sections]

    def _section_at(self, position: int) -> sections.Section:
        at = bisect_right(self._section_starts, position)
        return self.sections[max(0, at - 1)]

    def ranges_in(self, entry: Entry) -> tuple[dates.DateRange, ...]:
        """The ranges between the first and the last line of an entry."""
        spans = [*entry.header, *(statement.span for statement in entry.statements)]
        starts = self._range_starts
        first, last = bisect_left(starts, spans[0].start), bisect_left(starts, spans[-1].end)
        return self.ranges[first:last]

    @cached_property
    def _range_starts(self) -> list[int]:
        return [each.start for each in self.ranges]

    @cached_property
    def experience_years(self) -> float:
        """Years of work, parallel positions counted once; 0 where no range was found, 60 at most."""
        return min(_LONGEST_CAREER, dates.months_covered(self.ranges) / 12)

    @cached_property
    def positions(self) -> list[Entry]:
        """The entries of the experience; under a heading that says nothing, those that tell of work."""
        return [
            entry
            for entry in self.work.entries
            if entry.kind == "experience"
            or (entry.kind == "unknown" and (entry.statements or self.ranges_in(entry)))
        ]

    def is_in_header(self, position: int) -> bool:
        """Whether a place is in the lines that name a position: title, employer, dates."""
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
        """The verbatim text of a span, None where only white space is there."""
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
