"""Levels of education and of spoken languages, and years, as jobs and resumes write them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, get_args

from contracts.matching import EducationLevel, LanguageLevel
from scoring.language.text import Span

from matching.patterns import load_patterns
from matching.vocabulary import load_languages

EDUCATION: Final[tuple[EducationLevel, ...]] = get_args(EducationLevel)
LANGUAGE: Final[tuple[LanguageLevel, ...]] = get_args(LanguageLevel)

_PATTERNS: Final = load_patterns("levels")
# The highest level first.
_DEGREES: Final = tuple((level, _PATTERNS[level]) for level in reversed(EDUCATION))
_NUMBER_WORDS: Final = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
]  # fmt: skip
_NUMBERS: Final = {
    word: number
    for number, word in enumerate(
        _NUMBER_WORDS,
        start=1,
    )
} | {word: number for number, word in enumerate("一二三四五六七八九十", start=1)}
_NUMBER: Final = r"(?P<number>\d{1,2}(?:\.\d)?|" + "|".join(_NUMBERS) + ")"
_YEARS = re.compile(
    rf"(?<![\w.])(?P<between>between\s)?{_NUMBER}(?:\s?\(\d{{1,2}}\))?\s?\+?\s?"
    rf"(?:(?:-|~|to|or|から|(?(between)and|(?!)))\s?(?:\d{{1,2}}|{'|'.join(_NUMBER_WORDS)})\s?\+?\s?)?"
    r"(?:or more\s|plus\s|full\s)?(?:years?|yrs?\.?)(?![a-z])(?!\s(?:old|of age|ago))"
    r"|(?<!\d)(?P<number_ja>\d{1,2}(?:\.\d)?|[一二三四五六七八九十])(?:\s?[~-]\s?\d{1,2})?\s?年(?:間)?"
    r"(?:\s?(?:以上|程度|超|~)|(?=[^\d月度]{0,12}(?:経験|従事|実務))|(?<=年間)(?=の))"
)
_TOEIC = re.compile(r"toeic.{0,12}?(\d{3})")
_TOEIC_LEVELS: Final[tuple[tuple[int, LanguageLevel], ...]] = (
    (945, "native"),
    (860, "fluent"),
    (730, "business"),
    (550, "conversational"),
    (0, "basic"),
)


@dataclass(frozen=True, slots=True)
class Years:
    """A number of years at a place in a text."""

    years: float
    span: Span


def find_degree(folded: str) -> EducationLevel | None:
    """Return the highest degree that a folded text names. A university alone counts as a bachelor's."""
    for level, pattern in _DEGREES:
        if pattern.search(folded):
            return level
    return "bachelor" if _PATTERNS["university"].search(folded) else None


def find_lowest_degree(folded: str) -> EducationLevel | None:
    """Return the lowest degree that a folded text asks for: "Bachelor's or Master's" is met by the first."""
    named = [level for level, pattern in _DEGREES if pattern.search(folded)]
    return named[-1] if named else None


def degree_span(folded: str) -> Span | None:
    """Return the place of the first degree in a folded text."""
    spans = [Span(*match.span()) for _, pattern in _DEGREES if (match := pattern.search(folded))]
    return min(spans) if spans else None


def find_years(folded: str) -> Iterator[Years]:
    """Yield the amounts of years in a folded text."""
    for match in _YEARS.finditer(folded):
        word = match["number"] or match["number_ja"]
        years = float(_NUMBERS.get(word, 0) or word)
        if 0 < years <= 50:
            yield Years(years, Span(*match.span()))


def find_language_level(folded: str) -> LanguageLevel | None:
    """Return the highest level of a language in a short folded text."""
    if match := _TOEIC.search(folded):
        return next(level for score, level in _TOEIC_LEVELS if int(match[1]) >= score)
    levels = load_languages()[1]
    for level in reversed(LANGUAGE):
        if any(
            re.search(rf"(?<![a-z0-9]){pattern}" if pattern[0].isascii() else pattern, folded)
            for pattern in levels[level]
        ):
            return level
    return None
