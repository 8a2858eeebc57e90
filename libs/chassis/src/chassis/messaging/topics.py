"""Create topics and update the settings of existing ones."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Protocol

from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError

from chassis.messaging.clients import create_admin
from chassis.settings import PLAINTEXT, KafkaSecurity

_TOPIC_ALREADY_EXISTS = 36
_ATTEMPTS = 100
_PAUSE_SECONDS = 0.05


class TopicDefinition(Protocol):
    """The wanted state of a topic; `config` holds broker-side settings by their Kafka names."""

    @property
    def name(self) -> str: ...
    @property
    def partitions(self) -> int: ...
    @property
    def config(self) -> Mapping[str, str]: ...


class TopicSetupError(Exception):
    """The cluster cannot provide the topics as defined; the message is one sentence."""


async def create_topics(
    topics: Sequence[TopicDefinition],
    *,
    bootstrap_servers: str,
    replication_factor: int = 1,
    security: KafkaSecurity = PLAINTEXT,
) -> None:
    """Create the topics or bring them up to date, and wait until they can be written and read. Idempotent.

    The replication factor of an existing topic stays as it is.

    Raises:
        TopicSetupError: the broker refused, or a topic has more partitions than defined.
        KafkaError: the broker does not answer.
    """
    admin = create_admin(bootstrap_servers=bootstrap_servers, client_id="topics", security=security)
    await admin.start()
    try:
        answer = await admin.create_topics(
            [
                NewTopic(
                    name=topic.name,
                    num_partitions=topic.partitions,
                    replication_factor=replication_factor,
                    topic_configs=dict(topic.config),
                )
                for topic in topics
            ]
        )
        existing = set()
        for name, code, *message in answer.topic_errors:
            if code == _TOPIC_ALREADY_EXISTS:
                existing.add(name)
            elif code != 0:
                raise TopicSetupError(f"the topic {name} could not be created: {message}")
        await _update(admin, [topic for topic in topics if topic.name in existing])
        await _wait_for_leaders(admin, topics)
        await _wait_for_coordinator(admin)
    finally:
        await admin.close()


async def _update(admin: AIOKafkaAdminClient, topics: Sequence[TopicDefinition]) -> None:
    if not topics:
        return
    for found in await admin.describe_topics([topic.name for topic in topics]):
        wanted = next(topic for topic in topics if topic.name == found["topic"])
        partitions = len(found["partitions"])
        if partitions > wanted.partitions:
            raise TopicSetupError(
                f"the topic {wanted.name} has {partitions} partitions, not {wanted.partitions}"
            )
        if partitions < wanted.partitions:
            await admin.create_partitions({wanted.name: NewPartitions(total_count=wanted.partitions)})
    await admin.alter_configs(
        [ConfigResource(ConfigResourceType.TOPIC, topic.name, configs=dict(topic.config)) for topic in topics]
    )


async def _wait_for_leaders(admin: AIOKafkaAdminClient, topics: Sequence[TopicDefinition]) -> None:
    """Wait for the leaders of all partitions, without which a new topic cannot be written to."""
    names = [topic.name for topic in topics]
    for _ in range(_ATTEMPTS):
        described = await admin.describe_topics(names)
        if all(
            found["error_code"] == 0 and all(partition["leader"] >= 0 for partition in found["partitions"])
            for found in described
        ):
            return
        await asyncio.sleep(_PAUSE_SECONDS)
    raise TopicSetupError("the topics have no leaders")


async def _wait_for_coordinator(admin: AIOKafkaAdminClient) -> None:
    """Wait for the group coordinator. The first request makes a new broker create the offsets topic."""
    for _ in range(_ATTEMPTS):
        try:
            await admin.find_coordinator("topics")
        except KafkaError:
            await asyncio.sleep(_PAUSE_SECONDS)
        else:
            return
    raise TopicSetupError("the broker does not take consumer groups")
