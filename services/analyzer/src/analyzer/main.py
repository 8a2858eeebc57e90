"""Composition root of the analyzer: everything that it is made of."""

from functools import partial

from chassis.components import Components
from chassis.composition import add_consumer, create_publisher
from chassis.db.database import Database
from chassis.http.app import create_http_app
from chassis.telemetry.logs import get_logger
from fastapi import FastAPI

from analyzer.advisor import create_advisor
from analyzer.consumers import GROUP, consume
from analyzer.llm.client.response_cache import RememberAnswers
from analyzer.pipeline.analyze import AnalyzeResume
from analyzer.pipeline.erase import EraseAnswers
from analyzer.pipeline.handle import HandleRequest
from analyzer.pipeline.jobs import Jobs
from analyzer.pipeline.pool import WorkerPool
from analyzer.pipeline.publish import PublishEvent
from analyzer.settings import Settings
from analyzer.storage.repository import Repository

log = get_logger(__name__)


def create_app(settings: Settings) -> FastAPI:
    """Create the application, which serves only its health and metrics over HTTP."""
    for warning in settings.warnings:
        log.warning(warning)
    components = Components(stop_seconds=settings.stop_seconds)

    memory = erase = None
    if address := settings.database_address():
        database = Database(
            address=address, pool_size=settings.database_pool_size, application_name="analyzer"
        )
        # Without a check: while the database is unavailable, only the cache of responses is missing.
        components.add(stop=database.close)
        repository = Repository()
        memory = RememberAnswers(database=database, repository=repository, days=settings.model_cache_days)
        erase = EraseAnswers(database=database, repository=repository)

    pool = WorkerPool(size=settings.workers)
    advise = create_advisor(settings, run=pool, memory=memory)
    if advise:
        components.add(stop=advise.close, collectors=[advise.telemetry])
    publisher = create_publisher(settings, client_id="analyzer")
    components.add(stop=publisher.stop)
    components.add(start=pool.start, stop=pool.stop, checks={"workers": pool.check}, collectors=[pool])

    analyze = AnalyzeResume(
        publish=PublishEvent(publisher=publisher),
        run=pool,
        seconds=settings.analysis_seconds,
        started_after_seconds=settings.started_after_seconds,
        advise=advise,
    )
    handle = HandleRequest(analyze=analyze, erase=erase, jobs=Jobs(slots=settings.concurrency))
    add_consumer(
        components,
        settings,
        subscribe=partial(consume, handle=handle),
        service=GROUP,
        drain_seconds=settings.stop_seconds,
        serves_without_kafka=False,
    )
    return create_http_app(title="Resume Review: analyzer", version="1.0.0", components=components)
