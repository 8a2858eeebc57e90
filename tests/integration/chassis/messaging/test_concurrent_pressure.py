"""Backpressure of a consumer that is much slower than its topic."""

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio
from chassis.messaging.consuming.records import Record

from tests.integration.chassis.messaging.subscribing import Member, Written, ends_of, topic_of


@pytest_asyncio.fixture
async def topic(kafka_bootstrap: str) -> AsyncIterator[Written]:
    async with topic_of(kafka_bootstrap, 4) as topic:
        yield topic


async def test_slow_consumer_opens_no_more_than_max_in_flight_and_stays_in_its_group(
    topic: Written,
) -> None:
    places = await topic.write(3000)
    member = Member(topic, slots=4, max_in_flight=12)
    member.hold()
    async with member:
        await member.has(lambda one: one.subscriber.health().in_flight == 12)
        await member.has(lambda one: one.subscriber.health().oldest_seconds > 2)
        assert len(member.running) == 4
        assert member.subscriber.health().in_flight == 12
        assert member.subscriber.health().problem is None
        member.gate.set()
        await member.has(lambda one: len(one.finished) == len(places))
        assert set(member.finished.values()) == {1}
    assert await topic.committed() == ends_of(places)


async def test_slow_record_delays_no_other(topic: Written) -> None:
    slow = asyncio.Event()

    async def work(record: Record) -> None:
        if (record.partition, record.offset) == (0, 0):
            await slow.wait()

    places = await topic.write(800)
    member = Member(topic, work=work)
    async with member:
        await member.has(lambda one: len(one.finished) == 799)
        assert (await topic.committed())[0] == 0
        slow.set()
        await member.has(lambda one: len(one.finished) == len(places))
        assert set(member.started.values()) == {1}
    assert await topic.committed() == ends_of(places)
