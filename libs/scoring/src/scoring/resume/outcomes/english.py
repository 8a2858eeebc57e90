"""Find the words of an English bullet that say what came of the work.

A clause counts if its verb names an outcome ("which freed the cash", "and cut returns") rather than a purpose
("to cut returns") or a duty ("responsible for cutting returns").
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from scoring.language.text import Span
from scoring.resume.openings import Opening
from scoring.resume.outcomes import words
from scoring.resume.outcomes.clauses import (
    OutcomeVerb,
    clause_at,
    find_clause,
    find_new_subject,
    outcome_verbs,
)
from scoring.resume.outcomes.phrases import find_phrase, is_routine, is_study
from scoring.rubric import Rubric

# A load of work rather than an outcome: "Resolved 40 tickets a day".
_RATE = re.compile(r"\b(?:a|an|per|each|every) (?:day|week|month|shift|hour|night|year)\b|\b(?:dai|week)ly\b")
_SUM = re.compile(r"\s(?:over |about |more than |nearly |up to )?(?:[$€£¥]|(?:usd|eur|gbp|chf) )\d")
_TESTED = re.compile(
    r"\s(?:[\w-]+\s){0,4}(?:audits?|inspections?|exam|examination|certification|accreditation)\b"
)
_WORD = re.compile(r"[a-z]+")
_HELPED = re.compile(r"\W{0,3}help(?:ed|s|ing)?\b(?! with\b)")
# In characters: "Helped the national youth orchestra win".
_HELP_REACH: Final = 60
_CONTRIBUTED = re.compile(r"contribut(?:ed|ing|es?) (?:\w+ly )?to (?:an? |the )?(?:\w+ )?[\d$€£]")


def find_outcome(
    text: str, folded: str, opening: Opening, amounts: Sequence[Span], rubric: Rubric
) -> Span | None:
    """Return the words of a bullet that state an outcome, or None. `folded` is `fold(text)`."""
    verbs = outcome_verbs(rubric)
    if opening.strength == "weak" and not amounts and opening.verb not in words.PLAIN_OPENINGS:
        return _helped(folded, verbs, amounts)
    if _opens_with_outcome(folded, opening, amounts, rubric.derived(_counted_bases)):
        return Span(0, len(folded))
    hits = rubric.word_index("result_phrases").find(text, folded)
    if hits and not is_study(folded[hits[0].end :]):
        return clause_at(folded, hits[0].start)
    if phrase := find_phrase(folded):
        return clause_at(folded, phrase.start)
    if opening.strength == "weak":
        return _helped(folded, verbs, amounts) or _despite_duty(folded, opening, amounts, verbs)
    start = opening.end if opening.verb else 0
    return find_clause(folded, amounts, verbs, start=start) or find_new_subject(folded, start, rubric)


def _opens_with_outcome(
    folded: str, opening: Opening, amounts: Sequence[Span], counted: frozenset[str]
) -> bool:
    rest = folded[opening.end :]
    if opening.strength == "weak" or is_routine(rest):
        return False
    if opening.is_result and (amounts or opening.verb not in words.VAGUE_OPENINGS):
        return True
    if (opening.verb == "pass" and _TESTED.match(rest)) or (
        _SUM.match(rest) and opening.verb in words.EARNING
    ):
        return True
    # "Filled 9 of 11 shops", but not "Resolved 40 tickets a day".
    is_counted = opening.verb in counted and bool(amounts)
    return is_counted and (opening.verb in words.SALES or not _RATE.search(folded))


def _counted_bases(rubric: Rubric) -> frozenset[str]:
    return frozenset(entry.partition("/")[0] for entry in rubric.words["en"].counted_verbs)


def _helped(folded: str, verbs: Mapping[str, OutcomeVerb], amounts: Sequence[Span]) -> Span | None:
    """Return the outcome of "Helped the school win a prize" or "Contributed to a 5% rise"."""
    if contributed := _CONTRIBUTED.match(folded):
        return clause_at(folded, contributed.start())
    if not _HELPED.match(folded):
        return None
    for match in _WORD.finditer(folded, 0, _HELP_REACH):
        verb = verbs.get(match.group())
        if (
            verb
            and verb.tier == "outcome"
            and match.group() == verb.base
            and (amounts or verb.base not in words.VAGUE)
        ):
            return clause_at(folded, match.start())
    return None


def _despite_duty(
    folded: str, opening: Opening, amounts: Sequence[Span], verbs: Mapping[str, OutcomeVerb]
) -> Span | None:
    """Return the outcome in a later clause of a duty: "Responsible for purchasing, saving $2M a year"."""
    comma = folded.find(",", opening.end)
    if comma < 0 or not any(amount.start > comma for amount in amounts):
        return None
    return find_clause(folded, amounts, verbs, start=comma, needs_amount=True)
