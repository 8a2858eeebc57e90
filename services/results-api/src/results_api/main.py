"""The only place where results-api is wired together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from chassis.auth.roles import Roles
from chassis.auth.tokens import TokenVerifier
from chassis.db.database import Database
from chassis.deadline import Deadline
from chassis.http.app import create_http_app
from chassis.messaging.clients import create_broker, create_producer
from chassis.messaging.consuming.dead_letters import DeadLetters
from chassis.messaging.consuming.runner import Consuming
from chassis.messaging.outbox import Outbox
from chassis.messaging.publisher import Publisher
from chassis.messaging.relay import OutboxRelay
from chassis.periodic import Rounds
from chassis.telemetry.metrics import JwksMetrics, OutboxMetrics, RelayMetrics, SubscriberMetrics
from fastapi import FastAPI

from results_api.commands.record_events import RecordEvents
from results_api.consumers import GROUP, consume
from results_api.http import analyses, updates
from results_api.http.responses import Presenter
from results_api.http.services import Services
from results_api.live_updates import LiveUpdates
from results_api.metrics import AnalysisDurations
from results_api.queries.read_analysis import ReadAnalysis
from results_api.request_api_client import RequestsClient
from results_api.settings import Settings
from results_api.storage import Repository
from results_api.storage.tables import OUTBOX
from results_api.storage.tables import outbox as outbox_table

# How old a number may be when Prometheus asks, which it does every 15 s or so.
METRICS_SECONDS = 5


def create_app(settings: Settings) -> FastAPI:
    """The application; nothing connects to anything before its lifespan begins."""
    address, security = settings.database_address(), settings.kafka_security()
    database = Database(
        address=address, pool_size=settings.database_pool_size, application_name="results-api"
    )
    repository = Repository()
    outbox = Outbox(table=outbox_table)
    durations = AnalysisDurations()

    new_producer = partial(
        create_producer, bootstrap_servers=settings.kafka_bootstrap_servers, security=security
    )
    broker = create_broker(
        bootstrap_servers=settings.kafka_bootstrap_servers,
        security=security,
        client_id="results-api",
        drain_seconds=settings.drain_seconds,
    )
    subscriber = consume(
        broker,
        record_events=RecordEvents(
            database=database, repository=repository, outbox=outbox, durations=durations
        ),
        dead_letters=DeadLetters(
            group_id=GROUP, create_producer=partial(new_producer, client_id="results-api-dead-letters")
        ),
    )
    consuming = Consuming(broker=broker, subscriber=subscriber)
    relay = OutboxRelay(
        address=address,
        table=OUTBOX,
        publisher=Publisher(create_producer=partial(new_producer, client_id="results-api-relay")),
    )

    live = LiveUpdates(
        address=address,
        in_all=settings.live_streams,
        per_user=settings.live_streams_per_user,
        # Most of the pool is for callers who wait for an answer.
        reads=settings.database_pool_size // 4 or 1,
    )

    verifier = TokenVerifier(settings)
    outbox_metrics = OutboxMetrics(database=database, table=outbox_table)
    outbox_look = Rounds(name="look at the outbox", act=outbox_metrics.look, seconds=METRICS_SECONDS)

    lag_look = Rounds(name="look at the lag", act=subscriber.lag.look, seconds=METRICS_SECONDS)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        requests = RequestsClient(base_url=str(settings.request_api_url))
        app.state.verifier = verifier
        app.state.roles = Roles(database=database)
        app.state.services = Services(
            database=database,
            repository=repository,
            live=live,
            read_analysis=ReadAnalysis(database=database, repository=repository, requests=requests),
            presenter=Presenter(failed_word=settings.failed_word),
        )
        live.start()
        consuming.start()
        relay.start()
        outbox_look.start()
        lag_look.start()
        try:
            yield
        finally:
            deadline = Deadline(seconds=settings.drain_seconds)
            await consuming.stop(deadline=deadline)
            await relay.stop(deadline=deadline)
            await live.stop()
            await requests.close()
            await outbox_look.stop()
            await lag_look.stop()
            await database.close()

    return create_http_app(
        title="Resume Review: results",
        version="1.0.0",
        lifespan=lifespan,
        # Kafka's absence is no reason to stop answering: what is known stays readable.
        checks={"consumer": consuming.check_alive, "relay": relay.check},
        shared_checks={"database": database.check, "progress": consuming.check_progress},
        collectors=[
            SubscriberMetrics(subscriber),
            outbox_metrics,
            RelayMetrics(relay),
            JwksMetrics(verifier),
            durations,
        ],
        routers=(analyses.router, updates.router),
    )
