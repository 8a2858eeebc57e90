"""Verify comments and rewrites of the model against the resume; drop and count what fails."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from contracts.report import MAX_QUOTE_CHARACTERS, MAX_SENTENCE_CHARACTERS, Rewrite, SectionFeedback
from scoring.criteria.assessments import Remark
from scoring.criteria.context import ScoringContext
from scoring.language.text import Span
from scoring.resume.injection import find_instructions

from analyzer.llm.prompting.questions import sections_to_comment
from analyzer.llm.prompting.redaction import RedactedText
from analyzer.llm.prompting.writing import SectionComment, SuggestedRewrite, WritingResponse
from analyzer.llm.verification.faithfulness import is_faithful
from analyzer.llm.verification.quotes import QuoteIndex
from analyzer.llm.verification.sentences import clean_sentence, has_new_numbers, is_in_language

# The prompt asks for at most as many.
_MAX_REWRITES: Final = 8
_ADDS_AMOUNT = re.compile(r"\[[^\[\]]*[XN%％数]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """Verified suggestions for the report.

    `unverified` counts passages that do not occur in the resume, `dropped` everything that was left out.
    """

    sections: tuple[SectionFeedback, ...]
    rewrites: tuple[Rewrite, ...]
    remarks: tuple[Remark, ...]
    unverified: int
    dropped: int


def verify_suggestions(
    context: ScoringContext, response: WritingResponse, redacted: RedactedText, index: QuoteIndex
) -> Suggestions:
    """Verify a response; each section gets one comment and each passage one rewrite, in the model's order."""
    sections: dict[str, SectionFeedback] = {}
    for comment in response.sections:
        feedback = _verify_comment(context, comment, redacted)
        if feedback and feedback.section not in sections:
            sections[feedback.section] = feedback
    rewrites: list[Rewrite] = []
    remarks: list[Remark] = []
    unverified = 0
    for each in response.rewrites:
        span = index.find(each.original)
        unverified += span is None
        rewrite = _verify_rewrite(context, each, span, redacted) if span else None
        if span is None or rewrite is None or len(rewrites) == _MAX_REWRITES or _overlaps(span, remarks):
            continue
        rewrites.append(rewrite)
        remarks.append(_remark(span, rewrite))
    kept = len(sections) + len(rewrites)
    return Suggestions(
        sections=tuple(sections.values()),
        rewrites=tuple(rewrites),
        remarks=tuple(remarks),
        unverified=unverified,
        dropped=len(response.sections) + len(response.rewrites) - kept,
    )


def _verify_comment(
    context: ScoringContext, comment: SectionComment, redacted: RedactedText
) -> SectionFeedback | None:
    if comment.section not in sections_to_comment(context) or not _is_usable(
        context, comment.comment, redacted
    ):
        return None
    suggestion = comment.suggestion or ""
    return SectionFeedback(
        section=comment.section,
        comment=clean_sentence(comment.comment),
        suggestion=clean_sentence(suggestion) if _is_usable(context, suggestion, redacted) else None,
    )


def _verify_rewrite(
    context: ScoringContext, suggested: SuggestedRewrite, span: Span, redacted: RedactedText
) -> Rewrite | None:
    original = context.resume.quote(span)
    rewrite = clean_sentence(suggested.rewrite)
    if original is None or len(suggested.original) > MAX_QUOTE_CHARACTERS:
        # The report could show only a part of the passage beside its rewrite.
        return None
    if not rewrite or len(suggested.rewrite) > MAX_SENTENCE_CHARACTERS or find_instructions(rewrite):
        return None
    if not _is_usable(context, suggested.reason, redacted):
        return None
    if not is_faithful(rewrite, original.quote, redacted.shown.text, context.rubric):
        return None
    return Rewrite(original=original, rewrite=rewrite, reason=clean_sentence(suggested.reason))


def _is_usable(context: ScoringContext, text: str, redacted: RedactedText) -> bool:
    """Tell whether a sentence is in the report's language, invents no number and gives no instruction."""
    sentence = clean_sentence(text)
    return bool(
        sentence
        and is_in_language(context.say.language, sentence)
        and not has_new_numbers(sentence, redacted.shown.text)
        and not find_instructions(sentence)
    )


def _overlaps(span: Span, remarks: Sequence[Remark]) -> bool:
    return any(each.span and each.span.start < span.end and span.start < each.span.end for each in remarks)


def _remark(span: Span, rewrite: Rewrite) -> Remark:
    """Convert a rewrite into a remark for the view that the frontend draws today."""
    adds_amount = _ADDS_AMOUNT.search(rewrite.rewrite) is not None
    return Remark(
        category="quantitative_impact" if adds_amount else "structure",
        span=span,
        issue=rewrite.reason,
        suggestion=rewrite.rewrite,
    )
