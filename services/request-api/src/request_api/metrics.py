"""What request-api tells of itself to Prometheus, besides what every service does."""

from collections.abc import Iterator

from prometheus_client import Counter
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from request_api.commands.watch_analyses import WatchAnalyses


class PendingMetrics:
    """How many analyses have not ended, as the last round of the watchdog found it."""

    def __init__(self, watch: WatchAnalyses) -> None:
        self._watch = watch

    def collect(self) -> Iterator[Metric]:
        """No numbers while they are not known."""
        pending = self._watch.pending
        yield GaugeMetricFamily(
            "analyses_pending",
            "Analyses of whose end nothing was heard.",
            value=None if pending is None else pending.analyses,
        )
        yield GaugeMetricFamily(
            "analyses_oldest_pending_seconds",
            "Age of the oldest of them, by the database's clock.",
            value=None if pending is None else pending.oldest_seconds,
        )


def accepted_counter() -> Counter:
    """Counts promises: each analysis once, however often its request is repeated with its key."""
    return Counter("analyses_accepted", "Analyses that were accepted.", registry=None)
