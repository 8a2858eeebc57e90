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
from scoring.resume.outcomes.achievements import opens_with_outcome
from scoring.resume.outcomes.clauses import (
    OutcomeVerb,
    clause_at,
    find_clause,
    find_new_subject,
    outcome_verbs,
)
from scoring.resume.outcomes.phrases import find_phrase, find_prize, is_errand, is_study, names_inquiry
from scoring.rubric import Rubric

_WORD = re.compile(r"[a-z]+")
_HELPED = re.compile(r"\W{0,3}help(?:ed|s|ing)?\b(?! with\b)")
# In characters: "Helped the national youth orchestra win".
_HELP_REACH: Final = 60
_RELATIVE = re.compile(r"\b(?:that|which|who|whose|where)\b")
_CONTRIBUTED = re.compile(r"contribut(?:ed|ing|es?) (?:\w+ly )?to (?:an? |the )?(?:\w+ )?[\d$€£]")


def find_outcome(
    text: str, folded: str, opening: Opening, amounts: Sequence[Span], rubric: Rubric
) -> Span | None:
    """Return the words of a bullet that state an outcome, or None. `folded` is `fold(text)`."""
    if is_errand(folded):
        return None
    verbs = outcome_verbs(rubric)
    if opening.strength == "weak" and not amounts and opening.verb not in words.PLAIN_OPENINGS:
        return (
            _helped(folded, verbs, amounts)
            or find_prize(folded)
            or _of_others(folded, opening, amounts, verbs, rubric)
        )
    if opens_with_outcome(folded, opening, amounts, rubric):
        return Span(0, len(folded))
    hits = rubric.word_index("result_phrases").find(text, folded)
    if hits and not is_study(folded[hits[0].end :]) and not names_inquiry(folded, hits[0].start):
        return clause_at(folded, hits[0].start)
    if phrase := find_phrase(folded):
        return clause_at(folded, phrase.start)
    if opening.strength == "weak":
        return (
            _helped(folded, verbs, amounts)
            or _despite_duty(folded, opening, amounts, verbs, rubric)
            or _of_others(folded, opening, amounts, verbs, rubric)
        )
    start = opening.end if opening.verb else 0
    return find_clause(folded, amounts, verbs, rubric, start=start) or find_new_subject(folded, start, rubric)


def _helped(folded: str, verbs: Mapping[str, OutcomeVerb], amounts: Sequence[Span]) -> Span | None:
    """Return the outcome of "Helped the school win a prize" or "Contributed to a 5% rise"."""
    if contributed := _CONTRIBUTED.match(folded):
        return clause_at(folded, contributed.start())
    if not _HELPED.match(folded):
        return None
    for match in _WORD.finditer(folded, 0, _HELP_REACH):
        word = match.group()
        if word in words.HELPED_TO:
            return clause_at(folded, match.start())
        verb = verbs.get(word)
        is_outcome = verb is not None and verb.tier == "outcome" and word == verb.base
        if is_outcome and (amounts or word not in words.VAGUE):
            return clause_at(folded, match.start())
    return None


def _despite_duty(
    folded: str, opening: Opening, amounts: Sequence[Span], verbs: Mapping[str, OutcomeVerb], rubric: Rubric
) -> Span | None:
    """Return the outcome in a later clause of a duty: "Responsible for purchasing, saving $2M a year"."""
    comma = folded.find(",", opening.end)
    if comma < 0 or not any(amount.start > comma for amount in amounts):
        return None
    return find_clause(folded, amounts, verbs, rubric, start=comma, needs_amount=True)


def _of_others(
    folded: str,
    opening: Opening,
    amounts: Sequence[Span],
    verbs: Mapping[str, OutcomeVerb],
    rubric: Rubric,
) -> Span | None:
    """Return the outcome of work that was shared: "Was part of the team that won the cup"."""
    relative = _RELATIVE.search(folded, opening.end)
    if relative is None:
        return None
    return find_clause(folded, amounts, verbs, rubric, start=relative.start()) or find_phrase(
        folded, relative.start()
    )
