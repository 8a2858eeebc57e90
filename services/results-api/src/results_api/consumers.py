"""Kafka consumers of results-api: it reads both private topics."""

from collections.abc import Sequence

from chassis.db.database import DatabaseUnavailable
from chassis.messaging.consuming.batches import BatchSubscriber
from chassis.messaging.consuming.dead_letters import DeadLetters
from chassis.messaging.consuming.retry import RetryPolicy
from contracts.topics import ANALYSIS_REQUESTS, ANALYSIS_RESULTS
from faststream.kafka import KafkaBroker

from results_api.commands.record_events import RecordEvents
from results_api.commands.record_matches import RecordMatches
from results_api.events import ReceivedEvent, ReceivedMatchEvent, read_event

GROUP = "results-api"


def consume(
    broker: KafkaBroker,
    *,
    record_events: RecordEvents,
    record_matches: RecordMatches,
    dead_letters: DeadLetters,
) -> BatchSubscriber[ReceivedEvent | ReceivedMatchEvent]:
    """Subscribe to the private topics.

    The analyses of a batch are recorded in one transaction, and its matches in another. Both may be repeated,
    so a batch is applied again as a whole if one of them fails.

    While the database is unavailable, the batch is retried. A record that cannot be decoded, or that fails
    for another reason when it is applied alone, becomes a dead letter.
    """

    async def apply(batch: Sequence[ReceivedEvent | ReceivedMatchEvent]) -> None:
        if analyses := [each for each in batch if isinstance(each, ReceivedEvent)]:
            await record_events(analyses)
        if matches := [each for each in batch if isinstance(each, ReceivedMatchEvent)]:
            await record_matches(matches)

    return BatchSubscriber(
        broker,
        *(ANALYSIS_REQUESTS, ANALYSIS_RESULTS),
        group_id=GROUP,
        decode=read_event,
        apply=apply,
        dead_letters=dead_letters,
        retry=RetryPolicy(transient=(DatabaseUnavailable,)),
    )
