"""Reads and scores a file as the services do: the real document reader, the real rules."""

from dataclasses import dataclass
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
from scoring import Rubric, load_rubric, score

from tools.evaluation.resumes import Resume

NOW: Final = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
_ID: Final = UUID("11111111-2222-4333-8444-555555555555")
LIMITS: Final = Limits()
AREAS: Final = ("overall", "ats", "content", "formatting", "industry fit")


@cache
def rubric() -> Rubric:
    return load_rubric()


@dataclass(frozen=True, slots=True)
class Judged:
    """A file, as it was read and scored."""

    text: str
    signals: DocumentSignals
    report: Report

    @property
    def scores(self) -> dict[str, float]:
        """The overall score and the four areas; the industry fit is told by its contribution alone."""
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


def judge(data: bytes, resume: Resume) -> Judged:
    """Read the bytes in this process and score them for the resume's industry. Raises DocumentError."""
    content = parse_file(data, LIMITS)
    signals = DocumentSignals.model_validate(content["signals"])
    return judge_text(content["text"], signals, resume)


def judge_text(text: str, signals: DocumentSignals, resume: Resume) -> Judged:
    request = request_for(text, signals, resume)
    return Judged(text, signals, score(request, rubric=rubric(), now=NOW))


def request_for(
    text: str, signals: DocumentSignals, resume: Resume, *, depth: Depth = Depth.STANDARD
) -> AnalysisRequested:
    """As it reaches the analyzer."""
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
