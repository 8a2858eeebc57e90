"""What results-api tells of itself to Prometheus, besides what every service does."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from contracts.events import AnalysisContext
from contracts.vocabulary import AnalysisStatus
from prometheus_client import Histogram
from prometheus_client.metrics_core import Metric

# Rules take some 50 ms, a model 5 to 60 s; 120 s is what was promised, the rest tells how bad it is.
_BUCKETS: Final = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 90, 120, 300, 900, 3600)
_ENDS: Final = (
    AnalysisStatus.COMPLETED,
    AnalysisStatus.FAILED,
    AnalysisStatus.CANCELLED,
    AnalysisStatus.ERASED,
)


class AnalysisDurations:
    """How long it took from the 202 to an end that can be read."""

    def __init__(self) -> None:
        self._seconds = Histogram(
            "analysis_duration_seconds",
            "From accepted to ended, as it can be read; by request-api's clock and ours.",
            ("status",),
            buckets=_BUCKETS,
            registry=None,
        )
        for status in _ENDS:
            # So that the first end is an increase, too.
            self._seconds.labels(status)

    def moved(self, facts: AnalysisContext, status: AnalysisStatus) -> None:
        """An analysis has come to this status."""
        if status in _ENDS:
            took = (datetime.now(UTC) - facts.requested_at).total_seconds()
            self._seconds.labels(status).observe(max(0.0, took))

    def collect(self) -> Iterable[Metric]:
        """What Prometheus asks for."""
        return self._seconds.collect()
