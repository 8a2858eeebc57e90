"""Factories that build a part of a service from its settings and register it with the service's components.

Only the `main` modules of services import this module, because it imports every other part of the chassis.
"""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from aiokafka import AIOKafkaProducer
from faststream.kafka import KafkaBroker
from sqlalchemy import Table

from chassis.components import Components
from chassis.db.database import Database
from chassis.messaging.clients import create_broker, create_producer
from chassis.messaging.consuming.dead_letters import DeadLetters
from chassis.messaging.consuming.metrics import SubscriberMetrics
from chassis.messaging.consuming.runner import ConsumerRunner
from chassis.messaging.consuming.subscriber import GroupSubscriber
from chassis.messaging.outbox_metrics import OutboxMetrics, RelayMetrics
from chassis.messaging.publisher import Publisher
from chassis.messaging.relay import OutboxRelay
from chassis.periodic import PeriodicTask
from chassis.settings import DatabaseSettings, KafkaSettings

# Prometheus scrapes every 15 s or so.
METRICS_SECONDS = 5


class Subscribe(Protocol):
    """Registers the subscriber of a service with its broker."""

    def __call__(self, broker: KafkaBroker, /, *, dead_letters: DeadLetters) -> GroupSubscriber: ...


def add_database(components: Components, settings: DatabaseSettings, *, service: str) -> Database:
    """Add the service's database. Its readiness check is shared by all replicas."""
    database = Database(
        address=settings.database_address(), pool_size=settings.database_pool_size, application_name=service
    )
    components.add(stop=database.close, shared_checks={"database": database.check})
    return database


def create_publisher(settings: KafkaSettings, *, client_id: str) -> Publisher:
    """Create a publisher with its own producer; the caller stops it."""
    return Publisher(create_producer=_producers(settings, client_id=client_id))


def add_outbox_relay(
    components: Components, settings: KafkaSettings, *, database: Database, table: Table, service: str
) -> None:
    """Add the relay of an outbox table, with the metrics of both."""
    outbox_metrics = OutboxMetrics(database=database, table=table)
    refresh = PeriodicTask(name="outbox metrics", act=outbox_metrics.refresh, seconds=METRICS_SECONDS)
    components.add(start=refresh.start, stop=refresh.stop, collectors=[outbox_metrics])
    relay = OutboxRelay(
        address=database.address,
        # asyncpg refuses SQLAlchemy's subclass of str.
        table=str(table.name),
        publisher=create_publisher(settings, client_id=f"{service}-relay"),
    )
    components.add(
        start=relay.start,
        drain=relay.stop,
        checks={"relay": relay.check},
        collectors=[RelayMetrics(relay)],
    )


def add_consumer(
    components: Components,
    settings: KafkaSettings,
    *,
    subscribe: Subscribe,
    service: str,
    drain_seconds: float,
    serves_without_kafka: bool,
) -> None:
    """Add the consumer of a service, with its dead letters, its lag and their metrics.

    Args:
        subscribe: registers the subscriber with the broker.
        service: names the consumer group and the clients.
        drain_seconds: how long a stop may take.
        serves_without_kafka: keeps the service ready while Kafka is unavailable; a stalled consumer then
            counts as a shared failure.
    """
    broker = create_broker(
        bootstrap_servers=settings.kafka_bootstrap_servers,
        security=settings.kafka_security(),
        client_id=service,
        drain_seconds=drain_seconds,
    )
    dead_letters = DeadLetters(
        group_id=service, create_producer=_producers(settings, client_id=f"{service}-dead-letters")
    )
    subscriber = subscribe(broker, dead_letters=dead_letters)
    runner = ConsumerRunner(broker=broker, subscriber=subscriber)
    lag = PeriodicTask(name="lag metrics", act=subscriber.lag.refresh, seconds=METRICS_SECONDS)
    components.add(start=lag.start, stop=lag.stop)
    components.add(
        start=runner.start,
        drain=runner.stop,
        checks={"consumer": runner.check_alive if serves_without_kafka else runner.check},
        shared_checks={"progress": runner.check_progress} if serves_without_kafka else {},
        collectors=[SubscriberMetrics(subscriber)],
    )


def _producers(settings: KafkaSettings, *, client_id: str) -> Callable[[], AIOKafkaProducer]:
    return partial(
        create_producer,
        bootstrap_servers=settings.kafka_bootstrap_servers,
        security=settings.kafka_security(),
        client_id=client_id,
    )
