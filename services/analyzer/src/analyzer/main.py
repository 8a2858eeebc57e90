"""Composition root of the analyzer: everything that it is made of."""

from functools import partial

from chassis.components import Components
from chassis.composition import add_consumer, create_publisher
from chassis.db.database import Database
from chassis.http.app import create_http_app
from chassis.telemetry.logs import get_logger
from fastapi import FastAPI

from analyzer.consumers import GROUP, consume
from analyzer.llm.client.response_cache import ResponseCache
from analyzer.llm.create import create_model
from analyzer.pipeline.active_work import ActiveWork
from analyzer.pipeline.analyze_resume import AnalyzeResume
from analyzer.pipeline.erase_responses import EraseResponses
from analyzer.pipeline.handle_event import HandleEvent
from analyzer.pipeline.match_resume import MatchResume
from analyzer.pipeline.publish_event import PublishEvent
from analyzer.pipeline.score_with_model import ScoreWithModel
from analyzer.pipeline.worker_pool import WorkerPool
from analyzer.settings import Settings
from analyzer.storage.cached_responses import CachedResponses

log = get_logger(__name__)


def create_app(settings: Settings) -> FastAPI:
    """Create the application, which serves only its health and metrics over HTTP."""
    for warning in settings.warnings:
        log.warning(warning)
    components = Components(stop_seconds=settings.stop_seconds)

    cache = erase = None
    if address := settings.database_address():
        database = Database(
            address=address, pool_size=settings.database_pool_size, application_name="analyzer"
        )
        # Without a check: while the database is unavailable, only the cache of responses is missing.
        components.add(stop=database.close)
        responses = CachedResponses()
        cache = ResponseCache(database=database, responses=responses, days=settings.model_cache_days)
        erase = EraseResponses(database=database, responses=responses)

    pool = WorkerPool(size=settings.workers)
    score_with_model = None
    if model := create_model(settings, cache=cache):
        components.add(stop=model.close, collectors=[model.telemetry])
        score_with_model = ScoreWithModel(run=pool, ask=model)
    publisher = create_publisher(settings, client_id="analyzer")
    components.add(stop=publisher.stop)
    components.add(start=pool.start, stop=pool.stop, checks={"workers": pool.check}, collectors=[pool])

    publish = PublishEvent(publisher=publisher)
    analyze = AnalyzeResume(
        publish=publish,
        run=pool,
        seconds=settings.analysis_seconds,
        started_after_seconds=settings.started_after_seconds,
        score_with_model=score_with_model,
    )
    match = MatchResume(publish=publish, run=pool, seconds=settings.match_seconds)
    work = ActiveWork(slots=settings.concurrency, calls=model.client.slots if model else None)
    handle = HandleEvent(analyze=analyze, match=match, erase=erase, work=work)
    add_consumer(
        components,
        settings,
        subscribe=partial(consume, handle=handle, stuck_after_seconds=settings.stuck_after_seconds),
        service=GROUP,
        drain_seconds=settings.stop_seconds,
        serves_without_kafka=False,
    )
    return create_http_app(title="Resume Review: analyzer", version="1.0.0", components=components)
