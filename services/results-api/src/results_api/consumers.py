"""Kafka consumers of results-api: it reads both private topics."""

from chassis.db.database import DatabaseUnavailable
from chassis.messaging.consuming.batches import BatchSubscriber
from chassis.messaging.consuming.dead_letters import DeadLetters
from chassis.messaging.consuming.retry import RetryPolicy
from contracts.topics import ANALYSIS_REQUESTS, ANALYSIS_RESULTS
from faststream.kafka import KafkaBroker

from results_api.commands.record_events import RecordEvents
from results_api.events import ReceivedEvent, read_event

GROUP = "results-api"


def consume(
    broker: KafkaBroker, *, record_events: RecordEvents, dead_letters: DeadLetters
) -> BatchSubscriber[ReceivedEvent]:
    """Subscribe to the private topics. Each batch is recorded in one transaction.

    While the database is unavailable, the batch is retried. A record that cannot be decoded, or that fails
    for another reason when it is applied alone, becomes a dead letter.
    """
    return BatchSubscriber(
        broker,
        *(ANALYSIS_REQUESTS, ANALYSIS_RESULTS),
        group_id=GROUP,
        decode=read_event,
        apply=record_events,
        dead_letters=dead_letters,
        retry=RetryPolicy(transient=(DatabaseUnavailable,)),
    )
