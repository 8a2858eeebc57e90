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
from openai import AsyncOpenAI, Timeout

from analyzer.analyze import AnalyzeResume
from analyzer.handlers.events import GROUP, request_handler
from analyzer.model.advise import AdviseByModel, Prices
from analyzer.model.ask import AskModel
from analyzer.model.breaker import Breaker
from analyzer.model.client import ModelClient
from analyzer.model.prompt import load_prompt
from analyzer.model.settings import ModelSettings
from analyzer.publish import PublishEvent
from analyzer.scoring import load_rubric
from analyzer.settings import Settings

# Said here, so that nothing but the settings decides where resumes are sent.
OPENAI_URL = "https://api.openai.com/v1"


def create_app(settings: Settings) -> FastAPI:
    """The application; over HTTP it serves its health alone."""
    security = settings.kafka_security()
    publisher = Publisher(
        create_producer=partial(
            create_producer,
            bootstrap_servers=settings.kafka_bootstrap_servers,
            security=security,
            client_id="analyzer",
        )
    )
    broker = create_broker(
        bootstrap_servers=settings.kafka_bootstrap_servers,
        security=security,
        client_id="analyzer",
        drain_seconds=settings.drain_seconds,
    )
    advise = create_advisor(settings)
    subscriber = parallel_subscriber(
        broker,
        ANALYSIS_REQUESTS,
        group_id=GROUP,
        handler=request_handler(
            AnalyzeResume(publish=PublishEvent(publisher=publisher), rubric=load_rubric(), advise=advise)
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
            if advise:
                await advise.close()

    return create_http_app(
        title="Resume Review: analyzer",
        version="1.0.0",
        lifespan=lifespan,
        checks={"consumer": consuming.check},
    )


def create_advisor(settings: ModelSettings) -> AdviseByModel | None:
    """What asks the model; None without a key."""
    if settings.openai_api_key is None:
        return None
    prices = None
    if settings.model_input_price is not None and settings.model_output_price is not None:
        prices = Prices(input=settings.model_input_price, output=settings.model_output_price)
    client = AsyncOpenAI(
        api_key=settings.openai_api_key.get_secret_value(),
        base_url=str(settings.openai_base_url) if settings.openai_base_url else OPENAI_URL,
        timeout=Timeout(settings.model_request_seconds, connect=settings.model_connect_seconds),
        max_retries=0,
    )
    return AdviseByModel(
        ask=AskModel(
            client=ModelClient(
                client=client,
                breaker=Breaker(
                    failures=settings.model_breaker_failures, seconds=settings.model_breaker_seconds
                ),
                attempts=settings.model_attempts,
                request_seconds=settings.model_request_seconds,
            ),
            model=settings.model,
            output_tokens=settings.model_output_tokens,
        ),
        prompt=load_prompt(),
        budget_seconds=settings.model_budget_seconds,
        prices=prices,
    )
