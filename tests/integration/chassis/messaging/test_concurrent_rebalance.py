"""Members that join, leave and lose their membership."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest_asyncio

from tests.integration.chassis.messaging.subscribing import Member, Written, ends_of, topic_of
from tests.support.polling import eventually

JOBS = 80


@pytest_asyncio.fixture
async def topic(kafka_bootstrap: str) -> AsyncIterator[Written]:
    async with topic_of(kafka_bootstrap, 4) as topic:
        yield topic


async def test_joining_member_repeats_no_record_of_kept_partitions(topic: Written) -> None:
    places = await topic.write(JOBS)
    first, second = Member(topic), Member(topic)
    first.hold()
    async with first:
        await first.has(lambda one: len(one.running) == 64)
        async with second:
            await first.has(lambda one: len(one.partitions) == 2)
            kept = first.partitions
            await second.has(lambda one: len(one.finished) == JOBS // 2)
            first.gate.set()
            await first.has(
                lambda one: len({place for place in one.finished if place[0] in kept}) == JOBS // 2
            )
            assert all(times == 1 for place, times in first.started.items() if place[0] in kept)
            assert not {place for place in second.started if place[0] in kept}
            assert first.cancelled == Counter()
            assert second.finished == Counter(place for place in places if place[0] not in kept)
    assert await topic.committed() == ends_of(places)


async def test_partition_that_was_lost_and_regained_is_continued(topic: Written) -> None:
    places = await topic.write(JOBS)
    first, second = Member(topic), Member(topic, drain_seconds=0.1)
    first.hold()
    second.hold()
    async with first:
        await first.has(lambda one: len(one.running) == 64)
        await second.__aenter__()
        await second.has(lambda one: len(one.running) == JOBS // 2)
        # The member leaves without having handled a record.
        await second.stop()
        assert second.finished == Counter()
        await first.has(lambda one: len(one.partitions) == 4)
        first.gate.set()
        await first.has(lambda one: set(one.finished) == set(places))
        # Handlers that started before the partition was lost went on in the meantime.
        assert first.started == first.finished == Counter(places)
        await eventually(topic.committed, until=lambda found: found == ends_of(places))


async def test_rebalances_under_load_lose_no_record(topic: Written) -> None:
    async def short(_record: object) -> None:
        await asyncio.sleep(0.02)

    members = [Member(topic, work=short, slots=4, max_in_flight=8) for _ in range(3)]
    places = await topic.write(600)
    async with members[0]:
        await members[0].has(lambda one: len(one.finished) > 20)
        async with members[1]:
            await members[1].has(lambda one: len(one.finished) > 20)
            async with members[2]:
                await members[2].has(lambda one: len(one.finished) > 20)

        def all_is_done(_: Member) -> bool:
            return {place for member in members for place in member.finished} == set(places)

        await members[0].has(all_is_done)
    assert await topic.committed() == ends_of(places)
    # Each rebalance repeats at most the records that were open at that moment.
    finished = sum((member.finished for member in members), Counter())
    assert finished.total() - len(places) <= 4 * 8 * 3
