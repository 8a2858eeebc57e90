"""Create every topic of the contracts: `python -m request_api.create_topics`. Safe to run again.

Meant for clusters without other means: on Kubernetes, Strimzi's KafkaTopic objects do this. The Kafka user
needs the rights to create and alter topics. The settings are those of request-api.
"""

import asyncio
import sys
from typing import Annotated

from aiokafka.errors import KafkaError
from chassis.messaging.topics import TopicSetupError, create_topics
from chassis.settings import KafkaSettings
from chassis.telemetry.logs import configure_logs, get_logger
from contracts.topics import TOPICS
from pydantic import Field
from pydantic_settings import SettingsConfigDict

log = get_logger(__name__)


class Settings(KafkaSettings):
    """Kafka settings, and the replication factor of the topics."""

    model_config = SettingsConfigDict(env_prefix="REQUEST_API_")

    # Production clusters use three replicas, of which two have to be in sync.
    topic_replication_factor: Annotated[int, Field(ge=1, le=10)] = 1


async def run(settings: Settings) -> None:
    """Create the topics.

    Raises:
        TopicSetupError: the broker refused, or a topic has too many partitions.
        KafkaError: no broker is reachable.
    """
    await create_topics(
        TOPICS,
        bootstrap_servers=settings.kafka_bootstrap_servers,
        replication_factor=settings.topic_replication_factor,
        security=settings.kafka_security(),
    )
    log.info("topics ready", topics=len(TOPICS))


if __name__ == "__main__":
    configure_logs(service="request_api.create_topics", log_format="console")
    try:
        asyncio.run(run(Settings()))
    except (TopicSetupError, KafkaError) as error:
        sys.exit(f"request_api.create_topics: {error}")
