"""Rows of a ranking for spreadsheets."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from contracts.plain_text import PlainLine
from contracts.vocabulary import AnalysisStatus
from matching.messages import Language
from pydantic import BaseModel

from results_api.http.matches.models import (
    MatchedView,
    RankedView,
    UnrankedView,
    WeighedRequirements,
    language_of,
)
from results_api.queries.read_matches import JobRanking


class RankingRow(BaseModel):
    """A candidate. `rank` and `score` are empty for one who could not be assessed; `reason` then says why.

    `decides` names the requirements in which the candidate differs most from the next lower one, with the
    difference in points.
    """

    rank: int | None
    score: float | None
    assessed: float | None
    candidate_name: PlainLine
    candidate_id: UUID
    file_name: PlainLine
    resume_id: UUID
    resume_version: int
    match_id: UUID
    status: AnalysisStatus
    decides: PlainLine
    reason: PlainLine


COLUMNS: Final = tuple(RankingRow.model_fields)


def ranking_rows(found: JobRanking, language: Language | None) -> Iterator[RankingRow]:
    """Yield the ranked candidates, then those without a rank."""
    words = language_of(found.job, language)
    weighed = WeighedRequirements.of(found.job.requirements)
    for ranked in found.ranking.ranked:
        view = RankedView.of(ranked, weighed)
        deciding = view.decides.requirements if view.decides else ()
        yield RankingRow(
            **_candidate(view),
            rank=view.rank,
            score=view.score,
            assessed=view.assessed,
            status=AnalysisStatus.COMPLETED,
            decides="; ".join(f"{each.text} ({each.points:+g})" for each in deciding),
            reason="",
        )
    for unranked in found.ranking.unranked:
        apart = UnrankedView.of(unranked, words)
        yield RankingRow(
            **_candidate(apart),
            rank=None,
            score=None,
            assessed=apart.assessed,
            status=apart.status,
            decides="",
            reason=apart.reason or "",
        )


def _candidate(view: MatchedView) -> dict[str, Any]:
    return {name: getattr(view, name) for name in MatchedView.model_fields}
