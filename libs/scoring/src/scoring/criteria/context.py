"""The input that every rule shares."""

from dataclasses import dataclass

from contracts.events import AnalysisRequested

from scoring.messages import Messages, report_language
from scoring.resume.document_kind import DocumentKind, find_document_kind
from scoring.resume.resume import Resume
from scoring.rubric import Industry, Rubric


@dataclass(frozen=True, slots=True, kw_only=True)
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


def create_context(request: AnalysisRequested, *, rubric: Rubric) -> ScoringContext:
    """Parse the resume of a request. An industry that the rubric does not know becomes `general`.

    Raises:
        NotAssessable: the text holds no words.
    """
    resume = Resume(request, rubric=rubric)
    wanted = request.analysis.industry
    return ScoringContext(
        resume=resume,
        rubric=rubric,
        industry_name=wanted if wanted in rubric.industries else "general",
        say=Messages(report_language(request, resume=resume.language), resume_language=resume.language),
        document_kind=find_document_kind(resume),
    )
