"""A completed analysis in the read model; tests vary it with `dataclasses.replace`."""

from datetime import UTC, datetime
from uuid import UUID

from contracts.vocabulary import AnalysisStatus
from results_api.domain.analysis_view import AnalysisView

VIEW = AnalysisView(
    analysis_id=UUID("40000000-0000-4000-8000-000000000001"),
    resume_id=UUID("30000000-0000-4000-8000-000000000001"),
    resume_version=1,
    candidate_id=UUID("20000000-0000-4000-8000-000000000001"),
    requested_by=UUID("10000000-0000-4000-8000-000000000001"),
    candidate_name="Mina Example",
    file_name="職務経歴書.pdf",
    industry="strategy_tech",
    status=AnalysisStatus.COMPLETED,
    version=3,
    requested_at=datetime(2026, 1, 2, tzinfo=UTC),
    ended_at=datetime(2026, 1, 3, tzinfo=UTC),
    overall_score=61,
    market_tier="mid",
    failure_code=None,
    failure_detail=None,
)
