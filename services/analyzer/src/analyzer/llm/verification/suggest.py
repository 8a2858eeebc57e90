"""What a model says of the writing, as far as the resume bears it out; the rest is dropped and counted."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from contracts.report import (
    MAX_ADVICE,
    MAX_QUOTE_CHARACTERS,
    MAX_SENTENCE_CHARACTERS,
    Rewrite,
    SectionFeedback,
)
from contracts.vocabulary import SectionType
from scoring import Remark, ScoringContext
from scoring.language.text import Span
from scoring.resume.injection import find_instructions

from analyzer.llm.prompting.reading import Reading
from analyzer.llm.prompting.writing import RewriteSaid, SectionSaid, Writing
from analyzer.llm.verification.faithful import is_faithful
from analyzer.llm.verification.quotes import Quotable
from analyzer.llm.verification.sentence import invents_numbers, is_in, sentence

_REWRITES: Final = 8
_ADDS_AMOUNT = re.compile(r"\[[^\[\]]*[XN%％数]")
_KNOWN: Final = {each.value for each in SectionType}


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """What may be told. `unverified` counts passages that do not occur, `dropped` all that was left out."""

    sections: tuple[SectionFeedback, ...]
    rewrites: tuple[Rewrite, ...]
    remarks: tuple[Remark, ...]
    unverified: int
    dropped: int


def told_sections(case: ScoringContext) -> tuple[str, ...]:
    """The sections that a model may comment on. Of contact details it is shown nothing to comment on."""
    kinds = [each.kind for each in case.resume.sections if each.kind not in ("head", "contact")]
    # Without headings all of it is work; what the schema has no word for is something else.
    names = ["experience" if kind == "unknown" else kind if kind in _KNOWN else "other" for kind in kinds]
    return tuple(dict.fromkeys(names))[:MAX_ADVICE]


def suggest(case: ScoringContext, writing: Writing, reading: Reading, quotable: Quotable) -> Suggestions:
    """Each section once, each passage once, in the model's order."""
    sections: dict[str, SectionFeedback] = {}
    for said in writing.sections:
        feedback = _feedback(case, said, reading)
        if feedback and feedback.section not in sections:
            sections[feedback.section] = feedback
    rewrites: list[Rewrite] = []
    remarks: list[Remark] = []
    unverified = 0
    for each in writing.rewrites:
        span = quotable.find(each.original)
        unverified += span is None
        rewrite = _rewrite(case, each, span, reading) if span else None
        if span is None or rewrite is None or len(rewrites) == _REWRITES or _overlaps(span, remarks):
            continue
        rewrites.append(rewrite)
        remarks.append(_remark(span, rewrite))
    told = len(sections) + len(rewrites)
    return Suggestions(
        sections=tuple(sections.values()),
        rewrites=tuple(rewrites),
        remarks=tuple(remarks),
        unverified=unverified,
        dropped=len(writing.sections) + len(writing.rewrites) - told,
    )


def _feedback(case: ScoringContext, said: SectionSaid, reading: Reading) -> SectionFeedback | None:
    if said.section not in told_sections(case) or not _is_sayable(case, said.comment, reading):
        return None
    suggestion = said.suggestion or ""
    return SectionFeedback(
        section=said.section,
        comment=sentence(said.comment),
        suggestion=sentence(suggestion) if _is_sayable(case, suggestion, reading) else None,
    )


def _rewrite(case: ScoringContext, said: RewriteSaid, span: Span, reading: Reading) -> Rewrite | None:
    original = case.resume.quote(span)
    rewrite = sentence(said.rewrite)
    if original is None or len(said.original) > MAX_QUOTE_CHARACTERS:
        # Only a part of what was rewritten could be shown beside it.
        return None
    if not rewrite or len(said.rewrite) > MAX_SENTENCE_CHARACTERS or find_instructions(rewrite):
        return None
    if not _is_sayable(case, said.reason, reading):
        return None
    if not is_faithful(rewrite, original.quote, reading.shown.text, case.rubric):
        return None
    return Rewrite(original=original, rewrite=rewrite, reason=sentence(said.reason))


def _is_sayable(case: ScoringContext, text: str, reading: Reading) -> bool:
    """Whether there is something in it, in the report's language, that neither invents nor instructs."""
    words = sentence(text)
    return bool(
        words
        and is_in(case.say.language, words)
        and not invents_numbers(words, reading.shown.text)
        and not find_instructions(words)
    )


def _overlaps(span: Span, remarks: Sequence[Remark]) -> bool:
    return any(each.span and each.span.start < span.end and span.start < each.span.end for each in remarks)


def _remark(span: Span, rewrite: Rewrite) -> Remark:
    """The same for the view that the frontend draws today."""
    adds_amount = _ADDS_AMOUNT.search(rewrite.rewrite) is not None
    return Remark(
        category="quantitative_impact" if adds_amount else "structure",
        span=span,
        issue=rewrite.reason,
        suggestion=rewrite.rewrite,
    )
