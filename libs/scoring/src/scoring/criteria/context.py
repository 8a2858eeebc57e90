"""The input that every rule shares."""

from dataclasses import dataclass
from functools import cached_property

from contracts.events import AnalysisRequested

from scoring.language.text import Span
from scoring.messages import Messages, report_language
from scoring.resume.document_kind import DocumentKind, find_document_kind
from scoring.resume.resume import Resume
from scoring.resume.work_history import Entry
from scoring.rubric import Industry, Rubric


@dataclass(frozen=True, kw_only=True)
class ScoringContext:
    """A resume, the rubric, the target industry, and the sentences of the report's language."""

    resume: Resume
    rubric: Rubric
    industry_name: str
    say: Messages
    document_kind: DocumentKind

    @property
    def judges_work(self) -> bool:
        """Return whether the document describes work in a language that the rules read."""
        return self.document_kind is DocumentKind.RESUME and not self.resume.is_foreign

    @property
    def industry(self) -> Industry:
        return self.rubric.industries[self.industry_name]

    @cached_property
    def entries_in_field(self) -> frozenset[int]:
        """The indexes of the entries of the work history that belong to the field of the target."""
        entries = self.resume.work.entries
        return frozenset(at for at, entry in enumerate(entries) if self.find_domain_evidence(entry))

    def find_domain_evidence(self, entry: Entry) -> list[Span]:
        """Return evidence that a position belongs to the field: in its header, or in at least two bullets."""
        header = [found for span in entry.header for found in self.find_domain_terms(span)]
        if header:
            return header
        bullets = [each.span for each in entry.bullets if self.find_domain_terms(each.span)]
        return bullets[:1] if len(bullets) > 1 else []

    def find_domain_terms(self, span: Span) -> list[Span]:
        """Return the terms of the field of the target in a part of the text."""
        index = self.rubric.domain_index(self.industry_name)
        hits = index.find(self.resume.text, self.resume.folded, span.start, span.end)
        return [Span(hit.start, hit.end) for hit in hits]


def create_context(request: AnalysisRequested, *, rubric: Rubric) -> ScoringContext:
    """Parse the resume of a request. An industry that the rubric does not know becomes `general`.

    Raises:
        NotAssessable: the text holds no words.
    """
    resume = Resume.of(request, rubric=rubric)
    wanted = request.analysis.industry
    return ScoringContext(
        resume=resume,
        rubric=rubric,
        industry_name=wanted if wanted in rubric.industries else "general",
        say=Messages(report_language(request, resume=resume.language), resume_language=resume.language),
        document_kind=find_document_kind(resume),
    )
