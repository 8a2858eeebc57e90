"""Read and score a file as the services do, and record the properties that the scores must have."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Final
from uuid import UUID

from contracts.document import DocumentSignals
from contracts.events import AnalysisContext, AnalysisRequested
from contracts.report import Report
from contracts.vocabulary import Depth, ReviewType
from documents.limits import Limits
from documents.parser import parse_file
from scoring.report.builder import score
from scoring.rubric import Rubric, load_rubric

from tools.evaluation.resumes import Resume

NOW: Final = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
_ID: Final = UUID("11111111-2222-4333-8444-555555555555")
LIMITS: Final = Limits()
AREAS: Final = ("overall", "ats", "content", "formatting", "industry fit")


# The number of failures that a table shows.
_SHOWN_FAILURES: Final = 3


@cache
def rubric() -> Rubric:
    """Return the rubric, loaded once."""
    return load_rubric()


@dataclass(frozen=True, slots=True)
class ScoredDocument:
    """A file that was read and scored."""

    text: str
    signals: DocumentSignals
    report: Report

    @property
    def scores(self) -> dict[str, float]:
        """The overall score and the four areas. The industry fit is derived from its contribution."""
        report = self.report
        fit = report.detailed_scores.contributions.industry_fit / rubric().overall["industry_fit"]
        return {
            "overall": report.overall_score,
            "ats": report.ats_score,
            "content": report.content_score,
            "formatting": report.formatting_score,
            "industry fit": round(fit, 2),
        }

    @property
    def points(self) -> dict[str, float | None]:
        """The points of each criterion."""
        return {each.id: each.points for each in self.report.detailed_scores.criteria}


def score_file(data: bytes, resume: Resume) -> ScoredDocument:
    """Read the bytes in this process and score them for the resume's industry.

    Raises:
        DocumentError: the file cannot be read.
    """
    content = parse_file(data, LIMITS)
    signals = DocumentSignals.model_validate(content["signals"])
    return score_text(content["text"], signals, resume)


def score_text(text: str, signals: DocumentSignals, resume: Resume) -> ScoredDocument:
    """Score a text for the resume's industry."""
    request = create_request(text, signals, resume)
    return ScoredDocument(text, signals, score(request, rubric=rubric(), now=NOW))


def create_request(
    text: str, signals: DocumentSignals, resume: Resume, *, depth: Depth = Depth.STANDARD
) -> AnalysisRequested:
    """Return the request as it reaches the analyzer."""
    return AnalysisRequested(
        version=1,
        analysis=AnalysisContext(
            analysis_id=_ID,
            resume_id=_ID,
            candidate_id=_ID,
            requested_by=_ID,
            candidate_name=resume.name,
            file_name="resume",
            industry=resume.industry,
            depth=depth,
            review_type=ReviewType.COMPREHENSIVE,
            requested_at=NOW,
        ),
        text=text,
        signals=signals,
    )


@dataclass(slots=True)
class Property:
    """A claim about the scores and its measured figure. It holds if there are no `failures`."""

    group: str
    claim: str
    figure: str
    failures: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.failures


def first_failures(found: Property) -> str:
    """Return a few of the failures for a table."""
    more = len(found.failures) - _SHOWN_FAILURES
    return "; ".join(found.failures[:_SHOWN_FAILURES]) + (f"; and {more} more" if more > 0 else "")
