"""Kafka topics that results-api reads: both private ones, for all that happens to analyses."""

from chassis.db.database import DatabaseUnavailable
from chassis.messaging.consuming.batches import BatchSubscriber
from chassis.messaging.consuming.dead_letters import DeadLetters
from chassis.messaging.consuming.retry import RetryPolicy
from contracts.topics import ANALYSIS_REQUESTS, ANALYSIS_RESULTS
from faststream.kafka import KafkaBroker

from results_api.commands.record_events import RecordEvents
from results_api.events import Heard, read_event

GROUP = "results-api"


def consume(
    broker: KafkaBroker, *, record_events: RecordEvents, dead_letters: DeadLetters
) -> BatchSubscriber[Heard]:
    """Record the events of a batch in one transaction.

    While the database is away a batch waits. What cannot be read, or fails alone for another reason, goes to
    the dead letters.
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
