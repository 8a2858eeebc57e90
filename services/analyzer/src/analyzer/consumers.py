"""What the analyzer reads of Kafka: the requests, once to work on them and once for what ends an analysis."""

from chassis.db import DatabaseAway
from chassis.kafka.clients import LEAVING_SECONDS
from chassis.kafka.concurrent import ConcurrentSubscriber
from chassis.kafka.dead_letters import DeadLetters
from chassis.kafka.raw import keep_raw, keep_whole
from chassis.kafka.retry import RetryPolicy
from contracts.topics import ANALYSIS_REQUESTS
from faststream.kafka import KafkaBroker, KafkaMessage

from analyzer.handle import HandleRequest
from analyzer.jobs import Jobs
from analyzer.pool import NoWorkers
from analyzer.requests import Request, ended_by, read_request
from analyzer.settings import Settings

GROUP = "analyzer"


def consume(
    broker: KafkaBroker, settings: Settings, *, handle: HandleRequest, jobs: Jobs, dead_letters: DeadLetters
) -> ConcurrentSubscriber[Request]:
    """Analyze what the group gives this process; what cannot be read or handled goes to the dead letters."""

    # Without a group: of all partitions, from now on. An end must not wait behind other analyses.
    @broker.subscriber(
        ANALYSIS_REQUESTS,
        batch=True,
        batch_timeout_ms=100,
        auto_offset_reset="latest",
        parser=keep_raw,
        decoder=keep_whole,
        no_reply=True,
    )
    async def end(message: KafkaMessage) -> None:
        for raw in message.raw_message:
            if (analysis_id := ended_by(raw)) is not None:
                jobs.end(analysis_id)

    return ConcurrentSubscriber(
        broker,
        ANALYSIS_REQUESTS,
        group_id=GROUP,
        decode=read_request,
        handle=handle,
        work=jobs,
        # As many again wait for a slot, so that none of them waits for Kafka.
        places=2 * settings.concurrency,
        drain_seconds=settings.stop_seconds - LEAVING_SECONDS,
        dead_letters=dead_letters,
        retry=RetryPolicy(transient=(DatabaseAway, NoWorkers)),
    )
