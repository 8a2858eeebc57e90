"""The only place where request-api is wired together."""

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
from documents.reader import DocumentReader
from fastapi import FastAPI

from request_api.commands.cancel_analysis import CancelAnalysis
from request_api.commands.cancel_upload import CancelUpload
from request_api.commands.copy_statuses import CopyStatuses
from request_api.commands.create_candidate import CreateCandidate
from request_api.commands.delete_resume import DeleteResume
from request_api.commands.expire_analysis import ExpireAnalysis
from request_api.commands.reemit_analysis import ReemitAnalysis
from request_api.commands.submit_analysis import SubmitAnalysis
from request_api.commands.upload_resume import UploadResume
from request_api.commands.watch_analyses import WatchAnalyses
from request_api.consumers import GROUP, consume
from request_api.http import analyses, candidates, uploads
from request_api.http.receiving import Uploads
from request_api.http.services import Services
from request_api.installation import Installation
from request_api.metrics import PendingMetrics, accepted_counter
from request_api.settings import Settings
from request_api.storage import Repository
from request_api.storage.tables import OUTBOX
from request_api.storage.tables import outbox as outbox_table

# How old a number may be when Prometheus asks, which it does every 15 s or so.
METRICS_SECONDS = 5
# Nothing beside what it waits for, which is half an hour; and two index scans are nothing to the database.
WATCH_SECONDS = 3


def create_app(settings: Settings) -> FastAPI:
    """The application; nothing connects to anything before its lifespan begins."""
    address, security = settings.database_address(), settings.kafka_security()
    database = Database(
        address=address, pool_size=settings.database_pool_size, application_name="request-api"
    )
    repository = Repository()
    outbox = Outbox(table=outbox_table)

    new_producer = partial(
        create_producer, bootstrap_servers=settings.kafka_bootstrap_servers, security=security
    )
    broker = create_broker(
        bootstrap_servers=settings.kafka_bootstrap_servers,
        security=security,
        client_id="request-api",
        drain_seconds=settings.drain_seconds,
    )
    subscriber = consume(
        broker,
        copy_statuses=CopyStatuses(database=database, repository=repository),
        dead_letters=DeadLetters(
            group_id=GROUP, create_producer=partial(new_producer, client_id="request-api-dead-letters")
        ),
    )
    consuming = Consuming(broker=broker, subscriber=subscriber)
    relay = OutboxRelay(
        address=address,
        table=OUTBOX,
        publisher=Publisher(create_producer=partial(new_producer, client_id="request-api-relay")),
    )

    watch = WatchAnalyses(
        database=database,
        repository=repository,
        reemit=ReemitAnalysis(database=database, repository=repository, outbox=outbox),
        expire=ExpireAnalysis(database=database, repository=repository, outbox=outbox),
        patience=settings.patience(),
    )
    watchdog = Rounds(name="watchdog", act=watch, seconds=WATCH_SECONDS)
    verifier = TokenVerifier(settings)
    accepted = accepted_counter()
    outbox_metrics = OutboxMetrics(database=database, table=outbox_table)
    outbox_look = Rounds(name="look at the outbox", act=outbox_metrics.look, seconds=METRICS_SECONDS)

    lag_look = Rounds(name="look at the lag", act=subscriber.lag.look, seconds=METRICS_SECONDS)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.verifier = verifier
        app.state.roles = Roles(database=database)
        app.state.uploads = Uploads(
            in_all=settings.uploads, per_user=settings.uploads_per_user, seconds=settings.upload_seconds
        )
        app.state.services = Services(
            database=database,
            repository=repository,
            settings=settings,
            create_candidate=CreateCandidate(database=database, repository=repository),
            upload_resume=UploadResume(
                database=database,
                repository=repository,
                reader=DocumentReader(concurrency=settings.document_readers),
            ),
            cancel_upload=CancelUpload(database=database, repository=repository),
            delete_resume=DeleteResume(database=database, repository=repository, outbox=outbox),
            submit_analysis=SubmitAnalysis(
                database=database,
                repository=repository,
                outbox=outbox,
                installation=Installation(
                    database=database,
                    repository=repository,
                    report_language=settings.report_language,
                ),
                daily_limit=settings.max_analyses_per_day,
                accepted=accepted,
            ),
            cancel_analysis=CancelAnalysis(database=database, repository=repository, outbox=outbox),
        )
        consuming.start()
        relay.start()
        outbox_look.start()
        lag_look.start()
        watchdog.start()
        try:
            yield
        finally:
            deadline = Deadline(seconds=settings.drain_seconds)
            await watchdog.stop()
            await consuming.stop(deadline=deadline)
            await relay.stop(deadline=deadline)
            await outbox_look.stop()
            await lag_look.stop()
            await database.close()

    return create_http_app(
        title="Resume Review: requests",
        version="1.0.0",
        lifespan=lifespan,
        # Kafka's absence is no reason to turn requests away: the outbox keeps their events.
        checks={"consumer": consuming.check_alive, "relay": relay.check, "watchdog": watchdog.check},
        shared_checks={"database": database.check, "progress": consuming.check_progress},
        collectors=[
            SubscriberMetrics(subscriber),
            outbox_metrics,
            RelayMetrics(relay),
            JwksMetrics(verifier),
            PendingMetrics(watch),
            accepted,
        ],
        routers=(analyses.router, analyses.open_router, uploads.router, candidates.router),
    )
