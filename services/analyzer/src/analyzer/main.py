"""The only place where the analyzer is wired together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from chassis.deadline import Deadline
from chassis.http import create_http_app
from chassis.kafka.clients import create_broker, create_producer
from chassis.kafka.consuming import Consuming
from chassis.kafka.publisher import Publisher
from chassis.kafka.subscriber import parallel_subscriber
from contracts.topics import ANALYSIS_REQUESTS
from fastapi import FastAPI

from analyzer.analyze import AnalyzeResume
from analyzer.handlers.events import GROUP, request_handler
from analyzer.publish import PublishEvent
from analyzer.scoring import load_rubric
from analyzer.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """The application; over HTTP it serves its health alone."""
    publisher = Publisher(
        create_producer=partial(
            create_producer,
            bootstrap_servers=settings.kafka_bootstrap_servers,
            client_id="analyzer",
        )
    )
    broker = create_broker(
        bootstrap_servers=settings.kafka_bootstrap_servers,
        client_id="analyzer",
        drain_seconds=settings.drain_seconds,
    )
    subscriber = parallel_subscriber(
        broker,
        ANALYSIS_REQUESTS,
        group_id=GROUP,
        handler=request_handler(
            AnalyzeResume(publish=PublishEvent(publisher=publisher), rubric=load_rubric())
        ),
        concurrency=settings.concurrency,
    )
    consuming = Consuming(broker=broker, subscriber=subscriber)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        consuming.start()
        try:
            yield
        finally:
            deadline = Deadline(seconds=settings.drain_seconds)
            await consuming.stop(deadline=deadline)
            await publisher.stop()

    return create_http_app(
        title="Resume Review: analyzer",
        version="1.0.0",
        lifespan=lifespan,
        checks={"consumer": consuming.check},
    )
