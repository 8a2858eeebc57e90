"""Distinguish amounts, which show a result, from years, versions, phone numbers, pages and decoration."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from scoring.language.date_styles import find_dates
from scoring.language.text import Span, fold
from scoring.resume.amount_context import measures_something

# Cheap checks: a text that matches none of them holds no number, date or address.
_DIGIT = re.compile(r"\d")
_DATED = re.compile(r"[\d元]")
_ADDRESSED = re.compile(r"@|https?://|www\.")
_ADDRESS = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}|https?://\S{1,200}|www\.\S{1,200}"
)
_PHONE = re.compile(r"(?<![\w.$¥€£])(?:\+\d{1,3}[\s-]?)?\(?\d{2,4}\)?[\s.-]\d{2,4}[\s.-]\d{3,4}(?!\d|%|,\d)")
# CAD and Rs are a currency only before a sum: "CAD 2D drawings" and "RS 232" are none.
_CURRENCY: Final = (
    r"(?:[$€£¥₹]|usd|eur|gbp|jpy|chf|inr|rs\."
    r"|(?:cad|aud|rs)(?=\s?(?:\d{1,3},\d{2,3}|[\d.]{1,9}\s?(?:[kmb]\b|[mb]n\b|million|billion|lakh|crore))))"
)
_NUMBER = re.compile(
    rf"(?<![a-z\d_.,/])(?<![a-z]-)(?P<money>{_CURRENCY}\s?)?"
    r"(?P<whole>\d{1,3}(?:,\d{2,3}){0,3},\d{3}|\d{1,12})(?P<decimals>(?:\.\d{1,6})*)"
)
# A unit right after a number makes it an amount if the context tells what it measures.
_UNIT = re.compile(
    r"\s?(?:%|\+|percent(?:age)?\b|pts?\b|points?\b|bps\b|x\b|k\b|m\b|mm\b|mn\b|b\b|bn\b|t\b|million|billion|trillion"
    r"|lakhs?\b|crores?\b|thousand|hundred|dollars|euros|yen\b"
    r"|usd\b|eur\b|jpy\b|times\b|-?fold\b|hours?\b|days?\b|weeks?\b|months?\b"
    r"|minutes?\b|seconds?\b|hrs?\b|mins?\b|ms\b|kg\b|km\b|ha\b|[kmg]w\b|[kmg]wh\b|[gt]b\b|lbs?\b|割|倍|億|万|千|円|ポイント|時間|分(?!野)|秒|日(?!本)|週|カ月|か月|ヶ月)"
)
# Cheap checks whether a text may hold an amount that measures nothing.
_WITH_UNIT = re.compile(rf"\d(?:{_UNIT.pattern})")
_WITH_MONEY = re.compile(rf"{_CURRENCY}\s?\d")
# A counted thing right after a number always makes it an amount.
_COUNTED = re.compile(
    r"\s?(?:fte|[千万億]{0,2}(?:名|人|社|件|営業日|台|店|拠点|か国|カ国|ヶ国|か所|箇所|本|個|回|部門|部署|チーム|機能|画面|種|校|案件|プロジェクト"
    r"|システム|サーバ|ユーザ))"
)
_NOUN = re.compile(r"\s(?P<noun>[a-z][a-z-]{2,})")
# "10-person team" gives a size, unlike "5-day forecast".
_SIZE = re.compile(
    r"-(?:person|people|member|strong|engineer|developer|consultant|site|country|store|seat|unit|bed|room|page|acre"
    r"|hectare|tonne?|node|server|mile|mw|storey|story|apartment|home|pupil|student|cover|line|lane)\b"
)
_NOT_COUNTED = re.compile(
    r"years?|yrs|and|the|for|with|from|which|while|that|using|but|are|was|were|has|had|into|via|than|then|am"
)
# A number after one of these words is a name: "phase 2", "page 3", "ISO 9001".
_LABEL = re.compile(
    r"v|ver|version|release|p|pp|pages?|section|chapter|phase|level|tier|grade|step|room|no|number|figure|series"
    r"|class|type|layer|form|article|stage|round|sprint|q|fy|gate|top|iso|rfc|ps|windows"
)
_BEFORE = re.compile(r"([A-Za-z]{1,30})[\s#.]{1,2}$")
# "24/7", "1:1" and "2 x 4" are names.
_FIXED = re.compile(r"(?<!\d)(?:24\s?/\s?7|1\s?:\s?1|\d{1,4}\sx\s\d{1,4})(?!\d)")
# Cheap checks whether a text may hold a phone number, or one of these names.
_MAY_BE_PHONE = re.compile(r"\d\)?[\s.-]\d{2,4}[\s.-]\d{3}")
_MAY_BE_FIXED = re.compile(r"\d\s?[/:x]")
_ONES: Final = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_IN_WORDS = re.compile(
    # A check of the first letter keeps the search fast.
    r"\b(?=[\dbcdefghnoqst])(?:"
    r"(?:doubl|tripl|quadrupl|halv)(?:ed|es|ing|e)\b"
    # "From 9 am to 5" is a time.
    r"|from \d{1,9}(?: (?!(?:am|pm|years?)\b)[a-z]{1,20}){0,2} to \d{1,9}\b(?! years?\b)"
    r"|\d{1,3}(?:st|nd|rd|th) (?:out )?of \d{1,6}\b"
    r"|(?:team|crew|staff|group|class|fleet|total) of \d{1,6}\b"
    r"|of (?:whom|which|them) \d{1,6}\b|\d{1,6} of (?:its|their|our|my|all)\b"
    rf"|(?:{_ONES}) to (?:{_ONES})\b(?! years?\b)"
    r"|by half\b|by (?:a|one|two|three)[ -](?:half|thirds?|quarters?|fifths?|tenth)\b(?! part)"
    rf"|(?:{_ONES}|fifteen|twenty|thirty|forty|fifty"
    r"|hundreds? of|thousands? of|dozens? of)\s(?!years?\b|of\b|and\b|main\b|sigma\b)[a-z]{3,})"
    r"|\d(?<!gpa \d)(?<!gpa: \d)(?<![\w.]\d)\.\d{1,2}\s?(?:/|out of)\s?(?:5|10)\b(?!\.)"
    r"|[二三四五六七八九十百千数][十百千万億]{0,3}(?:名|人|社|件|営業日|割|倍|億円|万円|店舗|拠点|部門)|半減|倍増|倍に"
)
# Words that state a number, for which `_IN_WORDS` may not know the thing that is counted.
_NUMBER_WORDS = re.compile(
    rf"\b(?:{_ONES}|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty"
    r"|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|dozens?|half|halv(?:ed|es|ing)|twice|thrice"
    r"|(?:doubl|tripl|quadrupl)(?:ed|es|ing|e)|thirds?|quarters?|fifths?|tenths?)\b"
    r"|半減|半分|倍増|倍|[二三四五六七八九十百千万億数][十百千万億]{0,3}(?:名|人|社|件|営業日|割|円|店|拠点|部門|年|月|週|日|回|個|台|本)"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_SIGNS_BEFORE: Final = " ,、([【「\"'+±~-$€£¥₹"
_SIGNS_BEHIND: Final = ")]】」\"'+%円以上超"
_LEAD_IN = re.compile(r"(?:\b(?:by|from|to|over|of|about|around|than|up to|nearly|約|およそ)\s?)$")


@dataclass(frozen=True, slots=True)
class BulletAmounts:
    """Amounts in a bullet.

    `measured` amounts measure something and include the word that leads in ("by 20 %"). `decorative` amounts
    are attached to nothing and earn nothing.
    """

    measured: tuple[Span, ...]
    decorative: tuple[Span, ...]


def find_amounts(text: str, folded: str) -> BulletAmounts:
    """Return the amounts in a bullet. `folded` is `fold(text)`."""
    masked = _mask(folded)
    measured, decorative = _in_figures(text, masked) if _DIGIT.search(masked) else ([], [])
    measured += [Span(match.start(), match.end()) for match in _IN_WORDS.finditer(masked)]
    return BulletAmounts(tuple(_merge(_with_lead_in(masked, span) for span in measured)), tuple(decorative))


def holds_number(text: str) -> bool:
    """Tell whether a text states a number, in figures or words, that is no date, version or label."""
    masked = _mask(fold(text))
    return _NUMBER_WORDS.search(masked) is not None or any(
        _is_plain_number(masked, match)
        and (match["money"] or _UNIT.match(masked, match.end()) or not _is_label(text, match))
        for match in _NUMBER.finditer(masked)
    )


def _is_label(text: str, match: re.Match[str]) -> bool:
    """Tell whether a number is a year, a version ("Python 3.11") or part of a name ("phase 2")."""
    return bool(match["decimals"] or _YEAR.fullmatch(match["whole"]) or _names(text, match))


def find_decorative_amounts(text: str, folded: str) -> tuple[Span, ...]:
    """Return only the amounts that measure nothing."""
    if not (_WITH_UNIT.search(folded) or _WITH_MONEY.search(folded)):
        return ()
    return tuple(_in_figures(text, _mask(folded))[1])


def _in_figures(text: str, masked: str) -> tuple[list[Span], list[Span]]:
    """Return the measured and the decorative amounts that are written in figures."""
    measured: list[Span] = []
    decorative: list[Span] = []
    for match in _NUMBER.finditer(masked):
        counted = _COUNTED.match(masked, match.end())
        unit = counted or _UNIT.match(masked, match.end())
        span = Span(match.start(), unit.end() if unit else match.end())
        if not _is_plain_number(masked, match):
            continue
        if (unit and not counted) or match["money"]:
            is_measured = measures_something(text, masked, span.start, span.end)
            (measured if is_measured else decorative).append(
                span if is_measured else _with_signs(masked, span)
            )
        elif counted or _counts_a_noun(text, masked, match):
            measured.append(span)
    return measured, decorative


def _merge(spans: Iterable[Span]) -> list[Span]:
    amounts: list[Span] = []
    for span in sorted(spans, key=lambda each: each.start):
        if amounts and span.start < amounts[-1].end:
            amounts[-1] = Span(amounts[-1].start, max(span.end, amounts[-1].end))
        else:
            amounts.append(span)
    return amounts


def _mask(folded: str) -> str:
    """Mask dates, addresses and phone numbers. Offsets stay the same."""
    spans: list[tuple[int, int]] = []
    if _DATED.search(folded):
        spans += [(point.start, point.end) for point in find_dates(folded) if point.months is not None]
    if _ADDRESSED.search(folded):
        spans += [match.span() for match in _ADDRESS.finditer(folded)]
    if _MAY_BE_PHONE.search(folded):
        spans += [match.span() for match in _PHONE.finditer(folded)]
    if _MAY_BE_FIXED.search(folded):
        spans += [match.span() for match in _FIXED.finditer(folded)]
    if not spans:
        return folded
    masked = list(folded)
    for start, end in spans:
        masked[start:end] = "_" * (end - start)
    return "".join(masked)


def _with_signs(masked: str, span: Span) -> Span:
    """Extend an amount by the brackets and signs around it."""
    start, end = span.start, span.end
    while start > 0 and masked[start - 1] in _SIGNS_BEFORE:
        start -= 1
    while end < len(masked) and masked[end] in _SIGNS_BEHIND:
        end += 1
    return Span(start, end)


def _is_plain_number(masked: str, match: re.Match[str]) -> bool:
    return match["decimals"].count(".") < 2 and masked[match.end() : match.end() + 1] not in (
        "/",
        "_",
        "月",
        "年",
    )


def _counts_a_noun(text: str, masked: str, match: re.Match[str]) -> bool:
    if match["decimals"]:
        return False  # "Python 3.11", "GPA 3.9"
    if _names(text, match):
        return False
    if _SIZE.match(masked, match.end()):
        return True
    # The noun may follow a few words later ("5 junior developers"), but the next word is enough to decide.
    noun = _NOUN.match(masked, match.end())
    return noun is not None and not _NOT_COUNTED.fullmatch(noun["noun"])


def _names(text: str, match: re.Match[str]) -> bool:
    """Tell whether the word before a number makes it a name: "phase 2", "Boeing 747"."""
    before = _BEFORE.search(text[max(0, match.start() - 33) : match.start()])
    if before is None:
        return False
    # A capitalised word does not, where it starts the sentence.
    opens = not text[: match.start() - len(before[0])].strip()
    return bool(_LABEL.fullmatch(before[1].lower()) or (before[1][0].isupper() and not opens))


def _with_lead_in(masked: str, span: Span) -> Span:
    window = masked[max(0, span.start - 10) : span.start]
    match = _LEAD_IN.search(window)
    return Span(span.start - (len(window) - match.start()), span.end) if match else span
