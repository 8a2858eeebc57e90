"""Kafka topics that request-api reads: the public one, for the statuses of analyses."""

from chassis.db.database import DatabaseUnavailable
from chassis.messaging.consuming.batches import BatchSubscriber
from chassis.messaging.consuming.dead_letters import DeadLetters
from chassis.messaging.consuming.retry import RetryPolicy
from contracts.events import PublicEvent
from contracts.topics import ANALYSIS_EVENTS
from faststream.kafka import KafkaBroker

from request_api.commands.copy_statuses import CopyStatuses
from request_api.events import read_event

GROUP = "request-api"


def consume(
    broker: KafkaBroker, *, copy_statuses: CopyStatuses, dead_letters: DeadLetters
) -> BatchSubscriber[PublicEvent]:
    """Copy the statuses of a batch by one statement.

    While the database is away a batch waits. What cannot be read, or fails alone for another reason, goes to
    the dead letters.
    """
    return BatchSubscriber(
        broker,
        ANALYSIS_EVENTS,
        group_id=GROUP,
        decode=read_event,
        apply=copy_statuses,
        dead_letters=dead_letters,
        retry=RetryPolicy(transient=(DatabaseUnavailable,)),
    )
