"""Kafka topics that the analyzer reads: requests, to work on them and to end analyses."""

from chassis.db.database import DatabaseUnavailable
from chassis.messaging.consuming.concurrent import ConcurrentSubscriber
from chassis.messaging.consuming.dead_letters import DeadLetters
from chassis.messaging.consuming.retry import RetryPolicy
from chassis.messaging.consuming.undecoded import subscribe_to_every_record
from contracts.topics import ANALYSIS_REQUESTS
from faststream.kafka import KafkaBroker

from analyzer.events import Request, read_request
from analyzer.pipeline.handle import HandleRequest
from analyzer.pipeline.pool import NoWorkers

GROUP = "analyzer"


def consume(
    broker: KafkaBroker, *, handle: HandleRequest, dead_letters: DeadLetters
) -> ConcurrentSubscriber[Request]:
    """Handle what the group gives this process; what cannot be read or handled goes to the dead letters."""
    # Of all partitions, as an end must not wait behind other analyses.
    subscribe_to_every_record(broker, ANALYSIS_REQUESTS, handle.end)
    return ConcurrentSubscriber(
        broker,
        ANALYSIS_REQUESTS,
        group_id=GROUP,
        decode=read_request,
        handle=handle,
        work=handle.jobs,
        # As many again wait for a slot, so that no slot waits for Kafka.
        places=2 * handle.jobs.slots,
        dead_letters=dead_letters,
        retry=RetryPolicy(transient=(DatabaseUnavailable, NoWorkers)),
    )
