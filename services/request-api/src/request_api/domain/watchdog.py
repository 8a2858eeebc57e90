"""Analyses that the watchdog looks after because their end is not known yet."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from contracts.vocabulary import AnalysisStatus

from request_api.domain.analysis import Analysis


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchdogPolicy:
    """Time to wait for an end.

    An analysis is emitted again after `reemit_after`, then after twice as long each time. It expires after
    `deadline`.
    """

    reemit_after: timedelta
    deadline: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class DueAnalysis:
    """An analysis to emit again, or to expire if it `is_overdue`."""

    analysis_id: UUID
    is_overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfinishedAnalysis:
    """A locked analysis that has not ended. `now` is the time of the database's clock."""

    analysis: Analysis
    emissions: int
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StuckAnalysis:
    """An analysis that has not ended, with the details that on-call needs."""

    analysis_id: UUID
    status: AnalysisStatus
    requested_at: datetime
    emitted_at: datetime
    emissions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """Number of analyses that have not ended, and the age of the oldest one (0 if there is none)."""

    analyses: int
    oldest_seconds: float
