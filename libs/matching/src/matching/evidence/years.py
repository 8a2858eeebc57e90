"""Count the years of experience in what a requirement names, from the dates of positions."""

from collections.abc import Callable
from datetime import date
from typing import Final

from contracts.matching import Requirement
from scoring.language.text import Span

from matching.evidence.findings import COPIED, LISTED, Finding
from matching.evidence.reading import Passage, Reading
from matching.evidence.skills import find_phrase, find_terms

# A month or two less than the number of years still rounds to it.
_ALMOST: Final = 0.95
# A phrase has to be found at this share for a position to count.
_IN_FIELD: Final = 0.6


def match_years(
    requirement: Requirement, reading: Reading, today: date, is_copied: Callable[[Passage], bool]
) -> Finding:
    """Assess years of experience in the positions that name one of the terms, or in all of them."""
    wanted = requirement.minimum.years if requirement.minimum and requirement.minimum.years else 1.0
    terms = requirement.terms
    if not terms:
        years = reading.all_years(today)
        if not years:
            return Finding("unknown", 0.0, "years.undated", {"wanted_years": wanted})
        spans = tuple(each.span for each in reading.resume.ranges[:3])
        return _by_years(years, wanted, "", spans)
    sightings = find_terms(reading, terms)
    named = [each for each in sightings if each.passage.entry is not None and not is_copied(each.passage)]
    if not named:
        named = [
            each
            for each in find_phrase(reading, terms, is_term=True)
            if each.share >= _IN_FIELD and each.passage.entry is not None and not is_copied(each.passage)
        ]
    entries = {each.passage.entry for each in named if each.passage.entry is not None}
    years = reading.years_in(entries, today)
    spans = tuple(dict.fromkeys(each.passage.span for each in named[:3]))
    if years:
        return _by_years(years, wanted, terms[0], spans)
    if named:
        return Finding(
            "unknown" if not reading.all_years(today) else "partly",
            LISTED,
            "years.undated_in",
            {"term": terms[0], "wanted_years": wanted},
            spans,
        )
    others = sightings or [
        each for each in find_phrase(reading, terms, fewest_words=2, is_term=True) if each.share >= _IN_FIELD
    ]
    if others:
        credit = COPIED if is_copied(others[0].passage) else COPIED + 0.1
        return Finding(
            "partly",
            credit,
            "years.listed",
            {"term": terms[0], "wanted_years": wanted},
            (others[0].passage.span,),
        )
    return Finding("not_shown", 0.0, "years.not_shown", {"term": terms[0], "wanted_years": wanted})


def _by_years(years: float, wanted: float, term: str, spans: tuple[Span, ...]) -> Finding:
    values: dict[str, str | int | float] = {"years": round(years, 1), "wanted_years": wanted}
    suffix = ""
    if term:
        values["term"], suffix = term, "_in"
    if years >= wanted * _ALMOST:
        return Finding("met", 1.0, f"years.enough{suffix}", values, spans)
    return Finding("partly", 0.2 + 0.6 * years / wanted, f"years.fewer{suffix}", values, spans)
