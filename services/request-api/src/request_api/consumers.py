"""What request-api reads of Kafka: the public topic, for the statuses of analyses."""

from collections.abc import Sequence

from chassis.db import DatabaseAway
from chassis.kafka.batches import BatchSubscriber
from chassis.kafka.dead_letters import DeadLetters
from chassis.kafka.records import PoisonRecord, Record
from chassis.kafka.retry import RetryPolicy
from chassis.trace import name_span
from contracts.envelope import NotOurEvent, decode
from contracts.events import PublicEvent
from contracts.topics import ANALYSIS_EVENTS
from faststream.kafka import KafkaBroker

from request_api.copy_statuses import CopyStatuses

GROUP = "request-api"


def consume(
    broker: KafkaBroker, *, copy_statuses: CopyStatuses, dead_letters: DeadLetters
) -> BatchSubscriber[PublicEvent]:
    """Copy the statuses of a batch by one statement.

    While the database is away a batch waits. What cannot be read, or fails alone for another reason, goes to
    the dead letters.
    """

    async def apply(events: Sequence[PublicEvent]) -> None:
        await copy_statuses(events)

    return BatchSubscriber(
        broker,
        ANALYSIS_EVENTS,
        group_id=GROUP,
        decode=_public_event,
        apply=apply,
        dead_letters=dead_letters,
        retry=RetryPolicy(transient=(DatabaseAway,)),
    )


def _public_event(record: Record) -> PublicEvent:
    try:
        event = decode(record.value, record.headers)
    except NotOurEvent as error:
        raise PoisonRecord(str(error)) from error
    if not isinstance(event, PublicEvent):
        raise PoisonRecord("the event does not belong on this topic")
    name_span(analysis_id=str(event.analysis_id))
    return event
