"""Kafka access rules of each user, derived from the topics and consumer groups of the contracts.

The Helm charts and docker-compose.yml configure a broker with exactly these rules, and an integration test
runs the services on such a broker. Write and Read include Describe. An idempotent producer needs nothing
beside Write, and the product uses no transactions. Only the cluster's operators have rights on the cluster.
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
class AccessRule:
    """Operations that a user needs on one topic or consumer group.

    With `is_prefix`, the rule covers every resource whose name begins with `name`.
    """

    user: str
    resource: Literal["topic", "group"]
    name: str
    operations: tuple[Operation, ...]
    purpose: str
    is_prefix: bool = False


def subscriber_access_rules(user: str, *, group_prefix: str) -> tuple[AccessRule, ...]:
    """Return the rules for another team's user.

    It may read the public topic only, because the private topics hold text of resumes.
    """
    return (
        _topic_rule(user, ANALYSIS_EVENTS, "Read", purpose="public events"),
        AccessRule(
            user=user,
            resource="group",
            name=group_prefix,
            operations=("Read",),
            purpose="its own consumer groups",
            is_prefix=True,
        ),
    )


def _topic_rule(user: str, topic: str, *operations: Operation, purpose: str) -> AccessRule:
    return AccessRule(user=user, resource="topic", name=topic, operations=operations, purpose=purpose)


def _group_rule(user: str, group: str, *operations: Operation, purpose: str) -> AccessRule:
    return AccessRule(user=user, resource="group", name=group, operations=operations, purpose=purpose)


def _service_rules(user: str) -> Iterator[AccessRule]:
    for topic, writer in WRITERS.items():
        if writer == user:
            yield _topic_rule(user, topic, "Write", purpose="events that it publishes")
    topics = [topic for topic, groups in CONSUMERS.items() if user in groups]
    for topic in topics:
        yield _topic_rule(user, topic, "Read", purpose="events that it consumes")
    for topic in topics:
        yield _topic_rule(user, dead_letter_topic(topic, user), "Write", purpose="its dead letters")
    yield _group_rule(user, user, "Read", purpose="its consumer group")


def _on_call_rules() -> Iterator[AccessRule]:
    for topic, groups in CONSUMERS.items():
        yield _topic_rule(ON_CALL, topic, "Write", purpose="`dead-letters replay`")
        for group in groups:
            yield _topic_rule(
                ON_CALL,
                dead_letter_topic(topic, group),
                *("Read", "Write", "Delete"),
                purpose="reads dead letters, appends those to keep, deletes those that were handled",
            )


def _keda_rules() -> Iterator[AccessRule]:
    yield _topic_rule(KEDA, ANALYSIS_REQUESTS, "Describe", purpose="end offsets")
    yield _group_rule(KEDA, "analyzer", "Describe", purpose="committed offsets")


def _topic_creator_rules() -> Iterator[AccessRule]:
    for topic in TOPICS:
        yield _topic_rule(
            TOPIC_CREATOR,
            topic.name,
            *("Create", "Alter", "AlterConfigs"),
            purpose="`request_api.create_topics`",
        )
    yield _group_rule(TOPIC_CREATOR, "topics", "Describe", purpose="check that consumer groups work")


ACCESS_RULES: Final[tuple[AccessRule, ...]] = (
    *(rule for service in SERVICES for rule in _service_rules(service)),
    *_on_call_rules(),
    *_keda_rules(),
    *_topic_creator_rules(),
)
