"""The only place where the analyzer is wired together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from chassis.db.database import Database
from chassis.deadline import Deadline
from chassis.http.app import create_http_app
from chassis.http.client import bounded_client
from chassis.messaging.clients import create_broker, create_producer
from chassis.messaging.consuming.dead_letters import DeadLetters
from chassis.messaging.consuming.runner import Consuming
from chassis.messaging.publisher import Publisher
from chassis.periodic import Rounds
from chassis.telemetry.logs import get_logger
from chassis.telemetry.metrics import SubscriberMetrics
from fastapi import FastAPI
from openai import AsyncOpenAI, Timeout

from analyzer.consumers import GROUP, consume
from analyzer.llm.client.ask import AskModel
from analyzer.llm.client.breaker import Breaker
from analyzer.llm.client.model_client import ModelClient
from analyzer.llm.client.response_cache import RememberAnswers
from analyzer.llm.client.settings import ModelSettings
from analyzer.llm.client.telemetry import ModelTelemetry, Prices
from analyzer.llm.consult import ConsultModel, Memory
from analyzer.llm.prompting.answered import Reason
from analyzer.llm.prompting.prompt import load_prompt
from analyzer.pipeline.advise import AdviseByModel
from analyzer.pipeline.analyze import AnalyzeResume
from analyzer.pipeline.erase import EraseAnswers
from analyzer.pipeline.handle import HandleRequest
from analyzer.pipeline.jobs import Jobs
from analyzer.pipeline.pool import RunStep, WorkerPool
from analyzer.pipeline.publish import PublishEvent
from analyzer.settings import Settings
from analyzer.storage.repository import Repository

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
