"""The only place where the analyzer is wired together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from chassis.db import Database
from chassis.deadline import Deadline
from chassis.http import create_http_app
from chassis.http_client import bounded_client
from chassis.kafka.clients import create_broker, create_producer
from chassis.kafka.consuming import Consuming
from chassis.kafka.dead_letters import DeadLetters
from chassis.kafka.publisher import Publisher
from chassis.logs import get_logger
from chassis.metrics import SubscriberMetrics
from chassis.rounds import Rounds
from fastapi import FastAPI
from openai import AsyncOpenAI, Timeout

from analyzer.analyze import AnalyzeResume
from analyzer.consumers import GROUP, consume
from analyzer.erase import EraseAnswers
from analyzer.handle import HandleRequest
from analyzer.jobs import Jobs
from analyzer.model.advise import AdviseByModel
from analyzer.model.answered import Reason
from analyzer.model.ask import AskModel
from analyzer.model.breaker import Breaker
from analyzer.model.client import ModelClient
from analyzer.model.consult import ConsultModel, Memory
from analyzer.model.prompt import load_prompt
from analyzer.model.remember import RememberAnswers
from analyzer.model.settings import ModelSettings
from analyzer.model.telemetry import ModelTelemetry, Prices
from analyzer.pool import RunStep, WorkerPool
from analyzer.publish import PublishEvent
from analyzer.repository import Repository
from analyzer.settings import Settings

log = get_logger(__name__)

# How old a number may be when Prometheus asks, which it does every 15 s or so.
METRICS_SECONDS = 5
# Said here, so that nothing but the settings decides where resumes are sent.
OPENAI_URL = "https://api.openai.com/v1"


def create_app(settings: Settings) -> FastAPI:
    """The application; over HTTP it serves its health and metrics alone."""
    security = settings.kafka_security()
    new_producer = partial(
        create_producer, bootstrap_servers=settings.kafka_bootstrap_servers, security=security
    )
    publisher = Publisher(create_producer=partial(new_producer, client_id="analyzer"))
    broker = create_broker(
        bootstrap_servers=settings.kafka_bootstrap_servers,
        security=security,
        client_id="analyzer",
        drain_seconds=settings.stop_seconds,
    )
    database = create_database(settings)
    repository = Repository()
    memory = erase = None
    if database:
        memory = RememberAnswers(database=database, repository=repository, days=settings.model_cache_days)
        erase = EraseAnswers(database=database, repository=repository)
    pool = WorkerPool(size=settings.workers)
    advise = create_advisor(settings, run=pool, memory=memory)
    analyze = AnalyzeResume(
        publish=PublishEvent(publisher=publisher),
        run=pool,
        seconds=settings.analysis_seconds,
        started_after_seconds=settings.started_after_seconds,
        advise=advise,
    )
    subscriber = consume(
        broker,
        handle=HandleRequest(analyze=analyze, erase=erase, jobs=Jobs(slots=settings.concurrency)),
        dead_letters=DeadLetters(
            group_id=GROUP, create_producer=partial(new_producer, client_id="analyzer-dead-letters")
        ),
    )
    consuming = Consuming(broker=broker, subscriber=subscriber)
    lag_look = Rounds(name="look at the lag", act=subscriber.lag.look, seconds=METRICS_SECONDS)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        for warning in settings.warnings:
            log.warning(warning)
        await pool.start()
        consuming.start()
        lag_look.start()
        try:
            yield
        finally:
            deadline = Deadline(seconds=settings.stop_seconds)
            await consuming.stop(deadline=deadline)
            await pool.stop()
            await lag_look.stop()
            await publisher.stop()
            if advise:
                await advise.close()
            if database:
                await database.close()

    return create_http_app(
        title="Resume Review: analyzer",
        version="1.0.0",
        lifespan=lifespan,
        # Not the database: without it answers are not remembered, and everything else is done.
        checks={"consumer": consuming.check, "workers": pool.check},
        collectors=[SubscriberMetrics(subscriber), pool, *([advise.telemetry] if advise else [])],
    )


def create_database(settings: Settings) -> Database | None:
    """Where the model's answers are remembered; None without an address."""
    address = settings.database_address()
    if address is None:
        return None
    return Database(address=address, pool_size=settings.database_pool_size, application_name="analyzer")


def create_advisor(
    settings: ModelSettings, *, run: RunStep, memory: Memory | None = None
) -> AdviseByModel | None:
    """What asks the model; None without a key."""
    if settings.openai_api_key is None:
        return None
    prices = None
    if settings.model_input_price is not None and settings.model_output_price is not None:
        prices = Prices(input=settings.model_input_price, output=settings.model_output_price)
    url = str(settings.openai_base_url) if settings.openai_base_url else OPENAI_URL
    breaker = Breaker(failures=settings.model_breaker_failures, seconds=settings.model_breaker_seconds)
    telemetry = ModelTelemetry(
        url=url, model=settings.model, breaker=breaker, reasons=tuple(Reason), prices=prices
    )
    timeout = Timeout(settings.model_request_seconds, connect=settings.model_connect_seconds)
    client = ModelClient(
        client=AsyncOpenAI(
            api_key=settings.openai_api_key.get_secret_value(),
            base_url=url,
            timeout=timeout,
            max_retries=0,
            http_client=bounded_client(
                max_answer_bytes=settings.max_answer_bytes,
                timeout=timeout,
                # As the library has by default: no call waits for another's connection.
                max_connections=1000,
            ),
        ),
        breaker=breaker,
        telemetry=telemetry,
        attempts=settings.model_attempts,
        request_seconds=settings.model_request_seconds,
    )
    ask = AskModel(
        client=client,
        telemetry=telemetry,
        url=url,
        model=settings.model,
        output_tokens=settings.model_output_tokens,
    )
    return AdviseByModel(
        run=run,
        consult=ConsultModel(ask=ask, memory=memory),
        prompt=load_prompt(),
        telemetry=telemetry,
        budget_seconds=settings.model_budget_seconds,
        prices=prices,
    )
