"""Prometheus metrics of results-api, in addition to those of every service."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from contracts.vocabulary import AnalysisStatus
from prometheus_client import Histogram
from prometheus_client.metrics_core import Metric

from results_api.domain.analysis import UNFINISHED

# Rules take about 50 ms and models 5 to 60 s. The objective is 120 s; the larger buckets show how far it is
# missed.
_BUCKETS: Final = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 90, 120, 300, 900, 3600)


class AnalysisDurations:
    """Histogram of the time between the acceptance of an analysis and its visible end."""

    def __init__(self) -> None:
        self._seconds = Histogram(
            "analysis_duration_seconds",
            "Time from acceptance to a readable end, by the clocks of request-api and results-api.",
            ("status",),
            buckets=_BUCKETS,
            registry=None,
        )
        for status in AnalysisStatus:
            if status not in UNFINISHED:
                # Creates the series, so that Prometheus sees the first end as an increase.
                self._seconds.labels(status)

    def observe(self, status: AnalysisStatus, *, requested_at: datetime) -> None:
        """Record the duration of an analysis that reached `status`, if it has ended."""
        if status not in UNFINISHED:
            duration = datetime.now(UTC) - requested_at
            # The clocks of the services may differ.
            self._seconds.labels(status).observe(max(0.0, duration.total_seconds()))

    def collect(self) -> Iterable[Metric]:
        """Return the metrics for Prometheus."""
        return self._seconds.collect()
