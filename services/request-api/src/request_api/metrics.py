"""Prometheus metrics of request-api, in addition to those of every service."""

from collections.abc import Iterator

from prometheus_client import Counter
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from request_api.commands.watch_analyses import WatchAnalyses


class PendingMetrics:
    """Number and age of unfinished analyses, as measured by the last round of the watchdog."""

    def __init__(self, watch: WatchAnalyses) -> None:
        self._watch = watch

    def collect(self) -> Iterator[Metric]:
        """Yield both metrics, without values while the backlog is unknown."""
        backlog = self._watch.backlog
        yield GaugeMetricFamily(
            "analyses_pending",
            "Analyses without a known end.",
            value=None if backlog is None else backlog.analyses,
        )
        yield GaugeMetricFamily(
            "analyses_oldest_pending_seconds",
            "Age of the oldest pending analysis by the database's clock.",
            value=None if backlog is None else backlog.oldest_seconds,
        )


def accepted_counter() -> Counter:
    """Create the counter of accepted analyses. Repeating a request with its key does not count again."""
    return Counter("analyses_accepted", "Accepted analyses.", registry=None)
