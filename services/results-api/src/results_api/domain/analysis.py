"""The status of an analysis and the rules by which it changes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Self
from uuid import UUID

from contracts.vocabulary import AnalysisStatus

UNFINISHED: Final = (AnalysisStatus.PENDING, AnalysisStatus.PROCESSING)

# The statuses that each status may follow. Erasure is the only change after a final status.
_PREDECESSORS: Final[Mapping[AnalysisStatus, tuple[AnalysisStatus, ...]]] = {
    AnalysisStatus.PENDING: (),
    AnalysisStatus.PROCESSING: (AnalysisStatus.PENDING,),
    AnalysisStatus.COMPLETED: UNFINISHED,
    AnalysisStatus.FAILED: UNFINISHED,
    AnalysisStatus.CANCELLED: UNFINISHED,
    AnalysisStatus.ERASED: tuple(status for status in AnalysisStatus if status is not AnalysisStatus.ERASED),
}


def next_status(current: AnalysisStatus, reported: AnalysisStatus) -> AnalysisStatus | None:
    """Return the status after a report of `reported`, or None if the report changes nothing.

    A status only moves forward, so repeated, late and reordered reports change nothing.
    """
    return reported if current in _PREDECESSORS[reported] else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Reason for a failed analysis: a code for programs and one sentence for people."""

    code: str
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Scores of a completed analysis, as the public event carries them."""

    overall_score: int
    ats_score: int
    content_score: int
    formatting_score: int
    market_tier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """A status that another service reported.

    `occurred_at` is read from the reporter's clock. It is shown to people and never used for ordering.
    """

    status: AnalysisStatus
    occurred_at: datetime
    failure: Failure | None = None
    scores: Scores | None = None

    @property
    def ended_at(self) -> datetime | None:
        """End of the analysis, or None if it still runs."""
        return None if self.status in UNFINISHED else self.occurred_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """The current status of an analysis. `version` counts its statuses and starts at 1."""

    analysis_id: UUID
    status: AnalysisStatus
    version: int

    def apply(self, change: StatusChange) -> Self | None:
        """Return the analysis after a change, or None if the change has no effect."""
        status = next_status(self.status, change.status)
        return None if status is None else replace(self, status=status, version=self.version + 1)
