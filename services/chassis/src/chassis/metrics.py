"""`/metrics` for Prometheus: numbers that are kept anyway. No label holds an id or text."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from fastapi import APIRouter
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from sqlalchemy import Float, Table, cast, func, select

from chassis.db import Database, DatabaseAway
from chassis.kafka.subscriber import ParallelSubscriber

PATH = "/metrics"


class Collector(Protocol):
    """Tells numbers of this moment; asks nobody, and never waits."""

    def collect(self) -> Iterable[Metric]: ...


def metrics_router(collectors: Sequence[Collector]) -> APIRouter:
    """The route; the gateway does not have it."""
    registry = CollectorRegistry(auto_describe=False)
    for collector in collectors:
        registry.register(collector)
    router = APIRouter(include_in_schema=False)

    @router.get(PATH)
    async def metrics() -> Response:
        return Response(generate_latest(registry), headers={"content-type": CONTENT_TYPE_LATEST})

    return router


class SubscriberMetrics:
    """What a subscriber counts, and how it is."""

    def __init__(self, subscriber: ParallelSubscriber) -> None:
        self._subscriber = subscriber

    def collect(self) -> Iterator[Metric]:
        """Gauges of now, counters since the process began."""
        health, counters = self._subscriber.health(), self._subscriber.counters
        for name, help_text, value in (
            ("running", "Handlers at work.", counters.running),
            ("in_flight", "Records taken on and not done.", health.in_flight),
            ("oldest_open_seconds", "Age of the oldest of them.", health.oldest_seconds),
        ):
            yield GaugeMetricFamily(f"subscriber_{name}", help_text, value=value)
        for name, help_text, total in (
            ("started", "Attempts at records.", counters.started),
            ("finished", "Records done, dead letters among them.", counters.finished),
            ("retried", "Attempts that are followed by another.", counters.retried),
            ("dead", "Records that went to the dead letters.", counters.dead),
            ("duplicates", "Records delivered again while open or finished.", counters.duplicates),
            ("superseded", "Jobs that a later record of their key ended.", counters.superseded),
            ("abandoned", "Jobs cancelled by a rebalance or a stop.", counters.abandoned),
        ):
            yield CounterMetricFamily(f"subscriber_{name}", help_text, value=total)


class OutboxMetrics:
    """What waits in an outbox, as it was when last looked at; rows that Kafka refused do not wait."""

    def __init__(self, *, database: Database, table: Table) -> None:
        self._database = database
        self._table = table
        self._found: tuple[int, float] | None = None

    async def look(self) -> None:
        """Read it; in the background, every few seconds. Raises DatabaseAway."""
        age = func.extract("epoch", func.now() - func.min(self._table.c.created_at))
        query = (
            select(func.count(), func.coalesce(cast(age, Float), 0.0))
            .select_from(self._table)
            .where(self._table.c.refused.is_(None))
        )
        try:
            async with self._database.transaction() as connection:
                rows, oldest = (await connection.execute(query)).one()
        except DatabaseAway:
            self._found = None
            raise
        self._found = (rows, oldest)

    def collect(self) -> Iterator[Metric]:
        """Nothing while it is not known."""
        if self._found is not None:
            rows, oldest = self._found
            yield GaugeMetricFamily("outbox_rows", "Events that wait to be published.", value=rows)
            yield GaugeMetricFamily("outbox_oldest_seconds", "Age of the oldest of them.", value=oldest)
