"""Read the lines that name a position or a school: dates, and the parts between them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from scoring.language.date_styles import find_dates
from scoring.language.dates import DateRange, find_date_ranges
from scoring.language.text import Span
from scoring.resume.resume import Resume

# "(5 years 9 months)", "3 yrs 2 mos", "（5年3ヶ月）" behind the dates.
_DURATION = re.compile(
    r"(?i)[(（]?\s*\d{1,2}(?:\.\d)?\s*\+?\s*(?:years?|yrs?|months?|mos?|年(?!度)|[かヶケカ]月)"
    r"(?:,?\s*(?:and\s*)?\d{1,2}\s*(?:months?|mos?|[かヶケカ]月))?(?!\w)\s*(?:間|ほど)?[)）]?"
)
_EDGES = re.compile(r"^[\s()（）\[\]|｜,、:：–—―\-~～〜/／・･@]+|[\s()（\[|｜,、:：–—―\-~～〜/／・･@]+$")
_SEPARATOR = re.compile(r"\s*[\t|｜\n\r]\s*| {2,}|\s+[–—―@/／•·-]\s+|\s+at\s+(?=[A-Z])|,\s+|，\s*|、|　+")
# Behind a comma, these belong to the name of the company.
_LEGAL_FORM = re.compile(
    r"(?i)(?:inc|ltd|llc|llp|plc|gmbh|corp|co|s\.?a|k\.?k|l\.?p|limited|pty|ag|bv|n\.v)\.?"
)
# What is left between or beside dates.
_JOINS_DATES = re.compile(
    r"(?i)(?:from|since|between|to|until|till?|and|thru|through|自|至|から|より|まで|ー|～|現在|に|月|年)+"
)
# Stands for a date, and separates what is beside it.
_BAR: Final = "|"
_LETTER = re.compile(r"[^\W\d_]")
# Months behind January of the year 0.
_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Period:
    """The start and the end of a position as ISO 8601. An end of None is today or unknown."""

    start: str
    end: str | None


def period_of(found: DateRange) -> Period:
    """Return a range of dates as precise as it was written."""
    is_month = found.precision == 1
    end = None if found.is_open else _iso(found.last, is_month=is_month)
    return Period(_iso(found.first, is_month=is_month), end)


def _iso(months: int, *, is_month: bool) -> str:
    year, month = divmod(months, _YEAR)
    return f"{year:04}-{month + 1:02}" if is_month else f"{year:04}"


def names_in(resume: Resume, spans: Iterable[Span]) -> list[str]:
    """Return the parts of some lines without their dates, in order."""
    parts: list[str] = []
    for span in spans:
        text = resume.text[span.start : span.end]
        for found in _dates(resume, span):
            text = text[: found.start] + _BAR * (found.end - found.start) + text[found.end :]
        text = _DURATION.sub(_BAR, text)
        pieces = (_EDGES.sub("", piece) for piece in _SEPARATOR.split(text))
        parts += [piece for piece in pieces if _LETTER.search(piece) and not _JOINS_DATES.fullmatch(piece)]
    return _with_legal_forms(parts)


def _dates(resume: Resume, span: Span) -> list[Span]:
    folded = resume.folded[span.start : span.end]
    ranges = [each.span for each in find_date_ranges(folded, today=resume.current_month)]
    return [*ranges, *(Span(each.start, each.end) for each in find_dates(folded))]


def _with_legal_forms(parts: list[str]) -> list[str]:
    joined: list[str] = []
    for part in parts:
        if joined and _LEGAL_FORM.fullmatch(part):
            joined[-1] += f", {part}"
        else:
            joined.append(part)
    return joined
