"""The status of a match and the rules by which it changes."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from uuid import UUID

from contracts.matching import Outcome
from contracts.vocabulary import AnalysisStatus

from results_api.domain.analysis import Failure, next_status


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The outcome for one requirement, and the share of its weight that counts for the score."""

    outcome: Outcome
    credit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchScores:
    """The score of a completed match, None if it cannot be told, and the share that was assessed."""

    score: float | None
    assessed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchChange:
    """A status that another service reported."""

    status: AnalysisStatus
    occurred_at: datetime
    failure: Failure | None = None
    scores: MatchScores | None = None

    @property
    def ended_at(self) -> datetime | None:
        """End of the match, or None if it is pending."""
        return None if self.status is AnalysisStatus.PENDING else self.occurred_at


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchState:
    """The current status of a match. `version` counts its statuses and starts at 1."""

    match_id: UUID
    status: AnalysisStatus
    version: int

    def apply(self, change: MatchChange) -> Self | None:
        """Return the match after a change, or None if the change has no effect."""
        status = next_status(self.status, change.status)
        return None if status is None else replace(self, status=status, version=self.version + 1)
