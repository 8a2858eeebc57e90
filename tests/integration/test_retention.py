"""The broker deletes records, with the text of resumes, after the retention of their topic."""

from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from contracts.topics import ANALYSIS_REQUESTS, ANALYSIS_RESULTS, TOPICS
from local_stack.kafka.broker import Kafka
from local_stack.kafka.topics import create_topics
from local_stack.ports import free_ports

from tests.support import events
from tests.support.polling import eventually
from tests.support.servers import kafka

CANARY = "Canary9Axolotl"
PRIVATE = (ANALYSIS_REQUESTS, ANALYSIS_RESULTS)


def holds(folder: Path, text: str) -> bool:
    """Return True if any segment below a folder contains a text."""
    return any(text.encode() in path.read_bytes() for path in folder.rglob("*.log"))


@pytest.mark.timeout(120)
async def test_private_topics_keep_nothing_beyond_their_retention(tmp_path: Path) -> None:
    port, controller_port = free_ports(2)
    broker = Kafka(
        data_dir=tmp_path,
        port=port,
        controller_port=controller_port,
        # By default the broker checks every five minutes, and keeps deleted files for one minute.
        settings=("log.retention.check.interval.ms=500", "log.segment.delete.delay.ms=500"),
    )
    async with broker:
        await create_topics(broker.bootstrap_servers)
        about = events.analysis_context(candidate_name=CANARY)
        await kafka.publish(
            broker.bootstrap_servers, events.requested(about, text=CANARY), events.succeeded(about)
        )
        assert holds(tmp_path, CANARY)
        admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap_servers)
        await admin.start()
        try:
            # The settings of production except for the time.
            topics = {known.name: dict(known.config) for known in TOPICS if known.name in PRIVATE}
            await admin.alter_configs(
                [
                    ConfigResource(ConfigResourceType.TOPIC, name, {**config, "retention.ms": "1000"})
                    for name, config in topics.items()
                ]
            )
        finally:
            await admin.close()
        consumer = AIOKafkaConsumer(bootstrap_servers=broker.bootstrap_servers)
        await consumer.start()
        try:
            partitions = [TopicPartition(topic, number) for topic in PRIVATE for number in range(12)]

            async def left() -> int:
                ends = await consumer.end_offsets(partitions)
                begins = await consumer.beginning_offsets(partitions)
                return sum(ends[each] - begins[each] for each in partitions)

            await eventually(left, until=lambda count: count == 0, deadline_seconds=60)
        finally:
            await consumer.stop()

        async def is_gone() -> bool:
            return not holds(tmp_path, CANARY)

        await eventually(is_gone, deadline_seconds=30)
