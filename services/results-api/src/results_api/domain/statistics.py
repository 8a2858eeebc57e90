"""Statistics over analyses."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from contracts.vocabulary import AnalysisStatus

from results_api.domain.analysis_view import NO_INDUSTRY


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisGroup:
    """Number of analyses with the same status, industry and tier. `scored` of them have an overall score."""

    status: str
    industry: str | None
    market_tier: str | None
    analyses: int
    scored: int
    total_score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Numbers of analyses. `average_score` covers the analyses with a score and is 0 if there are none."""

    total_analyses: int
    completed_analyses: int
    failed_analyses: int
    average_score: float
    industry_breakdown: dict[str, int]
    tier_breakdown: dict[str, int]


def statistics(groups: Sequence[AnalysisGroup]) -> Statistics:
    """Aggregate groups into statistics."""
    by_status: Counter[str] = Counter()
    industries: Counter[str] = Counter()
    tiers: Counter[str] = Counter()
    for group in groups:
        by_status[group.status] += group.analyses
        industries[group.industry or NO_INDUSTRY] += group.analyses
        if group.market_tier is not None:
            tiers[group.market_tier] += group.analyses
    scored = sum(group.scored for group in groups)
    total_score = sum(group.total_score for group in groups)
    return Statistics(
        total_analyses=by_status.total(),
        completed_analyses=by_status[AnalysisStatus.COMPLETED],
        failed_analyses=by_status[AnalysisStatus.FAILED],
        average_score=round(total_score / scored, 1) if scored else 0,
        industry_breakdown=dict(industries.most_common()),
        tier_breakdown=dict(tiers.most_common()),
    )
