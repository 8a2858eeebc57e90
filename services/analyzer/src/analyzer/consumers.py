"""Kafka consumers of the analyzer."""

from chassis.db.database import DatabaseUnavailable
from chassis.messaging.consuming.concurrent import ConcurrentSubscriber
from chassis.messaging.consuming.dead_letters import DeadLetters
from chassis.messaging.consuming.retry import RetryPolicy
from chassis.messaging.consuming.undecoded import subscribe_to_every_record
from contracts.topics import ANALYSIS_REQUESTS
from faststream.kafka import KafkaBroker

from analyzer.events import Request, read_request
from analyzer.pipeline.handle_event import HandleEvent
from analyzer.pipeline.worker_pool import NoWorkers

GROUP = "analyzer"


def consume(
    broker: KafkaBroker, *, handle: HandleEvent, dead_letters: DeadLetters, stuck_after_seconds: float
) -> ConcurrentSubscriber[Request]:
    """Subscribe to requests; records that cannot be decoded or handled become dead letters."""
    # Reads all partitions outside the group, so that a cancellation does not wait behind other work.
    subscribe_to_every_record(broker, ANALYSIS_REQUESTS, handle.end)
    return ConcurrentSubscriber(
        broker,
        ANALYSIS_REQUESTS,
        group_id=GROUP,
        decode=read_request,
        handle=handle,
        jobs=handle.work,
        # Twice the slots, so that a free slot never waits for Kafka.
        max_in_flight=2 * handle.work.slots,
        dead_letters=dead_letters,
        retry=RetryPolicy(transient=(DatabaseUnavailable, NoWorkers)),
        stuck_after_seconds=stuck_after_seconds,
    )
