"""Find degrees, languages, certificates, places and permissions in a resume."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from contracts.matching import Requirement
from scoring.language.terms import Hit
from scoring.language.text import Span, fold

from matching.evidence.findings import COPIED, Finding
from matching.evidence.reading import Passage, Reading
from matching.evidence.skills import SHOWN, find_phrase, find_terms, term_index
from matching.levels import EDUCATION, LANGUAGE, find_degree, find_language_level
from matching.patterns import load_patterns
from matching.vocabulary import load_languages

_PATTERNS: Final = load_patterns("credentials")
_YEARS_FOR_DEGREE: Final = 4.0
_GRADE = re.compile(r"(?P<pre>準)?(?P<number>\d{1,2})\s?級")
# The grade of a certificate stands behind its name. A separator begins another certificate.
_GRADE_BEHIND = re.compile(rf"[^、,;/|・。\d準]{{0,15}}{_GRADE.pattern}")
_NEARBY: Final = 45
_BEFORE: Final = 25
_WRITTEN: Final = {"en": "english", "ja": "japanese"}
# A level of a language that nothing states.
_UNSTATED: Final = 0.6
# What a reason may hold.
_LONGEST_NAME: Final = 40


def match_education(requirement: Requirement, reading: Reading, today: date) -> Finding:
    """Assess the highest degree, and its field if the requirement names one."""
    level = requirement.minimum.level if requirement.minimum else None
    wanted = EDUCATION.index(level) if level in EDUCATION else 0
    places = [each for each in reading.passages if each.place == "education"]
    places = places or [
        each for each in reading.passages if each.place in ("summary", "other", "certifications", "contact")
    ]
    degrees = [
        (EDUCATION.index(degree), each)
        for each in places
        if (degree := find_degree(each.folded)) and not _PATTERNS["unfinished"].search(each.folded)
    ]
    if not degrees:
        if (
            _PATTERNS["equivalent"].search(requirement.quote.lower())
            and reading.all_years(today) >= _YEARS_FOR_DEGREE
        ):
            return Finding(
                "partly", 0.6, "education.equivalent", {"years": round(reading.all_years(today), 1)}
            )
        return Finding("not_shown", 0.0, "education.not_shown")
    highest, place = max(degrees, key=lambda pair: (pair[0], -pair[1].start))
    if highest < wanted:
        credit = 0.5 / (wanted - highest)
        return Finding("partly", credit, "education.lower", {"level": EDUCATION[wanted]}, (place.span,))
    if not requirement.terms:
        return Finding("met", 1.0, "education.met", {}, (place.span,))
    inside = Reading(reading.resume, tuple(places), {})
    fields = find_terms(inside, requirement.terms) or [
        each for each in find_phrase(inside, requirement.terms, is_term=True) if each.share >= SHOWN
    ]
    if fields:
        spans = dict.fromkeys([place.span, *(each.passage.span for each in fields[:1])])
        return Finding("met", 1.0, "education.met", {}, tuple(spans))
    credit = 0.7 if _PATTERNS["related"].search(requirement.quote.lower()) else 0.5
    return Finding("partly", credit, "education.other_field", {"term": requirement.terms[0]}, (place.span,))


def match_language(requirement: Requirement, reading: Reading) -> Finding:
    """Assess a spoken language by the level beside its name. Of alternatives the best one counts."""
    level = requirement.minimum.level if requirement.minimum else None
    wanted = LANGUAGE.index(level) if level in LANGUAGE else -1
    terms = requirement.terms or (requirement.quote,)
    findings = [_assess_language(term, wanted, reading) for term in terms]
    return max(findings, key=lambda finding: finding.credit)


def _assess_language(term: str, wanted: int, reading: Reading) -> Finding:
    known = load_languages()[0].find(term, fold(term))
    name = known[0].group if known else ""
    values: dict[str, str | int | float] = {"language": (name or term)[:_LONGEST_NAME]}
    found = list(_find_language(name, term, reading))
    stated = [(each, passage) for each, passage in found if each is not None]
    if stated:
        best, place = max(stated, key=lambda pair: pair[0])
        if best >= wanted:
            return Finding("met", 1.0, "language.met", values, (place.span,))
        return Finding("partly", 0.6 / (wanted - best), "language.lower", values, (place.span,))
    if found:
        spans = (found[0][1].span,)
        if wanted < 0:
            return Finding("met", 1.0, "language.met", values, spans)
        return Finding("partly", _UNSTATED, "language.unstated", values, spans)
    if not reading.resume.is_foreign and _WRITTEN[reading.resume.language] == name:
        # A Japanese resume rarely lists Japanese. An English one may be a translation.
        if name == "japanese":
            return Finding("met", 1.0, "language.written", values)
        return Finding("partly", _UNSTATED, "language.written", values)
    return Finding("not_shown", 0.0, "language.not_shown", values)


def _find_language(name: str, term: str, reading: Reading) -> Iterator[tuple[int | None, Passage]]:
    """Yield the passages that name a language, with the level that stands beside it.

    A language without a known name is found by the term itself.
    """
    index = load_languages()[0]
    for passage in reading.passages:
        hits = index.find(passage.text, passage.folded)
        if not name:
            hits = sorted([*hits, *term_index((term,)).find(passage.text, passage.folded)], key=_start)
        for at, hit in enumerate(hits):
            if hit.group != name or passage.place in ("contact", "header"):
                continue
            others = [other for other in hits if other.group != name]
            after = min(
                [other.start for other in others if other.start > hit.start], default=hit.end + _NEARBY
            )
            before = max([other.end for other in hits[:at]], default=0)
            level = find_language_level(
                passage.folded[hit.start : min(after, hit.end + _NEARBY)]
            ) or find_language_level(passage.folded[max(before, hit.start - _BEFORE) : hit.start])
            yield (LANGUAGE.index(level) if level else None), passage
        if name == "english" and not hits and "toeic" in passage.folded:
            level = find_language_level(passage.folded)
            yield (LANGUAGE.index(level) if level else None), passage


def _start(hit: Hit) -> int:
    return hit.start


def match_certificate(
    requirement: Requirement, reading: Reading, is_copied: Callable[[Passage], bool]
) -> Finding:
    """Assess a certificate by its names. One that is planned, or of a lower grade, counts partly."""
    terms = requirement.terms or (requirement.quote,)
    values: dict[str, str | int | float] = {"term": terms[0]}
    sightings = find_terms(reading, terms)
    if not sightings:
        sightings = [
            each for each in find_phrase(reading, terms, fewest_words=2, is_term=True) if each.share >= SHOWN
        ]
    # A list of certificates names them as the job does.
    own = [
        each for each in sightings if each.passage.place == "certifications" or not is_copied(each.passage)
    ]
    held = [each for each in own if not _PATTERNS["planned"].search(each.passage.folded)]
    if held:
        return Finding("met", 1.0, "certificate.met", values, (held[0].passage.span,))
    if own:
        return Finding("partly", 0.4, "certificate.planned", values, (own[0].passage.span,))
    if sightings:
        return Finding("partly", COPIED, "skill.copied", values, (sightings[0].passage.span,))
    grades = [grade for term in terms for grade in _other_grades(term, reading)]
    if grades:
        is_higher, passage = max(grades, key=lambda pair: pair[0])
        if is_higher:
            return Finding("met", 1.0, "certificate.met", values, (passage.span,))
        return Finding("partly", 0.4, "certificate.lower", values, (passage.span,))
    return Finding("not_shown", 0.0, "certificate.not_shown", values)


def _other_grades(term: str, reading: Reading) -> Iterator[tuple[bool, Passage]]:
    """Yield the passages with another grade of the same certificate, and whether it is a higher one."""
    folded = fold(term)
    wanted = _GRADE.search(folded)
    name = term[: wanted.start()].strip() if wanted else ""
    if wanted is None or not name:
        return
    for passage in reading.passages:
        if _PATTERNS["planned"].search(passage.folded):
            continue
        for hit in term_index((name,)).find(passage.text, passage.folded):
            if found := _GRADE_BEHIND.match(passage.folded, hit.end):
                yield _rank(found) < _rank(wanted), passage


def _rank(grade: re.Match[str]) -> float:
    """Return the number of a grade. The highest one is 1, and 準2級 is between 2 and 3."""
    return int(grade["number"]) + (0.5 if grade["pre"] else 0.0)


def match_place(requirement: Requirement, reading: Reading) -> Finding:
    """Assess a location or a permission. Resumes rarely state them, so silence says nothing."""
    if requirement.kind == "permission":
        span = next(
            (
                _span(each, match)
                for each in reading.passages
                if (match := _PATTERNS["permitted"].search(each.folded))
            ),
            None,
        )
    else:
        sightings = find_terms(reading, requirement.terms) if requirement.terms else []
        near = [each for each in sightings if each.passage.place in ("contact", "summary", "other")]
        span = near[0].passage.span if near else None
    if span:
        return Finding("met", 1.0, f"{requirement.kind}.met", {}, (span,))
    return Finding("unknown", 0.0, f"{requirement.kind}.unknown")


def _span(passage: Passage, match: re.Match[str]) -> Span:
    return Span(passage.start + match.start(), passage.start + match.end())
