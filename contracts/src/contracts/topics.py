"""Kafka topics with the settings that every deployment uses.

All are keyed by the analysis id, so the events of one analysis share a partition and stay in order.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

# A request carries up to 100,000 characters of text (400 kB in UTF-8), and a report carries its evidence. The
# limit applies to the uncompressed record.
MAX_RECORD_BYTES = 2_000_000

# Limits the parallelism between processes. A later change would move keys to other partitions.
PARTITIONS = 12

PRIVATE_RETENTION = timedelta(days=3)
PUBLIC_RETENTION = timedelta(days=30)
DEAD_LETTER_RETENTION = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic's name and settings. The deployment chooses the replication factor.

    `config` maps Kafka's names of topic settings to their values.
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
            # The broker's limit includes the overhead of a batch.
            "max.message.bytes": str(MAX_RECORD_BYTES + 100_000),
            # Retention deletes whole segments. Without this, a quiet topic would keep text forever.
            "segment.ms": str(int(timedelta(hours=6).total_seconds() * 1000)),
        },
    )


ANALYSIS_REQUESTS = "resume-review.analysis-requests.v1"
ANALYSIS_RESULTS = "resume-review.analysis-results.v1"
ANALYSIS_EVENTS = "resume-review.analysis-events.v1"

# Each topic has a single writer. A second one would break the order of versions.
WRITERS: Mapping[str, str] = {
    ANALYSIS_REQUESTS: "request-api",
    ANALYSIS_RESULTS: "analyzer",
    ANALYSIS_EVENTS: "results-api",
}

# Consumer groups of each topic. Each pair has a dead letter topic.
CONSUMERS: Mapping[str, tuple[str, ...]] = {
    ANALYSIS_REQUESTS: ("analyzer", "results-api"),
    ANALYSIS_RESULTS: ("results-api",),
    ANALYSIS_EVENTS: ("request-api",),
}


def dead_letter_topic(topic: str, consumer: str) -> str:
    """Return the name of the topic for dead letters of `consumer` from `topic`."""
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
