"""Dead letters on a real broker: read, replayed, and remembered as handled."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from aiokafka import ConsumerRecord
from aiokafka.errors import UnknownTopicOrPartitionError
from chassis.kafka.clients import create_producer
from chassis.kafka.dead_letter_desk import (
    DeadLetter,
    DeadLetterDesk,
    LetterGone,
    SeveralPartitions,
    ValueOmitted,
)
from chassis.kafka.dead_letters import DeadLetters
from chassis.kafka.handled import TooManyGaps
from chassis.kafka.records import PoisonRecord

from tests.integration.chassis.subscribing import Written, topic_of
from tests.support.kafka import producer_for, records_of


@pytest_asyncio.fixture
async def topic(kafka_bootstrap: str) -> AsyncIterator[Written]:
    async with topic_of(kafka_bootstrap, 3) as topic:
        yield topic


@pytest_asyncio.fixture
async def desk(topic: Written) -> AsyncIterator[DeadLetterDesk]:
    async with opened(topic) as desk:
        yield desk


def opened(topic: Written) -> DeadLetterDesk:
    return DeadLetterDesk(
        bootstrap_servers=topic.bootstrap_servers,
        group_id=f"{topic.name}-on-call",
        client_id="tests",
        keep_headers=("kind",),
    )


async def die(topic: Written, count: int, *, value: bytes = b"value") -> list[ConsumerRecord]:
    """Write records and a dead letter of each, as a subscriber does; offsets count from 0."""
    async with producer_for(topic.bootstrap_servers) as producer:
        for number in range(count):
            headers = [("kind", b"a"), ("other", b"b")]
            await producer.send_and_wait(topic.name, value, key=b"key-%d" % number, headers=headers)
    records = await records_of(topic.bootstrap_servers, topic.name, until=lambda found: len(found) >= count)
    letters = DeadLetters(
        group_id=topic.group,
        create_producer=lambda: create_producer(bootstrap_servers=topic.bootstrap_servers, client_id="t"),
    )
    for record in records:
        await letters.write(record, error=PoisonRecord("bad."), attempts=1, first_seen=datetime.now(UTC))
    await letters.stop()
    return records


async def listed(desk: DeadLetterDesk, topic: Written) -> dict[int, DeadLetter]:
    return {letter.offset: letter async for letter in desk.letters(topic.dead_letters)}


async def unhandled(desk: DeadLetterDesk, topic: Written) -> list[int]:
    return [offset for offset, letter in (await listed(desk, topic)).items() if not letter.is_handled]


async def test_letters_are_listed_without_values(desk: DeadLetterDesk, topic: Written) -> None:
    assert await listed(desk, topic) == {}
    # More than a batch.
    records = await die(topic, 45)
    found = await listed(desk, topic)
    assert list(found) == list(range(45))
    assert (found[0].key, found[0].value_bytes) == (records[0].key, 5)
    assert found[0].headers["dlq_origin_offset"] == str(records[0].offset)
    assert set(found[0].headers) == {
        "kind",
        *(f"dlq_{name}" for name in ("reason", "origin_topic", "origin_partition", "origin_offset")),
        *(f"dlq_{name}" for name in ("attempts", "first_seen")),
    }
    letter, raw = await desk.read(topic.dead_letters, 17)
    assert (letter.offset, raw.value) == (17, b"value")
    with pytest.raises(LetterGone):
        await desk.read(topic.dead_letters, 45)


async def test_what_was_handled_is_remembered_and_the_lowest_are_deleted(
    desk: DeadLetterDesk, topic: Written
) -> None:
    await die(topic, 8)
    assert await desk.mark_handled(topic.dead_letters, [2, 3, 6]) == 0
    # Another process, later.
    async with opened(topic) as later:
        assert await unhandled(later, topic) == [0, 1, 4, 5, 7]
        assert await later.mark_handled(topic.dead_letters, [1, 0]) == 4
        found = await listed(later, topic)
    assert {offset: letter.is_handled for offset, letter in found.items()} == {
        4: False,
        5: False,
        6: True,
        7: False,
    }
    with pytest.raises(LetterGone):
        await desk.read(topic.dead_letters, 3)
    assert await desk.mark_handled(topic.dead_letters, [4, 5, 7]) == 8
    assert await listed(desk, topic) == {}
    async with producer_for(topic.bootstrap_servers) as producer:
        await producer.send_and_wait(topic.dead_letters, b"the next")
    assert await unhandled(desk, topic) == [8]


async def test_a_replayed_record_is_the_one_that_died(desk: DeadLetterDesk, topic: Written) -> None:
    (record,) = await die(topic, 1)
    await desk.replay(topic.dead_letters, 0, to=topic.name)
    first, again = await records_of(topic.bootstrap_servers, topic.name, until=lambda found: len(found) >= 2)
    assert (again.key, again.value, again.headers) == (first.key, first.value, first.headers)
    assert (again.partition, again.offset) == (record.partition, record.offset + 1)
    # Only marking handles it.
    assert await unhandled(desk, topic) == [0]


async def test_a_letter_without_its_value_is_not_replayed(desk: DeadLetterDesk, topic: Written) -> None:
    async with producer_for(topic.bootstrap_servers) as producer:
        headers = [("dlq_value_omitted", b"2000001"), ("dlq_reason", b"bad")]
        await producer.send_and_wait(topic.dead_letters, None, key=b"k", headers=headers)
    (letter,) = (await listed(desk, topic)).values()
    assert (letter.value_bytes, letter.is_value_omitted) == (2_000_001, True)
    with pytest.raises(ValueOmitted):
        await desk.replay(topic.dead_letters, 0, to=topic.name)


async def test_too_many_gaps_mark_nothing(desk: DeadLetterDesk, topic: Written) -> None:
    await die(topic, 2)
    await desk.mark_handled(topic.dead_letters, [1])
    with pytest.raises(TooManyGaps):
        await desk.mark_handled(topic.dead_letters, range(1, 4000, 2))
    assert await unhandled(desk, topic) == [0]


async def test_topics_that_are_none_of_dead_letters_are_refused(desk: DeadLetterDesk, topic: Written) -> None:
    with pytest.raises(SeveralPartitions):
        await listed_of(desk, topic.name)
    with pytest.raises(UnknownTopicOrPartitionError):
        await listed_of(desk, "there-is-none")


async def listed_of(desk: DeadLetterDesk, name: str) -> list[DeadLetter]:
    return [letter async for letter in desk.letters(name)]
