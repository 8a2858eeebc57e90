"""Leave out the criteria that make no sense for a document: one that is no resume, or in another language."""

from collections.abc import Iterable, Mapping
from typing import Final

from scoring.criteria.assessments import Assessment
from scoring.criteria.context import ScoringContext
from scoring.resume.document_kind import DocumentKind

# Criteria about bullets, and about how work is laid out.
_ABOUT_WORK: Final = frozenset(
    {
        "content.quantified",
        "content.action_verbs",
        "content.results",
        "content.specificity",
        "content.bullet_length",
        "formatting.length",
        "formatting.consistency",
        "formatting.heading_hierarchy",
        "industry.skills",
        "industry.appeals",
        "industry.domain",
        "industry.summary",
    }
)
_ABOUT_RESUMES: Final = _ABOUT_WORK | {"ats.headings", "ats.dates", "content.filler", "content.summary"}
_BY_WORDS: Final = _ABOUT_RESUMES | {"content.tense_spelling"}
_LEFT_OUT: Final[Mapping[DocumentKind, frozenset[str]]] = {
    DocumentKind.RESUME: frozenset(),
    DocumentKind.RIREKISHO: _ABOUT_WORK,
    DocumentKind.COVER_LETTER: _ABOUT_RESUMES,
    DocumentKind.OTHER: _ABOUT_RESUMES,
}


def keep_applicable(context: ScoringContext, assessments: Iterable[Assessment]) -> list[Assessment]:
    """Return the assessments, with those that do not apply to the document as not assessable."""
    if context.resume.is_foreign:
        left_out, reason = _BY_WORDS, context.say("foreign.not_assessed")
    else:
        kind = context.document_kind
        left_out = _LEFT_OUT[kind]
        reason = context.say(f"document.{kind.value}.not_assessed") if left_out else ""
    return [
        Assessment(id=each.id, share=None, reason=reason) if each.id in left_out else each
        for each in assessments
    ]
