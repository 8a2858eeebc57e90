"""Metrics of a subscriber."""

from collections.abc import Iterator

from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric

from chassis.messaging.consuming.subscriber import GroupSubscriber


class SubscriberMetrics:
    """Counters, health and lag of a subscriber."""

    def __init__(self, subscriber: GroupSubscriber) -> None:
        self._subscriber = subscriber

    def collect(self) -> Iterator[Metric]:
        """Return gauges of this moment and counters since the process started."""
        health, counters = self._subscriber.health(), self._subscriber.counters
        topics = self._subscriber.lag.topics
        # aiokafka keeps its membership while no broker answers; only a request to the broker shows that.
        joined = health.joined and topics is not None
        is_stalled = self._subscriber.lag.stall.problem is not None
        for name, help_text, value in (
            ("joined", "1 while it has a place in its group, and a broker that answers.", float(joined)),
            ("running", "Handlers at work.", health.at_work),
            ("in_flight", "Records taken on and not done.", health.in_flight),
            ("oldest_open_seconds", "Age of the oldest of them.", health.oldest_seconds),
            ("stalled", "1 while records wait and the broker sees none of them done.", float(is_stalled)),
        ):
            yield GaugeMetricFamily(f"subscriber_{name}", help_text, value=value)
        for name, help_text, total in (
            ("started", "Attempts at records.", counters.started),
            ("finished", "Records done, dead letters among them.", counters.finished),
            ("retried", "Attempts that are followed by another.", counters.retried),
            ("dead", "Records that went to the dead letters.", counters.dead),
            ("duplicates", "Records delivered again that were done.", counters.duplicates),
            ("superseded", "Records that nobody wanted any more.", counters.superseded),
            ("abandoned", "Records that a stop left to others.", counters.abandoned),
        ):
            yield CounterMetricFamily(f"subscriber_{name}", help_text, value=total)
        records = GaugeMetricFamily(
            "subscriber_lag_records", "Records of its partitions that are not done.", labels=["topic"]
        )
        seconds = GaugeMetricFamily(
            "subscriber_lag_seconds", "Since the oldest of them arrived.", labels=["topic"]
        )
        for topic, behind in (topics or {}).items():
            records.add_metric([topic], behind.records)
            seconds.add_metric([topic], behind.seconds)
        yield records
        yield seconds
