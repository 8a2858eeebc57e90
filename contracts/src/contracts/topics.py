"""The topics, with the settings that every deployment gives them.

All are keyed by the analysis id, so one analysis is one partition's affair and its events stay in order.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

# A request carries up to 100,000 characters of text (400 kB in UTF-8) and a report its evidence; the
# uncompressed record has to fit, whatever the compression saves.
MAX_RECORD_BYTES = 2_000_000

# The unit of parallelism between processes; it cannot be changed later without moving keys.
PARTITIONS = 12

PRIVATE_RETENTION = timedelta(days=3)
PUBLIC_RETENTION = timedelta(days=30)
DEAD_LETTER_RETENTION = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic's name and settings; the replication factor is the deployment's.

    `config` holds broker-side topic settings by their Kafka names.
    """

    name: str
    partitions: int
    retention: timedelta
    config: Mapping[str, str] = field(default_factory=dict)


def _topic(name: str, *, partitions: int, retention: timedelta) -> Topic:
    return Topic(
        name=name,
        partitions=partitions,
        retention=retention,
        config={
            "cleanup.policy": "delete",
            "retention.ms": str(int(retention.total_seconds() * 1000)),
            # The broker counts a batch's overhead too.
            "max.message.bytes": str(MAX_RECORD_BYTES + 100_000),
            # Retention works on whole segments: without this, a quiet topic keeps text for ever.
            "segment.ms": str(int(timedelta(hours=6).total_seconds() * 1000)),
        },
    )


ANALYSIS_REQUESTS = "resume-review.analysis-requests.v1"
ANALYSIS_RESULTS = "resume-review.analysis-results.v1"
ANALYSIS_EVENTS = "resume-review.analysis-events.v1"

# A topic has one writer; a second would break the order of versions.
WRITERS: Mapping[str, str] = {
    ANALYSIS_REQUESTS: "request-api",
    ANALYSIS_RESULTS: "analyzer",
    ANALYSIS_EVENTS: "results-api",
}

# Which consumer groups read which topic; each pair has a dead-letter topic.
CONSUMERS: Mapping[str, tuple[str, ...]] = {
    ANALYSIS_REQUESTS: ("analyzer", "results-api"),
    ANALYSIS_RESULTS: ("results-api",),
    ANALYSIS_EVENTS: ("request-api",),
}


def dead_letter_topic(topic: str, consumer: str) -> str:
    """Name of the topic that takes what `consumer` could not handle of `topic`."""
    return f"{topic}.{consumer}.dlq"


TOPICS: tuple[Topic, ...] = (
    _topic(ANALYSIS_REQUESTS, partitions=PARTITIONS, retention=PRIVATE_RETENTION),
    _topic(ANALYSIS_RESULTS, partitions=PARTITIONS, retention=PRIVATE_RETENTION),
    _topic(ANALYSIS_EVENTS, partitions=PARTITIONS, retention=PUBLIC_RETENTION),
    *(
        _topic(dead_letter_topic(topic, consumer), partitions=1, retention=DEAD_LETTER_RETENTION)
        for topic, consumers in CONSUMERS.items()
        for consumer in consumers
    ),
)
