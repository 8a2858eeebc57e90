"""Find dates and date ranges in English and Japanese text."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from scoring.language.date_styles import Date, find_dates
from scoring.language.text import Span

_ARROWS: Final = r"-{1,3}>?|~|ー|[→⇒➔➜⟶➝➞➡⟹]|>|\.{2,3}|…|から|より"
_BETWEEN = re.compile(
    rf"\s{{0,3}}(?:(?:{_ARROWS})\s{{0,3}})?(?:(?:to:?|until|till?|through|thru|up to|至)\s{{0,3}})?"
)
# Only these words before the first date, or two months alone in a line, make a range of the two.
_AND = re.compile(r"\sand\s")
_FROM_TWO = re.compile(r"between\s{1,3}$")
_BAR = re.compile(r" ?\| ?")
_BEFORE_NOW = re.compile(r"(?:to|till?|until|至)\s?|onward")
# Open at the end of a line or of a cell, and in Japanese before the name of the company.
_OPEN = re.compile(r"\s?(?:-{1,3}|~|ー)\s?(?=[)\]）|]|\n|\r|$)|\s?[~ー]\s?(?=[ぁ-ヺ一-鿿])")
_JOINED = re.compile(r"[^\r\n]*?(?:(?P<joined>入社|入行|入職|入庁)|(?P<left>退社|退職|退行|退庁))")
_YEARS: Final = ("year", "年", "fiscal year")
# The longest distance between the two dates of a range.
_GAP_LENGTH: Final = 12
# The longest distance from a date to 入社 or 退社: a company's name and a department.
_COMPANY_LENGTH: Final = 60
# The longest printed line.
_LINE_LENGTH: Final = 120
# A working life in months. An earlier date is the age of a company.
_LONGEST_WORK: Final = 50 * 12
# A later end is a slip of the pen; a degree may take this long.
_LONGEST_PLAN: Final = 6 * 12
_MAY_BE_YEAR = re.compile(r"(?:19|20)\d\d")
_PREPOSITION = re.compile(r"(?:^|[^a-z])(?:from|of|in|for|between|during|over|the|years?)$")
_APART = re.compile(r"$|[,|;:/・、-]")
_SINCE = re.compile(r"(?:since|from)\s{1,3}$")


@dataclass(frozen=True, slots=True)
class DateRange:
    """The months from `first` to `last`, inclusive, counted from year 0. An open range ends today."""

    start: int
    end: int
    first: int
    last: int
    style: str
    precision: float
    is_open: bool

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


def find_date_ranges(folded: str, *, today: int) -> list[DateRange]:
    """Return the ranges that start by `today` (in months from year 0) and do not end before they start."""
    found: list[DateRange] = []
    all_points = find_dates(folded)
    used = -1
    for i, (point, following) in enumerate(pairwise([*all_points, None])):
        if point is None or point.months is None or i == used or point.months > today:
            continue
        if following and _are_joined(folded, point, following):
            if following.until is not None and following.until > today + _LONGEST_PLAN:
                continue
            if _is_reversed(point.months, following):
                continue
            last = today if following.until is None else min(following.until, today)
            # "2019 - 2021" may be one year or three, so two are counted; "2019 - 2019" counts as half a year.
            if following.style in _YEARS and last - point.months < 12:
                last = min(point.months + max(5, last - point.months), today)
            if last >= point.months:
                precision = min(point.precision, following.precision)
                is_open = following.months is None
                found.append(
                    DateRange(point.start, following.end, point.months, last, point.style, precision, is_open)
                )
                used = i + 1
        elif (match := _OPEN.match(folded, point.end)) or _is_since(folded, all_points, i, today):
            end = match.end() if match else point.end
            found.append(DateRange(point.start, end, point.months, today, point.style, point.precision, True))
    return found or _find_joined_ranges(folded, all_points, today)


def _is_reversed(first: int, following: Date) -> bool:
    """Return whether the second date ends before the first starts. A year alone ends with its December."""
    if following.until is None:
        return False
    end = following.until // 12 * 12 + 11 if following.style in _YEARS else following.until
    return end < first


def _are_joined(folded: str, point: Date, following: Date) -> bool:
    """Return whether a dash, an arrow or a word such as "to" alone stands between two dates."""
    if following.start - point.end >= _GAP_LENGTH:
        return False
    between = folded[point.end : following.start]
    if not _BETWEEN.fullmatch(between):
        if _AND.fullmatch(between):
            return _FROM_TWO.search(folded, max(0, point.start - 11), point.start) is not None
        return _BAR.fullmatch(between) is not None and _are_cells(folded, point, following)
    # "2021 to date" brings its own word.
    return bool(between.strip()) or _BEFORE_NOW.match(folded, following.start) is not None


def _are_cells(folded: str, point: Date, following: Date) -> bool:
    """Return whether two months of one style, or a month and "present", end a line of cells.

    The cell before them is a start only where no third date is in the line.
    """
    top = max(folded.rfind("\n", 0, point.start) + 1, point.start - _LINE_LENGTH)
    bottom = folded.find("\n", following.end, following.end + _LINE_LENGTH)
    rest = folded[following.end : bottom if bottom >= 0 else following.end + _LINE_LENGTH]
    is_month = point.precision == 1 and following.style in (point.style, "present")
    return is_month and not _MAY_BE_YEAR.search(rest) and not _MAY_BE_YEAR.search(folded, top, point.start)


def _is_since(folded: str, all_points: list[Date], i: int, today: int) -> bool:
    """Return whether "since" before a date starts a period of work.

    Beside another date, in brackets, or further back than a working life, it gives the age of a company.
    """
    point = all_points[i]
    if point.months is None or today - point.months > _LONGEST_WORK:
        return False
    if not _SINCE.search(folded, max(0, point.start - 9), point.start):
        return False
    top = max(folded.rfind("\n", 0, point.start) + 1, point.start - _LINE_LENGTH)
    bottom = folded.find("\n", point.end, point.end + _LINE_LENGTH)
    bottom = bottom if bottom >= 0 else point.end + _LINE_LENGTH
    is_alone = (i == 0 or all_points[i - 1].end <= top) and (
        i + 1 == len(all_points) or all_points[i + 1].start >= bottom
    )
    return is_alone and folded.rfind("(", top, point.start) <= folded.rfind(")", top, point.start)


def _find_joined_ranges(folded: str, all_points: list[Date], today: int) -> list[DateRange]:
    """Return ranges of the Japanese form: one line for joining a company, one for leaving it.

    Each range is located at the line for joining.
    """
    found: list[DateRange] = []
    joined: Date | None = None
    for point in all_points:
        match = _JOINED.match(folded, point.end, point.end + _COMPANY_LENGTH)
        if match is None or point.months is None or point.months > today:
            continue
        if joined is not None and joined.months is not None and point.months >= joined.months:
            found.append(_joined_range(joined, joined.months, point.months, is_open=False))
        joined = point if match["joined"] else None
    if joined is not None and joined.months is not None:
        found.append(_joined_range(joined, joined.months, today, is_open=True))
    return found


def _joined_range(point: Date, first: int, last: int, *, is_open: bool) -> DateRange:
    return DateRange(point.start, point.end, first, last, point.style, point.precision, is_open)


def indices_inside(starts: Sequence[int], span: Span) -> range:
    """Return the indices of the sorted offsets within a span."""
    return range(bisect_left(starts, span.start), bisect_left(starts, span.end))


def is_told(folded: str, sentence: Span, each: DateRange) -> bool:
    """Return whether a sentence tells of the years of a range, instead of being dated by them.

    "Analyst, Acme (2016 - 2018)" is dated. "Digitised the records of 2016 - 2018" tells of them.
    """
    before = folded[sentence.start : each.start].strip(" ([")
    after = folded[each.end : sentence.end].strip(" )].。")
    if before in ("", "from", "between"):
        return False
    return _PREPOSITION.search(before) is not None or not _APART.match(after)


def months_covered(all_ranges: Iterable[DateRange]) -> int:
    """Count the months in any of the ranges. Overlapping months count once."""
    covered, reached = 0, -1
    for first, last in sorted((each.first, each.last) for each in all_ranges):
        covered += max(0, last - max(first, reached + 1) + 1)
        reached = max(reached, last)
    return covered
