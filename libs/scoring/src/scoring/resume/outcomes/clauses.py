"""Find English clauses whose verb names an outcome."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final, Literal, NamedTuple

from scoring.language.text import Span
from scoring.language.verbs import Form, inflect
from scoring.resume.openings import verb_lexicon
from scoring.resume.outcomes import words
from scoring.resume.outcomes.phrases import is_boast, is_rate, is_routine
from scoring.rubric import Rubric

_TOKEN = re.compile(r"[a-z]+(?:['-][a-z]+){0,4}|\d[\d.,]*\d|\d|[,;:()]|[.!?](?=\s|$)")
# A share or a sum in a relative clause: "a model that reads 97% of postcodes".
_SHARE = re.compile(r"\d\s?%|[$€£¥]\d")
# The most words of a subject with its verb.
_SUBJECT: Final = 5
Tier = Literal["outcome", "consequence", "counted"]


class _Token(NamedTuple):
    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class OutcomeVerb:
    """A form of a verb that names an outcome always, as a consequence, or with a count."""

    base: str
    form: Form
    tier: Tier


def outcome_verbs(rubric: Rubric) -> Mapping[str, OutcomeVerb]:
    """Return the forms of the verbs that name outcomes. They are built once."""
    return rubric.derived(_build_verb_forms)


def _build_verb_forms(rubric: Rubric) -> dict[str, OutcomeVerb]:
    lists = rubric.words["en"]
    tiers: tuple[tuple[Tier, tuple[str, ...]], ...] = (
        ("counted", lists.counted_verbs),
        ("consequence", lists.consequence_verbs),
        ("outcome", lists.outcome_verbs),
    )
    forms: dict[str, OutcomeVerb] = {}
    for tier, entries in tiers:
        for entry in entries:
            base, inflected = inflect(entry)
            forms.update({form: OutcomeVerb(base, kind, tier) for form, kind in inflected})
    return forms


def find_clause(
    folded: str,
    amounts: Sequence[Span],
    verbs: Mapping[str, OutcomeVerb],
    rubric: Rubric,
    *,
    start: int,
    needs_amount: bool = False,
) -> Span | None:
    """Return the first clause after `start` whose verb names an outcome."""
    tokens = _tokens(folded, start)
    forms = verb_lexicon(rubric).forms
    for at, token in enumerate(tokens):
        verb = verbs.get(token.word)
        is_relative = at > 0 and tokens[at - 1].word in words.RELATIVE and token.word not in words.CAPACITIES
        if verb is None and not is_relative:
            continue
        end = _end_of_clause(folded, token.end)
        if verb is None and is_relative and _SHARE.search(folded, token.end, end):
            return Span(token.start, end)
        if is_routine(folded[token.end : end]) or is_boast(folded[token.end : end]):
            continue
        measured = any(token.start <= amount.start < end for amount in amounts)
        measured = measured and not (
            verb is not None and verb.tier != "outcome" and is_rate(folded[token.end : end])
        )
        if needs_amount and not measured:
            continue
        if _states_outcome(tokens, at, verb, forms, is_measured=measured):
            return Span(token.start, end)
    return None


def find_new_subject(folded: str, start: int, rubric: Rubric) -> Span | None:
    """Return a clause about something else than the work: "; mis-picks stopped", ", and it reopened"."""
    forms = verb_lexicon(rubric).forms
    verbs = outcome_verbs(rubric)
    tokens = _tokens(folded, start)
    for at, token in enumerate(tokens):
        joins = at + 1 < len(tokens) and tokens[at + 1].word in ("and", "but", "so")
        if token.word == ";":
            subject = at + 1 + joins
        elif token.word == "," and joins:
            subject = at + 2
        else:
            continue
        first, *rest = [each.word for each in tokens[subject : subject + _SUBJECT]] or [""]
        is_action = first.endswith("ed") or (first in forms and forms[first][1] != "base")
        if not first or is_action or (first in words.NO_OUTCOME_AFTER and first not in ("a", "an", "the")):
            continue
        previous = [first, *rest]
        following = [each.word for each in tokens[subject + 2 : subject + _SUBJECT + 1]]
        if any(
            word in words.AUXILIARIES
            or (word in words.BE and _is_reached(after, verbs))
            or (
                (_is_past(word, forms) or (token.word == ";" and word.endswith("ed")))
                and before not in words.NO_OUTCOME_AFTER
            )
            for before, word, after in zip_longest(previous, rest, following, fillvalue="")
        ):
            return Span(token.start, _end_of_clause(folded, token.end))
        if token.word == ",":
            # Of a list of three things, only the last comma may join a clause.
            return None
    return None


def _is_reached(word: str, verbs: Mapping[str, OutcomeVerb]) -> bool:
    """Return whether "is" or "was" states an outcome by what follows: "was recovered", "is 91%"."""
    return word[:1].isdigit() or (word in verbs and verbs[word].tier == "outcome")


def _is_past(word: str, forms: Mapping[str, tuple[str, str | None]]) -> bool:
    return word in words.HAPPENED or (word in forms and forms[word][1] == "past")


def _tokens(folded: str, start: int) -> list[_Token]:
    return [_Token(match.group(), *match.span()) for match in _TOKEN.finditer(folded, start)]


def _states_outcome(
    tokens: list[_Token],
    at: int,
    verb: OutcomeVerb | None,
    forms: Mapping[str, tuple[str, str | None]],
    *,
    is_measured: bool,
) -> bool:
    """Return whether the verb `tokens[at]` states an outcome, by the words before it."""
    before = at - 1
    while before >= 0 and (tokens[before].word in words.BETWEEN or tokens[before].word.endswith("ly")):
        before -= 1
    lead = tokens[before].word if before >= 0 else ""
    if before > 0 and tokens[before - 1].word == "whose":
        lead = "that"
    is_apart = before > 0 and tokens[before - 1].word in (",", ".", ";")
    if verb is None:
        return _happened(tokens[at].word, lead, forms, is_apart=is_apart)
    if verb.form == "participle":
        return _is_outcome_participle(lead, verb, is_measured=is_measured)
    if lead in words.RELATIVE or (lead in ("this", "it") and is_apart):
        is_event = verb.base in words.FOUND_ONE and verb.form == "past" and _has_object(tokens, at)
        return is_event or _is_outcome_clause(lead, verb, is_apart=is_apart, is_measured=is_measured)
    if lead not in ("and", ",", "then", "but", "&") or (verb.form != "past" and not is_measured):
        return False
    if verb.form == "base" and any(
        token.word == "to" for token in tokens[max(0, before - _SUBJECT) : before]
    ):
        return False
    # A second verb with an object of its own: "and cut returns".
    if lead == "and" and (verb.base in words.JOINED_EFFECTS or verb.base in words.ACHIEVED_ONE):
        return is_measured or _has_object(tokens, at)
    if verb.tier != "outcome" or verb.base in words.VAGUE:
        return is_measured
    return lead != "," or is_measured


def _happened(word: str, lead: str, forms: Mapping[str, tuple[str, str | None]], *, is_apart: bool) -> bool:
    """Return whether a relative clause tells an event: ", which impressed the board"."""
    base, tense = forms.get(word, ("", None))
    if word in words.STATES or not (word.endswith("ed") or tense == "past"):
        return False
    # ", which" comments on the whole work. "that" describes a thing unless its verb names no activity.
    return lead in words.RELATIVE and (
        base not in words.ACTIVITIES and (is_apart or (base != "" and base not in words.FUNCTIONS))
    )


def _has_object(tokens: list[_Token], at: int) -> bool:
    """Return whether one definite thing follows the verb: "and kept the star"."""
    return at + 1 < len(tokens) and tokens[at + 1].word in words.DEFINITE


def _is_outcome_participle(lead: str, verb: OutcomeVerb, *, is_measured: bool) -> bool:
    """Return whether ", cutting repeat visits" states an outcome, unlike "a plan for cutting visits"."""
    if not lead or lead in words.NO_OUTCOME_AFTER:
        return False
    if is_measured:
        return True
    if verb.tier == "outcome":
        # "Prepared reports enabling the board to decide" describes the reports.
        return lead == "," or verb.base not in words.VAGUE
    return lead == "," and verb.base in words.EFFECTS


def _is_outcome_clause(lead: str, verb: OutcomeVerb, *, is_apart: bool, is_measured: bool) -> bool:
    if is_measured:
        return True
    if lead in ("which", "this", "it") and is_apart:
        return verb.base not in words.MEASURED
    # "that sorts mail" describes a tool. "that won a prize" tells an event.
    return verb.form == "past" and verb.base not in words.FUNCTIONS


def clause_at(folded: str, start: int) -> Span:
    """Return the rest of the clause from `start` on."""
    return Span(start, _end_of_clause(folded, start))


def _end_of_clause(folded: str, start: int) -> int:
    ends = [at for sign in (";", ". ") if (at := folded.find(sign, start)) >= 0]
    return min(ends, default=len(folded.rstrip()))
