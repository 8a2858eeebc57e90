"""Read what one sentence of a job asks for."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from contracts.matching import Kind, Minimum
from scoring.language.text import Span, blank_out, fold

from matching.job.clauses import ClauseKind, divide, find_languages
from matching.job.headings import Part
from matching.job.phrases import is_name, names_in, subject_of
from matching.levels import degree_span, find_language_level, find_lowest_degree, find_years
from matching.patterns import load_patterns
from matching.vocabulary import load_vocabulary

_CREDENTIALS: Final = load_patterns("credentials")
_PHRASES: Final = load_patterns("phrases")
_SENIORITY = re.compile(_PHRASES["seniority"].pattern, re.IGNORECASE)
_REFUSED = re.compile(r"\bnot\b|\bno\b|unable|できません")
# "degree in Law", and "経済学部", "情報系" in Japanese.
_FIELD = re.compile(r"\s(?:in|of)\s(?!science|arts|engineering\b)(?P<field>[^.;()]{2,120})", re.IGNORECASE)
_FIELD_JA = re.compile(r"(?P<field>[一-鿿ァ-ヺー・、]{2,30}?)(?:系|学部|学科|専攻|分野)")
_OR_SIMILAR = re.compile(
    r"\b(?:or|and)\s(?:a |an |other )?"
    r"(?:related|similar|relevant|equivalent|comparable|quantitative|another|any)\b.*$|,?\s?etc\.?$",
    re.IGNORECASE,
)
_PLACES = re.compile(r"[,、/／・()（）]|\bor\b|\band\b")
_AMOUNT = re.compile(r"\d+\+?\s?(?:years?|年)?")
_EITHER = re.compile(r"\bor\b|または|もしくは|いずれか|/|／")
# A clause about a place that is longer says more than the place.
_PLACE_ALONE: Final = 40
_LONGEST_PLACE: Final = 40
_MOST_PLACES: Final = 8
_MOST_TERMS: Final = 12


@dataclass(frozen=True, slots=True)
class Draft:
    """A requirement before it has an id and an importance. `span` is its place in the sentence."""

    kind: Kind
    terms: tuple[str, ...] = ()
    minimum: Minimum | None = None
    span: Span = field(default=Span(0, 0))


def read_requirements(text: str, part: Part, title: str) -> Iterator[Draft]:
    """Yield what a sentence asks for. `title` names the field of years that name none."""
    folded = fold(text)
    whole = Span(0, len(text))
    if _CREDENTIALS["permission"].search(folded):
        if not _CREDENTIALS["sponsors"].search(folded) or _REFUSED.search(folded):
            yield Draft("permission", span=whole)
        return
    place = _CREDENTIALS["location"].search(folded)
    if part == "location" or place:
        yield Draft("location", _places(text, place, part), span=whole)
        if place is None or len(folded) - (place.end() - place.start()) < _PLACE_ALONE:
            return
    for clause in divide(text, part):
        if part == "duties" and clause.kind in ("other", "certificate"):
            if subject_of(text):
                yield Draft("responsibility", span=whole)
            return
        words = text[clause.span.start : clause.span.end]
        drafts = _years(words, title) if clause.kind == "years" else _READERS[clause.kind](words)
        for draft in drafts:
            yield Draft(draft.kind, draft.terms, draft.minimum, clause.span)


def _places(text: str, match: re.Match[str] | None, part: Part) -> tuple[str, ...]:
    if match and match["place"]:
        text = text[slice(*match.span("place"))]
    elif part != "location":
        return ()
    names = [name.strip(" .。") for name in _PLACES.split(text)]
    return tuple(dict.fromkeys(name for name in names if 2 <= len(name) <= _LONGEST_PLACE))[:_MOST_PLACES]


def _years(text: str, title: str) -> Iterator[Draft]:
    amount = next(find_years(fold(text)), None)
    if amount is None:
        return
    before = _PHRASES["years_frame"].sub(" ", text[: amount.span.start])
    subjects = [*names_in(before), *names_in(text[amount.span.end :])]
    terms = [term for names in subjects for term in names if len(_AMOUNT.sub("", term).strip()) > 1]
    if not terms and is_name(subject := subject_of(_SENIORITY.sub(" ", title))):
        terms = [subject]
    yield Draft("experience_years", tuple(dict.fromkeys(terms))[:_MOST_TERMS], Minimum(years=amount.years))


def _education(text: str) -> Iterator[Draft]:
    level = find_lowest_degree(fold(text))
    match = _FIELD.search(text) or (None if text.isascii() else _FIELD_JA.search(text))
    fields = names_in(_OR_SIMILAR.sub("", match["field"])) if match else []
    terms = [term for names in fields for term in names if not degree_span(fold(term))]
    yield Draft(
        "education", tuple(dict.fromkeys(terms))[:_MOST_TERMS], Minimum(level=level) if level else None
    )


def _language(text: str) -> Iterator[Draft]:
    level = find_language_level(fold(text))
    found = (tuple(dict.fromkeys(hit.group for hit in hits)) for hits in find_languages(text, fold(text)))
    for names in dict.fromkeys(found):
        yield Draft("language", names, Minimum(level=level) if level else None)


def _certificate(text: str) -> Iterator[Draft]:
    hits = load_vocabulary().find_certificates(text)
    names = [text[hit.start : hit.end] for hit in hits]
    if hits:
        # "Driving licence, forklift" asks for a skill, too.
        rest = blank_out(text, [Span(hit.start, hit.end) for hit in hits])
        for skill in load_vocabulary().find_skills(rest):
            yield Draft("skill", (text[skill.start : skill.end],))
    names = list(dict.fromkeys(names or [term for each in names_in(text) for term in each]))[:_MOST_TERMS]
    if names and (len(names) == 1 or _EITHER.search(fold(text))):
        yield Draft("certificate", tuple(names))
    else:
        for name in names:
            yield Draft("certificate", (name,))


def _other(text: str) -> Iterator[Draft]:
    for names in names_in(text):
        yield Draft("skill", names[:_MOST_TERMS])


_READERS: Final[dict[ClauseKind, Callable[[str], Iterator[Draft]]]] = {
    "education": _education,
    "language": _language,
    "certificate": _certificate,
    "other": _other,
}
