"""Composition root of request-api: everything that it is made of."""

from functools import partial

from chassis.auth.metrics import JwksMetrics
from chassis.auth.roles import RoleLookup
from chassis.auth.tokens import TokenVerifier
from chassis.components import Components
from chassis.composition import add_consumer, add_database, add_outbox_relay
from chassis.http.app import create_http_app
from chassis.periodic import PeriodicTask
from fastapi import FastAPI

from request_api.commands.copy_statuses import CopyStatuses
from request_api.commands.expire_analysis import ExpireAnalysis
from request_api.commands.jobs.extraction import ExtractRequirements
from request_api.commands.matches.emit_match_again import EmitMatchAgain
from request_api.commands.matches.erase_matches import EraseMatches
from request_api.commands.reemit_analysis import ReemitAnalysis
from request_api.commands.watch_analyses import WatchAnalyses
from request_api.consumers import GROUP, consume
from request_api.events import create_outbox
from request_api.http import analyses, candidates, exports, jobs, matches, uploads
from request_api.http.examples import EXAMPLES
from request_api.http.receiving import Uploads
from request_api.http.services import create_services
from request_api.metrics import PendingMetrics, accepted_counter
from request_api.settings import Settings
from request_api.storage import Repository
from request_api.storage.tables import outbox as outbox_table

# Short beside the half hour that it waits for; two index scans cost the database nothing.
WATCH_SECONDS = 3


def create_app(settings: Settings) -> FastAPI:
    """Create the application; nothing connects before it starts."""
    components = Components(stop_seconds=settings.drain_seconds)
    database = add_database(components, settings, service="request-api")
    repository, outbox = Repository(), create_outbox()

    verifier, accepted = TokenVerifier(settings), accepted_counter()
    components.add(shared_checks={"tokens": verifier.check}, collectors=[JwksMetrics(verifier), accepted])
    add_outbox_relay(components, settings, database=database, table=outbox_table, service="request-api")
    add_consumer(
        components,
        settings,
        subscribe=partial(consume, copy_statuses=CopyStatuses(database=database, repository=repository)),
        service=GROUP,
        drain_seconds=settings.drain_seconds,
        serves_without_kafka=True,
    )
    watch = WatchAnalyses(
        database=database,
        repository=repository,
        reemit=ReemitAnalysis(database=database, repository=repository, outbox=outbox),
        expire=ExpireAnalysis(database=database, repository=repository, outbox=outbox),
        emit_match=EmitMatchAgain(database=database, repository=repository, outbox=outbox),
        erase_matches=EraseMatches(database=database, repository=repository, outbox=outbox),
        policy=settings.watchdog_policy(),
    )
    watchdog = PeriodicTask(name="watchdog", act=watch, seconds=WATCH_SECONDS)
    components.add(
        start=watchdog.start,
        stop=watchdog.stop,
        checks={"watchdog": watchdog.check},
        collectors=[PendingMetrics(watch)],
    )

    app = create_http_app(
        title="Resume Review: requests",
        version="1.0.0",
        components=components,
        routers=(
            analyses.router,
            analyses.open_router,
            uploads.router,
            exports.router,
            candidates.router,
            jobs.router,
            matches.router,
        ),
        examples=EXAMPLES,
    )
    app.state.verifier, app.state.roles = verifier, RoleLookup(database=database)
    app.state.uploads = Uploads(
        in_all=settings.uploads, per_user=settings.uploads_per_user, seconds=settings.upload_seconds
    )
    app.state.exports = exports.export_limit(in_all=settings.exports)
    app.state.services = create_services(
        settings,
        database=database,
        repository=repository,
        outbox=outbox,
        extract=ExtractRequirements(),
        accepted=accepted,
    )
    return app
