"""Composition root of results-api: everything that it is made of."""

from functools import partial

from chassis.auth.metrics import JwksMetrics
from chassis.auth.roles import RoleLookup
from chassis.auth.tokens import TokenVerifier
from chassis.components import Components
from chassis.composition import add_consumer, add_database, add_outbox_relay
from chassis.http.app import create_http_app
from fastapi import FastAPI

from results_api.commands.record_events import RecordEvents
from results_api.commands.record_matches import RecordMatches
from results_api.consumers import GROUP, consume
from results_api.events import create_outbox
from results_api.http import analyses, live_updates, report
from results_api.http.console import console_router
from results_api.http.examples import EXAMPLES
from results_api.http.lists import routes as lists
from results_api.http.matches import live_updates as match_updates
from results_api.http.matches import routes as matches
from results_api.http.services import create_services
from results_api.metrics import AnalysisDurations
from results_api.request_api_client import RequestApiClient
from results_api.settings import Settings
from results_api.storage import Repository
from results_api.storage.change_listener import ChangeListener
from results_api.storage.tables import outbox as outbox_table


def create_app(settings: Settings) -> FastAPI:
    """Create the application; nothing connects before it starts."""
    components = Components(stop_seconds=settings.drain_seconds)
    database = add_database(components, settings, service="results-api")
    repository = Repository()

    verifier = TokenVerifier(settings)
    components.add(shared_checks={"tokens": verifier.check}, collectors=[JwksMetrics(verifier)])
    request_api = RequestApiClient(base_url=str(settings.request_api_url))
    components.add(stop=request_api.close)
    changes = ChangeListener(address=database.address)
    components.add(start=changes.start, stop=changes.stop)
    add_outbox_relay(components, settings, database=database, table=outbox_table, service="results-api")

    durations = AnalysisDurations()
    components.add(collectors=[durations])
    outbox = create_outbox()
    record_events = RecordEvents(database=database, repository=repository, outbox=outbox, durations=durations)
    record_matches = RecordMatches(database=database, repository=repository, outbox=outbox)
    add_consumer(
        components,
        settings,
        subscribe=partial(consume, record_events=record_events, record_matches=record_matches),
        service=GROUP,
        drain_seconds=settings.drain_seconds,
        serves_without_kafka=True,
    )

    app = create_http_app(
        title="Resume Review: results",
        version="1.0.0",
        components=components,
        routers=(
            analyses.router,
            lists.router,
            live_updates.router,
            report.router,
            # Before the route of a match, whose id its path would otherwise be.
            match_updates.router,
            matches.router,
            console_router(),
        ),
        examples=EXAMPLES,
    )
    app.state.verifier, app.state.roles = verifier, RoleLookup(database=database)
    app.state.services = create_services(
        settings, database=database, repository=repository, request_api=request_api, changes=changes
    )
    return app
