"""`/metrics` for Prometheus: numbers that are kept anyway. No label holds an id or text.

Every metric is named in every answer, also while it has no value.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from fastapi import APIRouter
from fastapi.responses import Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from sqlalchemy import Float, Table, cast, func, select

from chassis.auth.tokens import TokenVerifier
from chassis.db.database import Database, DatabaseAway
from chassis.db.statement import Statement
from chassis.messaging.consuming.batches import BatchSubscriber
from chassis.messaging.consuming.concurrent import ConcurrentSubscriber
from chassis.messaging.relay import OutboxRelay

PATH = "/metrics"


class Collector(Protocol):
    """Tells numbers of this moment; asks nobody, and never waits."""

    def collect(self) -> Iterable[Metric]: ...


def metrics_router(collectors: Sequence[Collector]) -> APIRouter:
    """The route; the gateway does not have it."""
    # A time of birth beside each series would double them, and nobody asks for it.
    disable_created_metrics()  # type: ignore[no-untyped-call] # it lacks its annotation
    registry = CollectorRegistry(auto_describe=False)
    ProcessCollector(registry=registry)
    for collector in collectors:
        registry.register(collector)
    router = APIRouter(include_in_schema=False)

    @router.get(PATH)
    async def metrics() -> Response:
        return Response(generate_latest(registry), headers={"content-type": CONTENT_TYPE_LATEST})

    return router


class SubscriberMetrics:
    """What a subscriber counts, and how it is."""

    def __init__(self, subscriber: ConcurrentSubscriber[Any] | BatchSubscriber[Any]) -> None:
        self._subscriber = subscriber

    def collect(self) -> Iterator[Metric]:
        """Gauges of now, counters since the process began."""
        health, counters = self._subscriber.health(), self._subscriber.counters
        topics = self._subscriber.lag.topics
        # The library keeps its place while there is no broker, and only a question to one shows it.
        joined = health.joined and topics is not None
        is_stalled = self._subscriber.lag.progress.problem is not None
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


class RelayMetrics:
    """What a relay does. Of several, in as many processes, one is active."""

    def __init__(self, relay: OutboxRelay) -> None:
        self._relay = relay

    def collect(self) -> Iterator[Metric]:
        """Gauges of now, counters since the process began."""
        yield GaugeMetricFamily(
            "relay_active", "1 where the relay publishes, 0 where it stands by.", value=self._relay.is_active
        )
        yield CounterMetricFamily(
            "relay_published", "Events that Kafka has, and the outbox no more.", value=self._relay.published
        )
        yield CounterMetricFamily(
            "relay_interruptions", "Times that it had to begin anew.", value=self._relay.interruptions
        )


class JwksMetrics:
    """How old the issuer's keys are."""

    def __init__(self, verifier: TokenVerifier) -> None:
        self._verifier = verifier

    def collect(self) -> Iterator[Metric]:
        """No age without keys."""
        jwks = self._verifier.jwks
        age = None if jwks is None else jwks.age_seconds
        yield GaugeMetricFamily("jwks_age_seconds", "Since the issuer's keys were fetched.", value=age)
        yield CounterMetricFamily(
            "jwks_fetch_failures", "Times that they could not be.", value=jwks.failures if jwks else None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outbox:
    waiting: int
    oldest_seconds: float
    refused: int


class OutboxMetrics:
    """What waits in an outbox, as it was when last looked at, and whether its database could be asked."""

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

    async def look(self) -> None:
        """Read it; in the background, every few seconds. Raises DatabaseAway."""
        try:
            async with self._database.autocommit() as connection:
                row = await self._query.one(connection)
        except DatabaseAway:
            self._found, self._is_up = None, False
            raise
        self._found, self._is_up = _Outbox(**row), True

    def collect(self) -> Iterator[Metric]:
        """No numbers while they are not known."""
        values: dict[str, float] = {} if self._found is None else asdict(self._found)
        for name, help_text, key in (
            ("outbox_rows", "Events that wait to be published.", "waiting"),
            ("outbox_oldest_seconds", "Age of the oldest of them.", "oldest_seconds"),
            ("outbox_refused_rows", "Events that Kafka will never take, set aside.", "refused"),
        ):
            yield GaugeMetricFamily(name, help_text, value=values.get(key))
        yield GaugeMetricFamily("database_up", "1 while the database does its work.", value=self._is_up)
