"""Restarts of a subscriber, and a broker that becomes unavailable."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions
from chassis.messaging import clients
from local_stack.kafka.broker import Kafka
from local_stack.ports import free_ports

from tests.integration.chassis.messaging.subscribing import Member, Written, ends_of, topic_of


@pytest_asyncio.fixture
async def topic(kafka_bootstrap: str) -> AsyncIterator[Written]:
    async with topic_of(kafka_bootstrap, 2) as topic:
        yield topic


async def test_subscriber_can_be_restarted(topic: Written) -> None:
    member = Member(topic)
    places = await topic.write(50)
    async with member:
        await member.has(lambda one: len(one.finished) == 50)
        assert member.subscriber.health().problem is None
    assert member.subscriber.health().problem == "The subscriber is not running."
    places += await topic.write(50)
    async with member:
        await member.has(lambda one: len(one.finished) == 100)
        assert member.subscriber.health().problem is None
    assert set(member.started.values()) == {1}
    assert await topic.committed() == ends_of(places)


async def test_partitions_added_later_are_consumed(topic: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "METADATA_MAX_AGE_MS", 300)
    async with Member(topic) as member:
        await member.has(lambda one: one.partitions == {0, 1})
        admin = AIOKafkaAdminClient(bootstrap_servers=topic.bootstrap_servers)
        await admin.start()
        try:
            await admin.create_partitions({topic.name: NewPartitions(total_count=4)})
        finally:
            await admin.close()
        await member.has(lambda one: one.partitions == {0, 1, 2, 3})
        await replace(topic, partitions=4).write(20)
        await member.has(lambda one: len(one.finished) == 20)
    assert set(member.started.values()) == {1}


async def test_broker_restart_under_load_loses_no_record(tmp_path: Path) -> None:
    async def work(_record: object) -> None:
        await asyncio.sleep(0.02)

    port, controller_port = free_ports(2)
    async with (
        Kafka(data_dir=tmp_path, port=port, controller_port=controller_port) as kafka,
        topic_of(kafka.bootstrap_servers, 4) as topic,
    ):
        # More than the consumer's buffers hold, because it handles those while the broker is unavailable.
        places = await topic.write(1000, padding=20_000)
        member = Member(topic, work=work, slots=8, max_in_flight=24)
        async with member:
            await member.has(lambda one: len(one.finished) > 100)
            await kafka.stop()
            await asyncio.sleep(1)
            await kafka.start()
            assert len(member.finished) < len(places)
            await member.has(lambda one: len(one.finished) == len(places), deadline_seconds=30)
            await member.has(lambda one: one.subscriber.health().problem is None)
            # Only records that were in flight when the membership was lost may be handled twice.
            assert member.finished.total() - len(places) <= 24
        assert await topic.committed() == ends_of(places)
