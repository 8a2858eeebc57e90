"""Metrics of an outbox and its relay."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from sqlalchemy import Float, Table, cast, func, select

from chassis.db.database import Database, DatabaseUnavailable
from chassis.db.statement import Statement
from chassis.messaging.relay import OutboxRelay


class RelayMetrics:
    """Metrics of a relay. Of the relays in several processes, one is active."""

    def __init__(self, relay: OutboxRelay) -> None:
        self._relay = relay

    def collect(self) -> Iterator[Metric]:
        """Return gauges of this moment and counters since the process started."""
        yield GaugeMetricFamily(
            "relay_active",
            "1 if the relay publishes, 0 if it waits for the lock.",
            value=self._relay.is_active,
        )
        yield CounterMetricFamily("relay_published", "Published events.", value=self._relay.published)
        yield CounterMetricFamily(
            "relay_interruptions", "Restarts of the relay after an error.", value=self._relay.interruptions
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outbox:
    waiting: int
    oldest_seconds: float
    refused: int


class OutboxMetrics:
    """Rows of an outbox at the last refresh, and the availability of its database."""

    def __init__(self, *, database: Database, table: Table) -> None:
        self._database = database
        waits = table.c.refused.is_(None)
        age = func.extract("epoch", func.now() - func.min(table.c.created_at).filter(waits))
        self._query = Statement(
            select(
                func.count().filter(waits).label("waiting"),
                func.coalesce(cast(age, Float), 0.0).label("oldest_seconds"),
                func.count().filter(~waits).label("refused"),
            ).select_from(table)
        )
        self._found: _Outbox | None = None
        self._is_up: bool | None = None

    async def refresh(self) -> None:
        """Query the table; called in the background every few seconds. Raises DatabaseUnavailable."""
        try:
            async with self._database.autocommit() as connection:
                row = await self._query.one(connection)
        except DatabaseUnavailable:
            self._found, self._is_up = None, False
            raise
        self._found, self._is_up = _Outbox(**row), True

    def collect(self) -> Iterator[Metric]:
        """Return the metrics, without values while these are unknown."""
        values: dict[str, float] = {} if self._found is None else asdict(self._found)
        for name, help_text, key in (
            ("outbox_rows", "Events that wait to be published.", "waiting"),
            ("outbox_oldest_seconds", "Age of the oldest event that waits.", "oldest_seconds"),
            ("outbox_refused_rows", "Events that Kafka refused, set aside.", "refused"),
        ):
            yield GaugeMetricFamily(name, help_text, value=values.get(key))
        yield GaugeMetricFamily("database_up", "1 while the database is usable.", value=self._is_up)
