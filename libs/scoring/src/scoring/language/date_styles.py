"""Styles of dates in English and Japanese, as a table: one row for each way to write a date or two.

The patterns match folded text (see `scoring.language.text.fold`). Their groups say what they hold:

- `y`: a year of four digits; `yy`: a year of two digits; `era` and `era_year`: a Japanese year
- `m`: the number of a month; `name`: the name of a month; `season`, `q`: a season, a quarter
- `a` and `b`: the two dates of a pair such as "Jan - Dec 2022". Groups of the second date end with `2`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ERAS: Final = {
    "明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018,
    "s": 1925, "h": 1988, "r": 2018, "昭": 1925, "平": 1988, "令": 2018,
}  # fmt: skip
# The first month of a season, or of a part of a year.
_SEASONS: Final = {
    "spring": 3, "summer": 6, "fall": 9, "autumn": 9, "winter": 12, "early": 2, "mid": 6, "late": 10,
    "春": 3, "夏": 6, "秋": 9, "冬": 12,
}  # fmt: skip
# A year of two digits up to this one is of this century.
_LAST_SHORT_YEAR: Final = 49

_Y: Final = r"(?P<y>(?:19|20)\d\d)"
_YEAR: Final = r"(?P<y>(?:19|20)\d\d)(?!\d)"
_YY: Final = r"(?P<yy>\d\d)(?!\d)"
_M: Final = r"(?P<m>0?[1-9]|1[0-2])"
_NAME: Final = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_SEASON: Final = r"(?P<season>spring|summer|fall|autumn|winter)"
_QUARTER: Final = r"q(?P<q>[1-4])"
_FISCAL: Final = r"(?:fy|f\.y\.|fiscal(?:\syear)?)\s?"
_ERA_NAME: Final = "明治|大正|昭和|平成|令和"
_ERA: Final = rf"(?P<era>{_ERA_NAME})\s?(?P<era_year>\d{{1,2}}|元)"
# A letter alone is an era only with its month: R3.3.
_ERA_LETTER: Final = r"(?P<era>[shr昭平令])\.?\s?(?P<era_year>\d{1,2}|元)"
_DASH: Final = r"\s?(?:-{1,3}|~|ー|to|until|till)\s?"
# "Date" and "onwards" mean today only behind a date or its dash.
_NOW: Final = (
    r"(?:the\s)?present|current(?:ly)?(?![a-z])|now(?![a-z])|today|ongoing"
    r"|(?:(?:un)?till?|to)\s(?:date|now)(?![a-z])|(?<![a-z]-)to-date(?![a-z])"
    r"|(?:(?<=\d-)|(?<=\d- )|(?<=\d - ))date(?![a-z]|\sof\b)|(?:(?<=[\d-]\s)|(?<=[\s\d]-))onwards?(?![a-z])"
    r"|still\s(?:working|employed|here)|至\s?現在|現在(?:に至る|まで)?|在[職籍](?:中|(?![ぁ-ヺ一-鿿]))|現職"
)
# Behind a year alone: units, decimals and shares make it an amount.
_NO_AMOUNT: Final = r"(?![\d%+]|[.,]\d|\s?(?:名|人|社|件|台|円|万|億|時間))"


class Date(NamedTuple):
    """A date. `months` counts from year 0 and is None for "present".

    As the end of a range it reaches to `until`: a quarter ends with its third month.
    """

    start: int
    end: int
    months: int | None
    until: int | None
    style: str
    # 1 for a month, 0.7 for a year, 0.5 for a season.
    precision: float


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    pattern: str
    precision: float = 1.0
    compiled: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "compiled", re.compile(self.pattern))


def _second(pattern: str) -> str:
    return re.sub(r"\(\?P<(\w+)>", r"(?P<\g<1>2>", pattern)


def _pair(first: str, second: str, *, between: str = _DASH, shared: str = "", before: str = "") -> str:
    """Return the pattern of two dates that share a year, written `before` or behind them."""
    return rf"(?P<a>{before}{first}){between}(?P<b>{_second(second)}{shared})"


_BEHIND_YEAR: Final = rf"(?:,?\s{{1,2}}(?:of\s)?{_YEAR}|\s?'{_YY})"
# The end of a cell, a line or brackets: "2022.1-12" is a period there, and two numbers elsewhere.
_CLOSED: Final = r"(?=\s*(?:[)\]|,\r\n]|$))"

_DAY_FIRST: Final = "day/month/year"
_MONTH_FIRST: Final = "month/day/year"

# Tried in this order at each place, so that the longer style comes first.
_DIGITS_FIRST: Final = (
    # -- two dates that share a year, or whose years have two digits
    _Style("name", _pair(_NAME, _NAME + r"(?!,?\s?'?\d)", before=_YEAR + r",?\s")),
    _Style("年月", _pair(_M + r"\s?月", _M + r"\s?月", before=_Y + r"\s?年\s?")),
    _Style("year/month", _pair(_M, _M + _CLOSED, before=_Y + r"\s?[/.]\s?")),
    _Style("month/year", rf"(?P<a>{_M}\s?/\s?{_YY}){_DASH}(?P<b>{_second(_M)}\s?/\s?{_second(_YY)})(?!/)"),
    _Style("month/year", rf"(?P<a>{_M}\s?/\s?{_YY}){_DASH}(?P<b>(?P<now2>{_NOW}))"),
    _Style("年月", rf"(?P<a>{_YY}\s?年\s?{_M}\s?月){_DASH}(?P<b>{_second(_YY)}\s?年\s?{_second(_M)}\s?月)"),
    _Style("年月", rf"(?P<a>{_YY}\s?年\s?{_M}\s?月){_DASH}(?P<b>(?P<now2>{_NOW}))"),
    _Style(
        "year",
        rf"(?P<a>{_Y})(?:\s?-\s?|\s?/\s?)(?P<b>(?P<yy2>1[3-9]|[2-9]\d))(?![\d%/.]|-(?!(?:19|20)\d\d/))",
        0.7,
    ),
    # -- a day, a month and a year
    _Style("name", rf"{_DAY}[\s./-]{{0,2}}(?:of\s)?{_NAME},?[\s/-]{{1,3}}{_YEAR}"),
    _Style("year/month", rf"{_Y}[/.-](?P<m>0[1-9]|1[0-2]|[1-9])[/.-](?:0?[1-9]|[12]\d|3[01])(?!\d)"),
    _Style(_DAY_FIRST, rf"(?:1[3-9]|2\d|3[01])[/.-]{_M}[/.-]{_YEAR}"),
    _Style(_DAY_FIRST, rf"(?:0?[1-9]|1[0-2])\.{_M}\.{_YEAR}"),
    _Style(_MONTH_FIRST, rf"{_M}[/-](?:0?[1-9]|[12]\d|3[01])[/-]{_YEAR}"),
    # -- a month and a year
    _Style("name", rf"{_Y}[\s,/-]{{1,2}}{_NAME}(?!\s?[\d'])"),
    _Style("month/year", rf"{_M}\s?[/.]\s?{_YEAR}"),
    _Style("month/year", rf"(?P<m>0[1-9]|1[0-2])-{_YEAR}(?!-)"),
    _Style("year/month", rf"{_Y}\s?[/.-]\s?(?P<m>0[1-9]|1[0-2]|[1-9])(?![\d%])"),
    _Style("年月", rf"(?:{_Y}|'(?P<yy>\d\d))\s?年\s?{_M}\s?月(?:\s?\d{{1,2}}\s?日)?"),
    _Style("年月", rf"{_Y}\s?年\s?\((?:{_ERA_NAME})\s?(?:\d{{1,2}}|元)\s?年?\)\s?{_M}\s?月"),
    _Style("年月", rf"{_Y}\s?\((?:{_ERA_NAME})\s?(?:\d{{1,2}}|元)\)\s?年\s?{_M}\s?月"),
    # Cells of a Japanese form: year, month, text.
    _Style("年月", rf"{_Y}\s?[\s|]\s?{_M}(?=\s?[\s|]\s?[ぁ-ヺ一-鿿])"),
    # -- a part of a year
    _Style("season", rf"{_Y}\s{_SEASON}(?!\s\d)", 0.5),
    _Style("season", rf"{_Y}\s?年\s?(?P<season>[春夏秋冬])", 0.5),
    _Style("quarter", rf"(?P<q>[1-4])q[\s/,-]{{0,2}}(?:{_YEAR}|'{_YY})", 0.7),
    _Style("quarter", rf"{_Y}[\s/-]{{0,2}}{_QUARTER}(?![a-z\d])", 0.7),
    # -- a year
    _Style("年度", rf"{_Y}\s?年度", 0.7),
    _Style("年", rf"(?:{_Y}|'(?P<yy>\d\d))\s?年(?!間|\d)", 0.7),
    _Style("year", rf"{_Y}{_NO_AMOUNT}", 0.7),
    _Style("year", rf"'{_YY}(?!\s?s\b|[\w'])", 0.7),
)
_WORDS_FIRST: Final = (
    _Style("name", _pair(_NAME, _NAME, shared=_BEHIND_YEAR)),
    _Style("quarter", _pair(_QUARTER, _QUARTER, shared=r"[\s/]?" + _YEAR), 0.7),
    _Style("season", _pair(_SEASON, _SEASON, shared=_BEHIND_YEAR), 0.5),
    _Style("name", rf"(?P<a>{_NAME}\s?{_YY}){_DASH}(?P<b>{_second(_NAME)}\s?{_second(_YY)})"),
    _Style("name", rf"(?P<a>{_NAME}\s?{_YY}){_DASH}(?P<b>(?P<now2>{_NOW}))"),
    _Style("name", rf"{_NAME}\s{{1,2}}{_DAY},?\s{{1,2}}{_YEAR}"),
    _Style("name", rf"{_NAME},?[\s/-]{{0,3}}(?:of\s)?{_YEAR}"),
    _Style("name", rf"{_NAME}\s{{0,2}}'\s?{_YY}"),
    _Style("name", rf"{_NAME}-{_YY}(?!-\d)"),
    _Style("era", rf"{_ERA}\s?年\s?{_M}\s?月(?:\s?\d{{1,2}}\s?日)?"),
    _Style("era", rf"{_ERA}\s?年\s?\((?:19|20)\d\d\s?年?\)\s?{_M}\s?月"),
    _Style("era", rf"{_ERA}\s?\((?:19|20)\d\d\)\s?年\s?{_M}\s?月"),
    _Style("era", rf"{_ERA_LETTER}\s?(?:[./-]|年)\s?{_M}(?!\d)\s?月?"),
    _Style("era", rf"{_ERA}\s?(?:年\s?)?[\s|]\s?{_M}(?=\s?[\s|]\s?[ぁ-ヺ一-鿿])"),
    _Style("season", rf"{_SEASON}\s(?:of\s)?(?:{_YEAR}|'{_YY})", 0.5),
    _Style("season", rf"(?P<season>early|mid|late)[\s-]{_YEAR}", 0.5),
    _Style("quarter", rf"{_QUARTER}[\s/,-]{{0,2}}(?:{_YEAR}|'{_YY})", 0.7),
    _Style("年度", rf"{_ERA}\s?年度", 0.7),
    _Style("年", rf"{_ERA}\s?年(?!間|\d)", 0.7),
    _Style("quarter", rf"{_QUARTER}[\s/,-]{{0,2}}(?:of\s)?{_FISCAL}(?:{_YEAR}|'?{_YY})", 0.7),
    _Style("quarter", rf"{_FISCAL}(?:{_Y}|'?(?P<yy>\d\d))[\s/-]{{0,2}}{_QUARTER}(?![a-z\d])", 0.7),
    _Style(
        "fiscal year",
        rf"(?P<a>{_FISCAL}(?:{_Y}|'?(?P<yy>\d\d)))\s?[/-]\s?"
        r"(?P<b>(?P<y2>(?:19|20)\d\d)|(?<=[/-])'?(?P<yy2>\d\d))(?![\d%]|[.,/]\d)",
        0.7,
    ),
    _Style("fiscal year", rf"{_FISCAL}(?:{_YEAR}|'?{_YY})", 0.7),
    _Style("present", rf"(?P<now>{_NOW})"),
)
_FIRST_WORDS: Final = (
    "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|spring|summer|fall|autumn|winter|early|mid|late|q[1-4]"
    r"|fy|f\.y|fiscal"
    r"|[shr昭平令]\.?\s?[\d元]|明治|大正|昭和|平成|令和|(?:the\s)?present|current|now|today|ongoing|til|to[\s-]|un"
    r"|date|onward|still\s|至|現|在"
)


def _any_of(styles: Sequence[_Style]) -> str:
    """Return a pattern of all styles, with one group for each and none within."""
    return "|".join("(" + re.sub(r"\(\?P<\w+>", "(?:", style.pattern) + ")" for style in styles)


_STYLES: Final = (*_DIGITS_FIRST, *_WORDS_FIRST)
# The index of the group that matched is the number of the style, from 1.
_ANY: Final = re.compile(
    rf"(?<![a-z\d.,$¥€£#])(?:(?=[\d'])(?:{_any_of(_DIGITS_FIRST)})"
    rf"|(?={_FIRST_WORDS})(?:{_any_of(_WORDS_FIRST)}))"
)


# Cheap checks: every date has a digit (or the first year of an era), or is a word for "present".
_NUMBERED = re.compile(r"[\d元]")
_MAY_BE_NOW = re.compile(
    r"present|current|now|today|ongoing|til|to\s(?:date|now)|-\s?date|to-date|onward|still\s|現|在"
)


def find_dates(folded: str) -> list[Date]:
    """Return all dates of a folded text in order, including "present"."""
    found: list[Date] = []
    if not (_NUMBERED.search(folded) or _MAY_BE_NOW.search(folded)):
        return found
    for match in _ANY.finditer(folded):
        found += _read(folded, match.start(), _STYLES[(match.lastindex or 1) - 1])
    if any(each.style == _DAY_FIRST for each in found):
        found = [_with_day_first(each, folded) if each.style == _MONTH_FIRST else each for each in found]
    return found


def _with_day_first(date: Date, folded: str) -> Date:
    """Read 01/03/2021 as 1 March, in a text that has 30/04/2022 as well."""
    _day, month, year = map(int, re.split("[/-]", folded[date.start : date.end]))
    if month > 12:
        return date
    months = year * 12 + month - 1
    return date._replace(months=months, until=months, style=_DAY_FIRST)


def _read(folded: str, start: int, style: _Style) -> Iterator[Date]:
    match = style.compiled.match(folded, start)
    if match is None:
        return
    group = {name: value for name, value in match.groupdict().items() if value is not None}
    if "b" not in group:
        yield _date(match.span(), style, group)
        return
    first = {name: value for name, value in group.items() if not name.endswith("2")}
    second = {name.removesuffix("2"): value for name, value in group.items() if name.endswith("2")}
    shared = {name: value for name, value in group.items() if name in ("y", "y2", "yy", "yy2")}
    year = {name.removesuffix("2"): value for name, value in shared.items()}
    one = _date(match.span("a"), style, year | first)
    other = _date(match.span("b"), style, second if "yy" in second else year | second)
    if style.name == "year" and "/" in folded[one.end : other.start] and _is_next_year(one, other):
        yield _academic_year(one, other)
        return
    if style.name == "fiscal year" and _is_next_year(one, other):
        yield _fiscal_year(one, other)
        return
    yield one
    yield other


def _is_next_year(one: Date, other: Date) -> bool:
    return one.months is not None and other.months == one.months + 12


def _academic_year(one: Date, other: Date) -> Date:
    """Read 2017/18 as the months from September to August. 2011/12 stays a month."""
    september = (one.months or 0) + 8
    return Date(one.start, other.end, september, september + 11, "academic year", one.precision)


def _fiscal_year(one: Date, other: Date) -> Date:
    """Read FY2019/20 as the months from April to March, the most usual ones of a year with two numbers."""
    april = (one.months or 0) + 3
    return Date(one.start, other.end, april, april + 11, "fiscal years", one.precision)


def _date(span: tuple[int, int], style: _Style, group: Mapping[str, str]) -> Date:
    if "now" in group:
        return Date(*span, None, None, "present", 1.0)
    first = _year(group) * 12
    if "name" in group:
        first += _MONTHS.index(group["name"][:3])
    elif "m" in group:
        first += int(group["m"]) - 1
    elif "season" in group:
        first += _SEASONS[group["season"]] - 1
    elif "q" in group:
        first += 3 * int(group["q"]) - 3
    elif style.name == "年度":
        first += 3
    length = {"season": 3, "quarter": 3, "年度": 12}.get(style.name, 1)
    return Date(*span, first, first + length - 1, style.name, style.precision)


def _year(group: Mapping[str, str]) -> int:
    if "y" in group:
        return int(group["y"])
    if "era" in group:
        return _ERAS[group["era"]] + (1 if group["era_year"] == "元" else int(group["era_year"]))
    short = int(group["yy"])
    return short + (2000 if short <= _LAST_SHORT_YEAR else 1900)
