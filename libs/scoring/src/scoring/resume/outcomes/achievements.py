"""Decide whether the verb that opens an English bullet states an outcome together with its object."""

import re
from collections.abc import Mapping, Sequence

from scoring.language.text import Span
from scoring.resume.openings import Opening
from scoring.resume.outcomes import words
from scoring.resume.outcomes.clauses import OutcomeVerb, outcome_verbs
from scoring.resume.outcomes.phrases import is_boast, is_rate, is_routine
from scoring.rubric import Rubric

_SUM = re.compile(r"\s(?:over |about |more than |nearly |up to )?(?:[$€£¥]|(?:usd|eur|gbp|chf) )\d")
_TESTED = re.compile(
    r"\s(?:[\w-]+\s){0,4}(?:audits?|inspections?|exam|examination|certification|accreditation)\b"
)
# "Opened and closed the store", "Discovered and documented bugs": a list of activities.
_CHAIN = re.compile(r"\s(?:and|or|,|&|/)(?:\s|$)")
# One event or thing: "Repelled an attack", unlike "Diagnosed disorders" or "Resolved a variety of issues".
_ONE_THING = re.compile(
    r"\s(?:down |up |off )?(?:an?|the|our|its|their|one|two|three|another|[\w-]+(?:'s|s'))\s"
    r"(?!(?:\w+ )?(?:variety|range|number|lot|series|host|issues|problems|premises|understanding)\b)[\w-]{2,}"
)
_PERMIT = re.compile(
    r"\s(?:[\w-]+\s){0,3}?(?:permission|accreditation|certification|approval|clearance|licen[cs]es?|funding|status|marking"
    r"|recognition|tenure|asylum|patents?)\b"
)
_SHARE = re.compile(r"\d\s?%|[$€£¥]\s?\d|\b(?:usd|eur|gbp|chf)\s\d")
# What one negotiates for, rather than over: "negotiated the release of", unlike "negotiated contracts".
_DEAL = re.compile(
    r"\s(?:an?\s|(?:[\w'-]+\s){0,3}?(?:return|release|settlement|truce|cease-?fire|end|extension|exemption|reprieve|ransom"
    r"|discount|rebate|refund|compromise|waiver|peace)\b)"
)
# "Pushed coverage to 90%", "Got response times under 100 ms".
_LEVEL = re.compile(
    r"\s(?!to\b|from\b)(?:[\w'/&-]+\s){1,7}?(?:to|under|below|above|over|past|beyond|within)\s"
    r"(?:just |only |about |under |over |below |nearly |almost )?(?:[$€£¥]\d|\d[\d.,]*\s?"
    r"(?:%|ms\b|s\b|x\b|[kmb]\b|points?\b|percent|seconds?\b|minutes?\b|hours?\b|days?\b"
    r"|weeks?\b|million|out of)|zero\b|none\b)"
)
_GOALS = re.compile(
    r"\s(?:(?:or|and)\s\w+\s)?(?:all|every|each)\s(?:[\w-]+\s){0,3}(?:deadlines?|targets?|goals?|milestones?|quotas?|objectives?"
    r"|kpis?|slas?)\b"
)
_FAULT = re.compile(
    r"\s(?:an?|the|several|two|three|\d+)\s(?:[\w-]+\s){0,3}(?:errors?|mistakes?|bugs?|faults?|flaws?|frauds?|defects?|leaks?|thief"
    r"|thieves|discrepanc\w+|vulnerabilit\w+|loophole|breach)\b"
)
_FINDING = re.compile(
    r"\s(?:that\b|(?:an?|the)\s(?:[\w-]+\s){0,2}(?:link|connection|correlation|effect|feasibility)\b)"
)


def opens_with_outcome(folded: str, opening: Opening, amounts: Sequence[Span], rubric: Rubric) -> bool:
    """Return whether the opening verb and its object state an outcome: "Won 14 of 16 trials"."""
    rest = folded[opening.end :]
    is_duty = opening.strength == "weak" and opening.verb != "got"
    if is_duty or not opening.verb:
        return False
    verb = _base(opening, outcome_verbs(rubric))
    # "Eliminated 30 hours of paperwork" is no routine, unlike "Generated 30 pages of reports".
    if is_routine(rest) and verb not in words.REMOVALS:
        return False
    if amounts and _states_amount(verb, opening, folded, rest, rubric):
        return True
    if is_boast(rest) or _CHAIN.match(rest):
        return False
    is_participle = folded[: opening.end].endswith("ing")
    if opening.is_result and verb not in words.VAGUE_OPENINGS and not is_participle:
        return True
    if verb in words.ACHIEVED_ONE and _ONE_THING.match(rest):
        return True
    return (
        (verb == "pass" and _TESTED.match(rest) is not None)
        or (verb in words.OBTAINED and _PERMIT.match(rest) is not None)
        or (verb in ("negotiate", "broker") and _DEAL.match(rest) is not None)
        or (verb in words.REACHED and _GOALS.match(rest) is not None)
        or (verb in words.CAUGHT and _FAULT.match(rest) is not None)
        or (verb in words.FOUND_OUT and _FINDING.match(rest) is not None)
    )


def _base(opening: Opening, verbs: Mapping[str, OutcomeVerb]) -> str:
    """Return the base form of the verb, also of one that the list of openings does not have."""
    known = verbs.get(opening.verb) if opening.strength == "plain" else None
    return known.base if known else opening.verb


def _states_amount(verb: str, opening: Opening, folded: str, rest: str, rubric: Rubric) -> bool:
    """Return whether the verb states an outcome, given an amount in the bullet."""
    if opening.is_result:
        return True
    if verb in words.EARNING and (_SUM.match(rest) or (verb in words.CLAIMING and _SHARE.search(rest))):
        return True
    if verb in words.DEALS and _SHARE.search(rest):
        return True
    if verb in words.MOVES and _LEVEL.match(rest):
        return True
    # "Filled 9 of 11 shops", but not "Resolved 40 tickets a day".
    return verb in rubric.derived(_counted_bases) and (verb in words.SALES or not is_rate(folded))


def _counted_bases(rubric: Rubric) -> frozenset[str]:
    return frozenset(entry.partition("/")[0] for entry in rubric.words["en"].counted_verbs)
