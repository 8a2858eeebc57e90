"""Lag of a subscriber on a real broker."""

from collections.abc import AsyncIterator

import pytest_asyncio
from chassis.messaging.consuming.lag import TopicLag

from tests.integration.chassis.messaging.subscribing import Member, Written, topic_of
from tests.support.polling import eventually


@pytest_asyncio.fixture
async def topic(kafka_bootstrap: str) -> AsyncIterator[Written]:
    async with topic_of(kafka_bootstrap, 4) as topic:
        yield topic


async def test_lag_counts_open_and_unfetched_records_and_ends_with_the_last_one(
    topic: Written,
) -> None:
    await topic.write(100)
    member = Member(topic, slots=2, max_in_flight=8)
    member.hold()

    async def behind() -> TopicLag:
        await member.subscriber.lag.refresh()
        topics = member.subscriber.lag.topics
        return topics[topic.name] if topics else TopicLag(records=-1, seconds=-1)

    async with member:
        await member.has(lambda one: one.subscriber.health().in_flight == 8)
        first = await eventually(behind, until=lambda found: found.records == 100)
        await eventually(behind, until=lambda found: found.seconds >= first.seconds + 1)
        member.gate.set()
        await eventually(behind, until=lambda found: found == TopicLag(records=0, seconds=0))
        assert len(member.finished) == 100


async def test_lag_includes_time_before_the_process_started(topic: Written) -> None:
    await topic.write(1)
    member = Member(topic)
    member.hold()
    async with member:
        await member.has(lambda one: one.subscriber.health().in_flight == 1)
        await member.subscriber.lag.refresh()
        topics = member.subscriber.lag.topics
        assert topics is not None
        # The record waited at least for as long as joining the group took.
        assert topics[topic.name].seconds > member.subscriber.health().oldest_seconds
