"""The read model: matches as clients see them, and how they rank."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from contracts.matching import Match, Outcome, Reason
from contracts.vocabulary import AnalysisStatus

from results_api.domain.match import Assessment

# More would say less: a consultant reads them beside each candidate.
MAX_DECIDING: Final = 3
# Points are shown with one decimal.
_DECIMALS: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchView:
    """A match. `result` is set if it is completed, `failure_code` if it failed."""

    match_id: UUID
    job_id: UUID
    job_version: int
    resume_id: UUID
    resume_version: int
    candidate_id: UUID
    candidate_name: str
    file_name: str
    requested_by: UUID
    status: AnalysisStatus
    requested_at: datetime
    ended_at: datetime | None
    score: float | None
    assessed: float | None
    failure_code: str | None
    failure_detail: str | None
    result: Match | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchCounts:
    """Numbers of the resumes that were matched to a version of a job, by the status of their match.

    `scored` of the completed ones have a score. `matcher_versions` are the rules that these were scored by.
    """

    pending: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0
    scored: int = 0
    matcher_versions: tuple[str, ...] = ()

    @property
    def have_ended(self) -> bool:
        """True if there are matches, and none is pending."""
        return not self.pending and bool(self.completed or self.failed or self.cancelled)

    @property
    def is_comparable(self) -> bool:
        """False if different versions of the rules scored, whose scores do not compare."""
        return len(self.matcher_versions) <= 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingFilters:
    """Filters of a ranking. None means no filter. A rank is that among all, whatever the filters.

    `outcomes` are the accepted outcomes of the requirement.
    """

    min_score: float | None = None
    requirement_id: str | None = None
    outcomes: Sequence[Outcome] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """The candidate and the resume of a match."""

    match_id: UUID
    resume_id: UUID
    resume_version: int
    candidate_id: UUID
    candidate_name: str
    file_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NextLower:
    """The match with the next lower score in a ranking."""

    match_id: UUID
    candidate_name: str
    score: float
    outcomes: Mapping[str, Assessment]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedMatch:
    """A match with its rank. Equal scores share a rank, and the ranks that they would have are left out."""

    matched: Matched
    rank: int
    score: float
    assessed: float
    outcomes: Mapping[str, Assessment]
    lower: NextLower | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnrankedMatch:
    """A match without a score. It has the reason of its result or, if it failed, a sentence."""

    matched: Matched
    status: AnalysisStatus
    assessed: float | None
    reason: Reason | None
    failure_detail: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """A part of a ranking. The totals count all matches that pass the filters.

    `ranked` can be read once. It decodes each match when it is reached, so that an export can take turns.
    """

    ranked: Iterable[RankedMatch]
    total_ranked: int
    unranked: Sequence[UnrankedMatch]
    total_unranked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """A requirement that gives one match more `points` of the score than another, or fewer."""

    requirement_id: str
    points: float
    outcome: Outcome
    lower_outcome: Outcome


def find_deciding(
    weights: Mapping[str, float], outcomes: Mapping[str, Assessment], lower: Mapping[str, Assessment]
) -> list[Deciding]:
    """Return the requirements in which two matches of a job differ most, the largest difference first.

    `weights` are those of the requirements, by their id.
    """
    known = [each for each in weights if each in outcomes and each in lower]
    mine, theirs = _points(weights, outcomes), _points(weights, lower)
    found = [
        Deciding(
            requirement_id=each,
            points=round(mine[each] - theirs[each], _DECIMALS),
            outcome=outcomes[each].outcome,
            lower_outcome=lower[each].outcome,
        )
        for each in known
    ]
    found.sort(key=lambda each: -abs(each.points))
    return [each for each in found[:MAX_DECIDING] if each.points]


def _points(weights: Mapping[str, float], outcomes: Mapping[str, Assessment]) -> dict[str, float]:
    """Return the points that each requirement gives of the score. What is unknown counts for nothing."""
    total = sum(weights.get(id_, 0) for id_, each in outcomes.items() if each.outcome != "unknown")
    return {
        id_: 100 * weights.get(id_, 0) * each.credit / total if total else 0 for id_, each in outcomes.items()
    }
