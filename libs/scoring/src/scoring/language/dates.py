"""Find dates and date ranges in English and Japanese text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from scoring.language.text import Span

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ERAS: Final = {"昭和": 1925, "平成": 1988, "令和": 2018}
_SEASONS: Final = {"spring": 3, "summer": 6, "fall": 9, "autumn": 9, "winter": 12}
_DATE = re.compile(
    r"(?<![a-z\d.,$¥€£#])(?:"
    r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?,?\s{0,3}"
    r"(?:(?P<named>(?:19|20)\d\d)(?!\d)|'(?P<short>\d\d)(?!\d))"
    r"|(?P<slash_month>0?[1-9]|1[0-2])\s?[/.]\s?(?P<slash>(?:19|20)\d\d)(?!\d)"
    r"|(?P<iso>(?:19|20)\d\d)\s?[/.-]\s?(?P<iso_month>0[1-9]|1[0-2]|[1-9])(?![\d%])"
    r"|(?P<kanji>(?:19|20)\d\d)\s?年(?!間)\s?(?:(?P<kanji_month>0?[1-9]|1[0-2])\s?月(?:\s?\d{1,2}\s?日)?)?"
    r"|(?P<era>昭和|平成|令和)\s?(?P<era_year>\d{1,2}|元)\s?年\s?(?:(?P<era_month>0?[1-9]|1[0-2])\s?月)?"
    # Table cells of a Japanese form: year, month, text.
    r"|(?P<cell>(?:19|20)\d\d) (?P<cell_month>0?[1-9]|1[0-2])(?= [ぁ-ヺ一-鿿])"
    r"|(?P<season>spring|summer|fall|autumn|winter)\s(?:of\s)?(?P<seasonal>(?:19|20)\d\d)(?!\d)"
    r"|(?P<year>(?:19|20)\d\d)(?![\d%+]|[.,]\d|\s?(?:名|人|社|件|台|円|万|億|時間))"
    r"|(?P<now>present|current|now\b|today|ongoing|現在|在職中|至現在)"
    r")"
)
_BETWEEN = re.compile(r"\s{0,3}(?:-|~|to|until|till|through|から|より)\s{0,3}")
_OPEN = re.compile(r"\s?[-~]\s?(?=[)\]）]|\n|\r|$)")
_JOINED = re.compile(r"[^\r\n]*?(?:(?P<joined>入社|入行|入職|入庁)|(?P<left>退社|退職|退行|退庁))")
# The longest distance from a date to 入社 or 退社: a company's name and a department.
_COMPANY_LENGTH: Final = 60
# The longest printed line.
_LINE_LENGTH: Final = 120
# A working life in months. An earlier date is the age of a company.
_LONGEST_WORK: Final = 50 * 12
_SINCE = re.compile(r"(?:since|from)\s{1,3}$")


@dataclass(frozen=True, slots=True)
class Date:
    """A date. `months` counts from year 0 and is None for "present"."""

    start: int
    end: int
    months: int | None
    style: str
    # 1 for a month, 0.7 for a year, 0.5 for a season.
    precision: float


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


def find_dates(folded: str) -> list[Date]:
    """Return all dates of a folded text in order, including "present"."""
    return [_read_date(match) for match in _DATE.finditer(folded)]


def _read_date(match: re.Match[str]) -> Date:
    group = match.groupdict()
    months: int | None
    if group["name"]:
        year = int(group["named"]) if group["named"] else 2000 + int(group["short"])
        months, style, precision = year * 12 + _MONTHS.index(group["name"]), "name", 1.0
    elif group["slash"]:
        months, style, precision = int(group["slash"]) * 12 + int(group["slash_month"]) - 1, "month/year", 1.0
    elif group["iso"]:
        months, style, precision = int(group["iso"]) * 12 + int(group["iso_month"]) - 1, "year/month", 1.0
    elif group["kanji"]:
        month = group["kanji_month"]
        months, style = int(group["kanji"]) * 12 + int(month or 1) - 1, "年月" if month else "年"
        precision = 1.0 if month else 0.7
    elif group["era"]:
        year = _ERAS[group["era"]] + (1 if group["era_year"] == "元" else int(group["era_year"]))
        month = group["era_month"]
        months, style, precision = year * 12 + int(month or 1) - 1, "era", 1.0 if month else 0.7
    elif group["cell"]:
        months, style, precision = int(group["cell"]) * 12 + int(group["cell_month"]) - 1, "年月", 1.0
    elif group["season"]:
        months, style, precision = int(group["seasonal"]) * 12 + _SEASONS[group["season"]] - 1, "season", 0.5
    elif group["year"]:
        months, style, precision = int(group["year"]) * 12, "year", 0.7
    else:
        months, style, precision = None, "present", 1.0
    return Date(match.start(), match.end(), months, style, precision)


def find_date_ranges(folded: str, *, today: int) -> list[DateRange]:
    """Return the ranges that start by `today` (in months from year 0) and do not end before they start."""
    found: list[DateRange] = []
    all_points = find_dates(folded)
    used = -1
    for i, (point, following) in enumerate(pairwise([*all_points, None])):
        if point is None or point.months is None or i == used or point.months > today:
            continue
        gap_end = following.start if following else len(folded)
        if following and gap_end - point.end < 12 and _BETWEEN.fullmatch(folded, point.end, gap_end):
            last = today if following.months is None else min(following.months, today)
            # "2019 - 2021" may be one year or three, so two are counted; "2019 - 2019" counts as half a year.
            if following.style in ("year", "年") and last - point.months < 12:
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


def months_covered(all_ranges: Iterable[DateRange]) -> int:
    """Count the months in any of the ranges. Overlapping months count once."""
    covered, reached = 0, -1
    for first, last in sorted((each.first, each.last) for each in all_ranges):
        covered += max(0, last - max(first, reached + 1) + 1)
        reached = max(reached, last)
    return covered
