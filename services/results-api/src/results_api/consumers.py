"""What results-api reads of Kafka: both private topics, for everything that happens to analyses."""

import re

from chassis.db import DatabaseAway
from chassis.kafka.batches import BatchSubscriber
from chassis.kafka.dead_letters import DeadLetters
from chassis.kafka.records import PoisonRecord, Record
from chassis.kafka.retry import RetryPolicy
from chassis.trace import name_span
from contracts.envelope import NotOurEvent, decode
from contracts.events import PrivateEvent
from contracts.topics import ANALYSIS_REQUESTS, ANALYSIS_RESULTS
from faststream.kafka import KafkaBroker

from results_api.record import Heard, RecordEvents

GROUP = "results-api"

# NUL as JSON writes it: `\u0000` behind an even number of backslashes. PostgreSQL cannot store it, and the
# words of a model may hold it.
_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")


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
        decode=_private_event,
        apply=record_events,
        dead_letters=dead_letters,
        retry=RetryPolicy(transient=(DatabaseAway,)),
    )


def _private_event(record: Record) -> Heard:
    try:
        event = decode(_storable(record.value), record.headers)
    except NotOurEvent as error:
        raise PoisonRecord(str(error)) from error
    if not isinstance(event, PrivateEvent):
        raise PoisonRecord("the event does not belong on this topic")
    name_span(analysis_id=str(event.analysis.analysis_id))
    return Heard(event=event, traceparent=record.headers.get("traceparent"))


def _storable(value: bytes | None) -> bytes | None:
    if value is None or b"\\u0000" not in value:
        return value
    return _NUL.sub(rb"\1\\ufffd", value)
