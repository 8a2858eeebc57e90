"""Find a skill in a resume: by its names, or by the words of a phrase that has no list."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from contracts.matching import Requirement
from scoring.language.terms import TermIndex
from scoring.language.text import Span, count_japanese, fold

from matching.evidence.findings import COPIED, LISTED, Finding
from matching.evidence.reading import Passage, Reading
from matching.vocabulary import load_vocabulary
from matching.words import Word, coverage, find_words

# The share of a phrase's words in one passage that shows it, and that touches it.
SHOWN: Final = 0.62
TOUCHED: Final = 0.4
# A skill of two words is not touched by one of them: "wound care" and "elderly care".
_TOUCHED_SKILL: Final = 0.55
# Words in other bullets of the same position count by this factor.
_NEARBY: Final = 0.5
_MOST_SPANS: Final = 3
_WHOLE: Final = 0.99


@lru_cache(maxsize=2_000)
def term_index(terms: tuple[str, ...]) -> TermIndex:
    """Return an index of terms with their synonyms."""
    names = (name for term in terms for name in load_vocabulary().synonyms(term))
    return TermIndex({"": [name for name in dict.fromkeys(names) if find_words_or_signs(name)]})


def find_words_or_signs(name: str) -> bool:
    """Return whether a term holds something to search for."""
    return any(character.isalnum() for character in name)


@lru_cache(maxsize=2_000)
def phrase_words(phrase: str, *, is_term: bool) -> tuple[Word, ...]:
    """Return the words of a phrase that carry meaning."""
    found = find_words(fold(phrase), load_vocabulary().alike)
    return tuple(replace(word, weight=max(1.0, word.weight)) for word in found) if is_term else tuple(found)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A passage that shows or touches a term. `share` is 1 for the term itself."""

    passage: Passage
    span: Span
    share: float


def find_terms(reading: Reading, terms: tuple[str, ...]) -> list[Sighting]:
    """Return the passages that name one of the terms."""
    index = term_index(terms)
    found = []
    for passage in reading.passages:
        hits = index.find(passage.text, passage.folded)
        if hits:
            found.append(
                Sighting(passage, Span(passage.start + hits[0].start, passage.start + hits[0].end), 1.0)
            )
    return found


def find_phrase(
    reading: Reading, phrases: Iterable[str], *, fewest_words: int = 1, is_term: bool = False
) -> list[Sighting]:
    """Return the passages that hold some words of a phrase, the best first.

    All words of a term weigh the same: "quality control" is as much about quality as about control.
    """
    found = []
    for phrase in phrases:
        wanted = phrase_words(phrase, is_term=is_term)
        if len(wanted) < fewest_words:
            continue
        shares = [coverage(wanted, passage.forms, passage.folded) for passage in reading.passages]
        for passage, share in zip(reading.passages, shares, strict=True):
            if share <= 0:
                continue
            if passage.entry is not None and share < _WHOLE:
                others = reading.entry_passages(passage.entry)
                forms = frozenset().union(*(each.forms for each in others))
                around = coverage(wanted, forms, "\n".join(each.folded for each in others))
                nearby = _NEARBY * max(0.0, around - share) if share >= TOUCHED / 2 else 0.0
                found.append(Sighting(passage, passage.span, min(1.0, share + nearby)))
            else:
                found.append(Sighting(passage, passage.span, share))
    return sorted(found, key=lambda each: (-each.share, not each.passage.in_context, each.passage.start))


def match_skill(requirement: Requirement, reading: Reading, is_copied: Callable[[Passage], bool]) -> Finding:
    """Assess a skill: met where work shows it, partly where it is only listed, claimed or touched."""
    terms = requirement.terms or (requirement.quote,)
    sightings = find_terms(reading, terms)
    shown = [each for each in sightings if each.passage.in_context and not is_copied(each.passage)]
    name = terms[0]
    if shown:
        return Finding("met", 1.0, "skill.shown", {"term": name, "places": len(shown)}, _spans(shown))
    listed = [each for each in sightings if not is_copied(each.passage)]
    phrases = [
        each
        for each in find_phrase(reading, terms, fewest_words=2, is_term=True)
        if each.share >= _TOUCHED_SKILL
    ]
    described = [each for each in phrases if each.passage.in_context and not is_copied(each.passage)]
    if described and described[0].share >= SHOWN:
        return Finding(
            "met", 0.8 + 0.2 * described[0].share, "skill.described", {"term": name}, _spans(described)
        )
    if listed:
        return Finding("partly", LISTED, "skill.listed", {"term": name}, _spans(listed))
    if described:
        return Finding("partly", described[0].share * 0.8, "skill.touched", {"term": name}, _spans(described))
    if sightings or any(each.share >= SHOWN for each in phrases):
        copied = sightings or phrases
        reason = "skill.copied" if is_copied(copied[0].passage) else "skill.listed"
        credit = COPIED if is_copied(copied[0].passage) else LISTED
        return Finding("partly", credit, reason, {"term": name}, _spans(copied))
    return Finding("not_shown", 0.0, "skill.not_shown", {"term": name})


def match_responsibility(
    requirement: Requirement, reading: Reading, is_copied: Callable[[Passage], bool]
) -> Finding:
    """Assess a duty by the words that it shares with the passages about work."""
    if requirement.terms and (
        shown := [
            e
            for e in find_terms(reading, requirement.terms)
            if e.passage.in_context and not is_copied(e.passage)
        ]
    ):
        return Finding("met", 1.0, "responsibility.shown", {}, _spans(shown))
    sightings = [
        each
        for each in find_phrase(reading, (requirement.quote,))
        if each.passage.place in ("work", "header", "summary", "other")
    ]
    own = [each for each in sightings if not is_copied(each.passage)]
    copied = [each for each in sightings if is_copied(each.passage) and each.share >= SHOWN]
    best = own[0] if own else None
    if best and best.share >= SHOWN and best.passage.in_context:
        return Finding("met", 0.7 + 0.3 * best.share, "responsibility.shown", {}, _spans(own))
    if best and best.share >= TOUCHED:
        return Finding("partly", best.share * 0.8, "responsibility.touched", {}, _spans(own))
    if copied:
        return Finding("partly", COPIED, "responsibility.copied", {}, _spans(copied))
    return Finding("not_shown", 0.0, "responsibility.not_shown")


def is_in_other_language(requirement: Requirement, reading: Reading) -> bool:
    """Return whether a resume may say the same in words of another language, which are not compared."""
    if requirement.kind not in ("skill", "responsibility", "experience_years"):
        return False
    if reading.resume.is_foreign:
        return True
    if requirement.kind == "responsibility" or not requirement.terms:
        return bool(count_japanese(requirement.quote)) != reading.resume.is_japanese
    names = [name for term in requirement.terms for name in load_vocabulary().synonyms(term)]
    if reading.resume.is_japanese:
        # Names of products are written alike in both languages.
        return not any(count_japanese(name) or not name.islower() for name in names)
    return all(count_japanese(name) for name in names)


def _spans(sightings: list[Sighting]) -> tuple[Span, ...]:
    best = sightings[0].share
    close = [each for each in sightings if each.share >= best - 0.1][:_MOST_SPANS]
    return tuple(dict.fromkeys(each.passage.span for each in close))
