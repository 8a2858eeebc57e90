"""The rights of each user in Kafka, derived from the topics and groups of the contracts.

The charts and docker-compose.yml make a broker with these rights and no others; a test runs services on one.
Write and Read include Describe. An idempotent producer needs nothing beside Write. Transactions are not used,
and only the operators of the cluster have rights on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from contracts.topics import ANALYSIS_EVENTS, ANALYSIS_REQUESTS, CONSUMERS, TOPICS, WRITERS, dead_letter_topic

Operation = Literal["Read", "Write", "Describe", "Delete", "Create", "Alter", "AlterConfigs"]

SERVICES: Final = ("request-api", "analyzer", "results-api")
ON_CALL: Final = "on-call"
KEDA: Final = "keda"
TOPIC_CREATOR: Final = "topics"


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """Operations that a user needs on one topic or group; with `is_prefix`, on all whose names begin so."""

    user: str
    resource: Literal["topic", "group"]
    name: str
    operations: tuple[Operation, ...]
    why: str
    is_prefix: bool = False


def rights_of_subscriber(user: str, *, group_prefix: str) -> tuple[Right, ...]:
    """Return the rights of another team: the public topic alone, as the others hold text of resumes."""
    return (
        Right(user=user, resource="topic", name=ANALYSIS_EVENTS, operations=("Read",), why="public events"),
        Right(
            user=user,
            resource="group",
            name=group_prefix,
            operations=("Read",),
            why="its own consumer groups",
            is_prefix=True,
        ),
    )


def _service(user: str) -> Iterator[Right]:
    for topic, writer in WRITERS.items():
        if writer == user:
            yield Right(user=user, resource="topic", name=topic, operations=("Write",), why="its events")
    read = [topic for topic, groups in CONSUMERS.items() if user in groups]
    for topic in read:
        yield Right(user=user, resource="topic", name=topic, operations=("Read",), why="what it consumes")
    for topic in read:
        letters = dead_letter_topic(topic, user)
        yield Right(
            user=user, resource="topic", name=letters, operations=("Write",), why="what it cannot handle"
        )
    yield Right(user=user, resource="group", name=user, operations=("Read",), why="its consumer group")


def _on_call() -> Iterator[Right]:
    for topic, groups in CONSUMERS.items():
        yield Right(
            user=ON_CALL, resource="topic", name=topic, operations=("Write",), why="`dead-letters replay`"
        )
        for group in groups:
            yield Right(
                user=ON_CALL,
                resource="topic",
                name=dead_letter_topic(topic, group),
                operations=("Read", "Write", "Delete"),
                why="reads them, appends again those that stay, deletes those that were handled",
            )


def _keda() -> Iterator[Right]:
    yield Right(user=KEDA, resource="topic", name=ANALYSIS_REQUESTS, operations=("Describe",), why="its end")
    yield Right(
        user=KEDA, resource="group", name="analyzer", operations=("Describe",), why="how far it has read"
    )


def _topic_creator() -> Iterator[Right]:
    for topic in TOPICS:
        yield Right(
            user=TOPIC_CREATOR,
            resource="topic",
            name=topic.name,
            operations=("Create", "Alter", "AlterConfigs"),
            why="`request_api.create_topics`",
        )
    yield Right(
        user=TOPIC_CREATOR,
        resource="group",
        name="topics",
        operations=("Describe",),
        why="that groups work",
    )


RIGHTS: Final[tuple[Right, ...]] = (
    *(right for service in SERVICES for right in _service(service)),
    *_on_call(),
    *_keda(),
    *_topic_creator(),
)
