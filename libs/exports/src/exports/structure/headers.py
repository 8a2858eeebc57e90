"""Read the lines that name a position or a school: dates, and the parts between them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from scoring.language.date_styles import find_dates
from scoring.language.dates import DateRange
from scoring.language.text import Span, blank_out, fold
from scoring.resume.resume import Resume

# "(5 years 9 months)", "3 yrs 2 mos", "（5年3ヶ月）" behind the dates.
_DURATION = re.compile(
    r"(?i)[(（]?\s*\d{1,2}(?:\.\d)?\s*\+?\s*(?:years?|yrs?|months?|mos?|年(?!度)|[かヶケカ]月)"
    r"(?:,?\s*(?:and\s*)?\d{1,2}\s*(?:months?|mos?|[かヶケカ]月))?(?!\w)\s*(?:間|ほど)?[)）]?"
)
_BETWEEN_DATES = re.compile(r"^[\s()（）\[\]|｜,、:：–—―\-~～〜/／・･@]+|[\s()（\[|｜,、:：–—―\-~～〜/／・･@]+$")
_SEPARATOR = re.compile(r"\s*[\t|｜\n\r]\s*|\s+[–—―@/／•·-]\s+|\s+at\s+(?=[A-Z])|,\s+|，\s*|、|　+")
# Behind a comma, these belong to the name of the company.
_LEGAL_FORM = re.compile(r"(?i)(?:inc|ltd|llc|llp|plc|gmbh|corp|co|s\.?a|k\.?k|l\.?p|limited|pty|ag|bv|n\.v)\.?")
_LETTER = re.compile(r"[^\W\d_]")
_YEAR_STYLES: Final = frozenset({"year", "年", "fiscal year", "年度", "season", "quarter"})
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
        dates = [Span(each.start, each.end) for each in find_dates(fold(text))]
        text = blank_out(_DURATION.sub(lambda m: "|" * len(m.group()), _without(text, dates)), ())
        parts += [part for piece in _SEPARATOR.split(text) if (part := _BETWEEN_DATES.sub("", piece)) and _LETTER.search(part)]
    return _with_legal_forms(parts)


def _without(text: str, spans: Sequence[Span]) -> str:
    """Replace dates by bars, which separate parts. Words such as "to" and "since" go with them."""
    for span in spans:
        text = text[: span.start] + "|" * (span.end - span.start) + text[span.end :]
    text = re.sub(r"(?i)\b(?:from|since|between)\s+(?=\|)", lambda m: "|" * len(m.group()), text)
    return re.sub(r"(?i)\|\s{0,3}(?:to|until|till?|and|thru|through|から|より|まで)\s{0,3}(?=\|)", lambda m: "|" * len(m.group()), text)


def _with_legal_forms(parts: list[str]) -> list[str]:
    joined: list[str] = []
    for part in parts:
        if joined and _LEGAL_FORM.fullmatch(part):
            joined[-1] += f", {part}"
        else:
            joined.append(part)
    return joined
