"""The consumer of request-api: it reads the statuses of analyses and matches."""

from chassis.db.database import DatabaseUnavailable
from chassis.messaging.consuming.batches import BatchSubscriber
from chassis.messaging.consuming.dead_letters import DeadLetters
from chassis.messaging.consuming.retry import RetryPolicy
from contracts.topics import ANALYSIS_EVENTS
from faststream.kafka import KafkaBroker

from request_api.commands.copy_statuses import CopyStatuses
from request_api.events import AnyPublicEvent, read_event

GROUP = "request-api"


def consume(
    broker: KafkaBroker, *, copy_statuses: CopyStatuses, dead_letters: DeadLetters
) -> BatchSubscriber[AnyPublicEvent]:
    """Subscribe to public events, and copy the statuses of a batch, those of each kind in one statement.

    A batch waits while the database is unavailable. Events that cannot be decoded, or that fail for another
    reason, go to the dead letter queue.
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
