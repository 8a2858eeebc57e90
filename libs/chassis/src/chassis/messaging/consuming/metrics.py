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
            ("joined", "1 while the consumer is a member of its group and a broker responds.", float(joined)),
            ("running", "Running handlers.", health.at_work),
            ("in_flight", "Accepted records that are not handled yet.", health.in_flight),
            ("oldest_open_seconds", "Age of the oldest record in flight.", health.oldest_seconds),
            ("stalled", "1 while records wait and no offset is committed.", float(is_stalled)),
        ):
            yield GaugeMetricFamily(f"subscriber_{name}", help_text, value=value)
        for name, help_text, total in (
            ("started", "Attempts to handle a record.", counters.started),
            ("finished", "Handled records, including dead letters.", counters.finished),
            ("retried", "Attempts that are followed by a retry.", counters.retried),
            ("dead", "Records that became dead letters.", counters.dead),
            ("duplicates", "Handled records that were delivered again.", counters.duplicates),
            ("superseded", "Records whose handling was superseded.", counters.superseded),
            ("abandoned", "Unfinished records that a shutdown left to other consumers.", counters.abandoned),
        ):
            yield CounterMetricFamily(f"subscriber_{name}", help_text, value=total)
        records = GaugeMetricFamily(
            "subscriber_lag_records", "Unhandled records of the assigned partitions.", labels=["topic"]
        )
        seconds = GaugeMetricFamily(
            "subscriber_lag_seconds", "Age of the oldest unhandled record.", labels=["topic"]
        )
        for topic, behind in (topics or {}).items():
            records.add_metric([topic], behind.records)
            seconds.add_metric([topic], behind.seconds)
        yield records
        yield seconds
