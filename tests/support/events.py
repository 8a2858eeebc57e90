"""Builds valid events of a fictional analysis; keyword arguments override fields."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from contracts.document import DocumentSignals
from contracts.envelope import SerializedEvent, decode, encode
from contracts.events import (
    AnalysisCancelRequested,
    AnalysisContext,
    AnalysisEraseRequested,
    AnalysisExpired,
    AnalysisFailedToRun,
    AnalysisRequested,
    AnalysisStarted,
    AnalysisSucceeded,
    Event,
    Failure,
)
from contracts.report import (
    AppealAnalysis,
    AppealFeedback,
    AppealScores,
    Contributions,
    DetailedScores,
    Report,
    StructureAnalysis,
    StructureFeedback,
    StructureMetadata,
    StructureScores,
)
from contracts.vocabulary import Depth, FailureCode, MarketTier, ReviewType

GOLDEN = Path(__file__).resolve().parents[2] / "contracts" / "golden"
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
TEXT = "Mina Example\nExperience\n- Reduced costs by 30% in 2023\nEducation\nBSc"


def analysis_context(**changes: Any) -> AnalysisContext:
    """Return the context of an analysis, with a new id unless one is given."""
    return AnalysisContext(
        **{
            "analysis_id": uuid4(),
            "resume_id": UUID("30000000-0000-4000-8000-000000000001"),
            "candidate_id": UUID("20000000-0000-4000-8000-000000000001"),
            "requested_by": UUID("10000000-0000-4000-8000-000000000001"),
            "candidate_name": "Mina Example",
            "file_name": "mina-example.pdf",
            "industry": "strategy_tech",
            "depth": Depth.STANDARD,
            "review_type": ReviewType.COMPREHENSIVE,
            "requested_at": NOW,
            **changes,
        }
    )


def signals() -> DocumentSignals:
    """Return the signals of a text file."""
    return DocumentSignals(reader_version="1", file_type="txt", file_bytes=len(TEXT), word_count=12)


def report(**changes: Any) -> Report:
    """Return a small valid report."""
    return Report(
        **{
            "overall_score": 61,
            "ats_score": 70,
            "content_score": 55,
            "formatting_score": 80,
            "executive_summary": "A sound resume.",
            "detailed_scores": DetailedScores(
                structure_analysis=StructureAnalysis(
                    scores=StructureScores(format=80, organization=70, tone=60, completeness=50),
                    feedback=StructureFeedback(strengths=("Clear headings.",)),
                    metadata=StructureMetadata(total_sections=2, word_count=12, reading_time=1),
                ),
                appeal_analysis=AppealAnalysis(
                    scores=AppealScores(
                        achievement_relevance=50,
                        skills_alignment=40,
                        experience_fit=30,
                        competitive_positioning=20,
                    ),
                    feedback=AppealFeedback(),
                ),
                market_tier=MarketTier.MID,
                ai_analysis_id=UUID("40000000-0000-4000-8000-000000000001"),
                conversion_timestamp=NOW,
                criteria=(),
                contributions=Contributions(ats=17.5, content=24.75, formatting=8, industry_fit=10),
                rubric_version="1",
            ),
            "ai_model_used": "rules/1",
            "processing_time_ms": 12,
            **changes,
        }
    )


def report_of(answer: str) -> Report:
    """Parse a report that the scoring process returned; its processing time is not set yet."""
    return Report.model_validate({**json.loads(answer), "processing_time_ms": 0})


def published(event: Event | SerializedEvent) -> Event:
    """Encode and decode an event, as its consumers receive it."""
    message = encode(event, source="/tests", traceparent=None)
    return decode(message.value, message.headers)


def golden_report(name: str) -> Report:
    """Return the report in a golden file of AnalysisSucceeded, such as `4-deep`."""
    path = GOLDEN / AnalysisSucceeded.type / f"{name}.json"
    value = json.loads(path.read_text(encoding="utf-8"))["value"]
    return AnalysisSucceeded.model_validate(value).report


def requested(about: AnalysisContext | None = None, **changes: Any) -> AnalysisRequested:
    """Return a request; by default for a text file."""
    return AnalysisRequested(
        **{
            "version": 1,
            "analysis": about or analysis_context(),
            "text": TEXT,
            "signals": signals(),
            **changes,
        }
    )


def started(about: AnalysisContext | None = None) -> AnalysisStarted:
    return AnalysisStarted(version=1, analysis=about or analysis_context(), started_at=NOW)


def succeeded(about: AnalysisContext | None = None, **changes: Any) -> AnalysisSucceeded:
    return AnalysisSucceeded(
        **{
            "version": 2,
            "analysis": about or analysis_context(),
            "report": report(),
            "finished_at": NOW,
            **changes,
        }
    )


def failed_to_run(about: AnalysisContext | None = None) -> AnalysisFailedToRun:
    failure = Failure(code=FailureCode.NO_TEXT, detail="There is no text to analyse.")
    return AnalysisFailedToRun(
        version=2, analysis=about or analysis_context(), failure=failure, finished_at=NOW
    )


def cancel_requested(about: AnalysisContext | None = None, *, emission: int = 1) -> AnalysisCancelRequested:
    known = about or analysis_context()
    return AnalysisCancelRequested(
        version=2, analysis=known, cancelled_by=known.requested_by, cancelled_at=NOW, emission=emission
    )


def expired(about: AnalysisContext | None = None) -> AnalysisExpired:
    return AnalysisExpired(version=2, analysis=about or analysis_context(), expired_at=NOW)


def erase_requested(about: AnalysisContext | None = None) -> AnalysisEraseRequested:
    return AnalysisEraseRequested(version=3, analysis=about or analysis_context(), erased_at=NOW)
