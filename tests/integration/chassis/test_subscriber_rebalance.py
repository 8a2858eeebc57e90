"""Members that come, go and are thrown out."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest_asyncio
from aiokafka.protocol.group import LeaveGroupRequest

from tests.integration.chassis.subscribing import Member, Written, ends_of, topic_of

JOBS = 80


@pytest_asyncio.fixture
async def topic(kafka_bootstrap: str) -> AsyncIterator[Written]:
    async with topic_of(kafka_bootstrap, 4) as topic:
        yield topic


async def test_a_second_member_repeats_nothing_of_kept_partitions(topic: Written) -> None:
    places = await topic.write(JOBS)
    first, second = Member(topic), Member(topic)
    first.hold()
    async with first:
        await first.has(lambda one: len(one.running) == 64)
        async with second:
            await first.has(lambda one: len(one.partitions) == 2)
            await first.has(lambda one: {place[0] for place in one.running} == one.partitions)
            kept = first.partitions
            await second.has(lambda one: len(one.finished) == JOBS // 2)
            first.gate.set()
            await first.has(
                lambda one: len({place for place in one.finished if place[0] in kept}) == JOBS // 2
            )
            assert all(times == 1 for place, times in first.started.items() if place[0] in kept)
            assert not {place for place in second.started if place[0] in kept}
            assert {place[0] for place in first.cancelled}.isdisjoint(kept)
            assert second.finished == Counter(place for place in places if place[0] not in kept)
    assert await topic.committed() == ends_of(places)


async def test_a_partition_that_was_lost_and_regained(topic: Written) -> None:
    places = await topic.write(JOBS)
    first, second = Member(topic), Member(topic, drain_seconds=0.1)
    first.hold()
    second.hold()
    async with first:
        await first.has(lambda one: len(one.running) == 64)
        await second.__aenter__()
        await second.has(lambda one: len(one.running) == JOBS // 2)
        # It leaves without having done anything.
        await second.broker.stop()
        assert second.finished == Counter()
        await first.has(lambda one: len(one.partitions) == 4)
        first.gate.set()
        await first.has(lambda one: set(one.finished) == set(places))
        # Cancelled when lost, started once more when regained; the kept ones once in all.
        assert first.finished == Counter(places)
        assert first.started == first.finished + first.cancelled
    assert await topic.committed() == ends_of(places)


async def test_a_generation_that_was_missed(topic: Written) -> None:
    places = await topic.write(JOBS)
    # Its heartbeats are too rare to tell it, so it learns by a commit that it was thrown out.
    first = Member(topic, settings={"session_timeout_ms": 30_000, "heartbeat_interval_ms": 20_000})
    second = Member(topic)
    first.hold()
    second.hold()
    async with second:
        await second.has(lambda one: len(one.running) == 64)
        async with first:
            await first.has(lambda one: len(one.running) == JOBS // 2)
            mine = first.partitions
            coordinator = first.subscriber.consumer._coordinator  # type: ignore[union-attr] # it runs
            former_id = coordinator.member_id
            await coordinator._send_req(LeaveGroupRequest(topic.group, former_id))
            await second.has(lambda one: len(one.partitions) == 4)
            # The other member does it all, while the first still believes in its part of it.
            second.gate.set()
            await second.has(lambda one: set(one.finished) == set(places))
            await second.has(lambda one: one.subscriber.counters.commits > 0)
            assert first.partitions == mine
            first.gate.set()
            await second.has(lambda one: len(one.partitions) == 2)
            await first.has(lambda one: one.subscriber.health().joined and len(one.partitions) == 2)
            assert coordinator.member_id != former_id
            # From here on each does its part again, and nothing of it twice.
            last = await topic.write(JOBS)

            def all_is_done(_: Member) -> bool:
                return set(last) <= {*first.finished, *second.finished}

            await first.has(all_is_done)
            both = first.finished + second.finished
            assert {place: both[place] for place in last} == dict.fromkeys(last, 1)
            assert {place[0] for place in last if place in first.finished} == first.partitions
    assert await topic.committed() == ends_of(last)


async def test_coming_and_going_under_load(topic: Written) -> None:
    async def short(_record: object) -> None:
        await asyncio.sleep(0.02)

    members = [Member(topic, work=short, settings={"concurrency": 4}) for _ in range(3)]
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
    # Each change may repeat what was taken on at that moment, and no more.
    finished = sum((member.finished for member in members), Counter())
    assert finished.total() - len(places) <= 4 * 8 * 3
