"""What request-api tells of itself to Prometheus, besides what every service does."""

from collections.abc import Iterator

from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from request_api.watch import WatchAnalyses


class PendingMetrics:
    """How many analyses have not ended, as the last round of the watchdog found it."""

    def __init__(self, watch: WatchAnalyses) -> None:
        self._watch = watch

    def collect(self) -> Iterator[Metric]:
        """Nothing while it is not known."""
        pending = self._watch.pending
        if pending is not None:
            yield GaugeMetricFamily(
                "analyses_pending", "Analyses of whose end nothing was heard.", value=pending.analyses
            )
            yield GaugeMetricFamily(
                "analyses_oldest_pending_seconds",
                "Age of the oldest of them, by the database's clock.",
                value=pending.oldest_seconds,
            )
