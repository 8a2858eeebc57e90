"""Collect findings about the file that a reader of the report must know. They do not change the scores."""

from typing import Final

from contracts.report import MAX_QUOTES, MAX_SCRAMBLED, Finding, ScrambledPassage
from contracts.vocabulary import FindingCode

from scoring.criteria.context import ScoringContext
from scoring.language.text import Span
from scoring.resume.document_kind import DocumentKind

# Fewer hidden characters are an accident, such as a letter that the edge of a box cuts off.
_LEAST_HIDDEN_CHARACTERS: Final = 10


def collect_findings(context: ScoringContext) -> list[Finding]:
    """Return findings of hidden text, of sentences that address a language model, and of other documents."""
    found = (_hidden_text(context), _suspected_instruction(context), _other_document(context))
    return [finding for finding in found if finding]


def collect_scrambled(context: ScoringContext) -> tuple[ScrambledPassage, ...]:
    """Return passages that a simple parser tears apart, beside the words that it reads in their place."""
    signals = context.resume.signals
    pairs = (
        (context.resume.quote(Span(each.start, each.end)), each.read_as)
        for each in (signals.scrambled if signals else ())
    )
    found = [ScrambledPassage(passage=quote, read_as=read_as) for quote, read_as in pairs if quote]
    return tuple(found[:MAX_SCRAMBLED])


def _hidden_text(context: ScoringContext) -> Finding | None:
    signals = context.resume.signals
    hidden = (signals.hidden_characters if signals else None) or 0
    if signals is None or hidden < _LEAST_HIDDEN_CHARACTERS:
        return None
    return Finding(
        code=FindingCode.HIDDEN_TEXT,
        detail=context.say("finding.hidden_text", n=hidden),
        count=hidden,
        excerpt=signals.hidden_excerpt,
    )


def _suspected_instruction(context: ScoringContext) -> Finding | None:
    sentences = context.resume.instruction_spans
    if not sentences:
        return None
    quotes = (context.resume.quote(sentence) for sentence in sentences[:MAX_QUOTES])
    return Finding(
        code=FindingCode.SUSPECTED_INSTRUCTION,
        detail=context.say("finding.suspected_instruction", n=len(sentences)),
        count=len(sentences),
        evidence=tuple(quote for quote in quotes if quote),
    )


def _other_document(context: ScoringContext) -> Finding | None:
    kind = context.document_kind
    if kind is DocumentKind.RESUME:
        return None
    return Finding(code=FindingCode(kind.value), detail=context.say(f"finding.{kind.value}"), count=1)
