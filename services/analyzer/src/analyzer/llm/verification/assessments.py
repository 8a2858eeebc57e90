"""Combine a model's assessments of one criterion with the assessment of the rules."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median_low
from typing import Final

from contracts.report import MAX_QUOTES
from scoring import Assessment, Language
from scoring.language.text import Span

from analyzer.llm.prompting.checklist import ModelAssessment
from analyzer.llm.prompting.redaction import RedactedText
from analyzer.llm.verification.quotes import QuoteIndex
from analyzer.llm.verification.sentences import clean_sentence, has_new_numbers, is_in_language

# Highest level of the checklist, which earns all points.
_MAX_LEVEL: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _CheckedAssessment:
    """A model's assessment with its quotes looked up; `level` is None if no quote proves the claim."""

    level: int | None
    spans: tuple[Span, ...]
    unverified: int
    source: ModelAssessment


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedAssessment:
    """The combined assessment of one criterion, and the number of quotes that do not occur in the resume."""

    assessment: Assessment
    unverified: int


def verify_assessment(
    rule: Assessment,
    assessments: Sequence[ModelAssessment],
    redacted: RedactedText,
    index: QuoteIndex,
    *,
    language: Language,
) -> VerifiedAssessment:
    """Return the median of the proven assessments, or the rule's assessment.

    The rule's assessment stands if no more than half of the model's assessments are proven, or if the model
    would give more points. The rule's sentences replace those that are not in the report's language.
    """
    checked = [_check_quotes(each, index) for each in assessments]
    unverified = sum(each.unverified for each in checked)
    return VerifiedAssessment(assessment=_combine(rule, checked, redacted, language), unverified=unverified)


def _check_quotes(assessment: ModelAssessment, index: QuoteIndex) -> _CheckedAssessment:
    found = [index.find(quote) for quote in assessment.quotes]
    spans = tuple(dict.fromkeys(span for span in found if span))
    # Absence cannot be quoted, so level 0 needs no proof.
    is_proven = assessment.level == 0 or bool(spans)
    return _CheckedAssessment(
        level=assessment.level if is_proven else None,
        spans=spans[:MAX_QUOTES],
        unverified=found.count(None),
        source=assessment,
    )


def _combine(
    rule: Assessment, checked: Sequence[_CheckedAssessment], redacted: RedactedText, language: Language
) -> Assessment:
    proven = [(each, each.level) for each in checked if each.level is not None]
    if 2 * len(proven) <= len(checked):
        return rule
    levels = [level for _, level in proven]
    level = median_low(levels)
    share = level / _MAX_LEVEL
    # Text in a resume can talk a model into points, but not a rule: the model may only take points away.
    if rule.share is None or share > rule.share:
        return rule
    best = next(each for each, its in proven if its == level)
    reason = clean_sentence(best.source.reason)
    fix = clean_sentence(best.source.fix or "")
    if not is_in_language(language, reason):
        reason = ""
    if not is_in_language(language, fix) or has_new_numbers(fix, redacted.shown.text):
        fix = ""
    return replace(
        rule,
        share=share,
        reason=reason or rule.reason,
        fix=None if share == 1 else fix or rule.fix,
        quotes=best.spans,
        method="model",
        spread=max(levels) - min(levels) if len(checked) > 1 else None,
    )
