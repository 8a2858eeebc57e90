"""A consumer that is much slower than its topic."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from chassis.kafka import subscriber as module

from tests.integration.chassis.subscribing import Member, Written, ends_of, topic_of
from tests.support.kafka import producer_for


@pytest_asyncio.fixture
async def topic(kafka_bootstrap: str) -> AsyncIterator[Written]:
    async with topic_of(kafka_bootstrap, 4) as topic:
        yield topic


async def test_a_slow_consumer_pauses_and_stays_in_its_group(
    topic: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEEP_ALIVE_SECONDS", 0.2)
    places = await topic.write(3000)
    member = Member(topic, settings={"concurrency": 4, "window": 12, "max_poll_interval_ms": 1000})
    member.hold()
    async with member:
        consumer = member.subscriber.consumer
        assert consumer is not None
        await member.has(lambda one: one.subscriber.health().in_flight == 12)
        former_id, generation = consumer._coordinator.member_id, consumer._coordinator.generation
        # Twice as long as the group would wait for somebody who asks for nothing.
        await member.has(lambda one: one.subscriber.health().oldest_seconds > 2)
        assert len(consumer.paused()) == 4
        assert len(member.running) == 4
        assert member.subscriber.health().in_flight == 12
        assert member.subscriber.health().problem is None
        member.gate.set()
        await member.has(lambda one: len(one.finished) == len(places))
        assert consumer._coordinator.member_id == former_id
        assert consumer._coordinator.generation == generation
        assert set(member.finished.values()) == {1}
        assert member.subscriber.counters.peak == 4
    assert await topic.committed() == ends_of(places)


async def test_a_record_that_takes_long_holds_up_only_its_own_partition(topic: Written) -> None:
    slow = asyncio.Event()

    async def work(record: object) -> None:
        if (record.partition, record.offset) == (0, 0):  # type: ignore[attr-defined]
            await slow.wait()

    places = await topic.write(800)
    member = Member(topic, work=work, settings={"max_span": 50})
    async with member:
        # One partition stops fifty records after its slow one; the others go on to their ends.
        await member.has(lambda one: len(one.finished) == 600 + 49)
        assert {tp.partition for tp in member.subscriber.consumer.paused()} == {0}  # type: ignore[union-attr]
        slow.set()
        await member.has(lambda one: len(one.finished) == len(places))
        assert set(member.started.values()) == {1}
    assert await topic.committed() == ends_of(places)


async def test_large_records_are_bounded_by_their_size(topic: Written) -> None:
    async with producer_for(topic.bootstrap_servers) as producer:
        for number in range(40):
            await producer.send(topic.name, b"x" * 500_000, partition=number % 4)
    member = Member(topic, settings={"window_bytes": 5_000_000})
    member.hold()
    async with member:
        consumer = member.subscriber.consumer
        assert consumer is not None
        await member.has(lambda _: len(consumer.paused()) == 4)
        assert member.subscriber.health().in_flight == 10
        member.gate.set()
        await member.has(lambda one: len(one.finished) == 40)
