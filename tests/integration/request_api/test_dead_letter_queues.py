"""Reading, replaying and dropping dead letters on a real broker, without loss under faults and races."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from aiokafka import AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.errors import KafkaConnectionError, UnknownTopicOrPartitionError
from chassis.messaging.clients import create_producer
from chassis.messaging.consuming.dead_letters import DeadLetters
from chassis.messaging.consuming.records import PoisonRecord
from chassis.settings import KafkaSettings
from request_api.ops import dead_letter_queues as module
from request_api.ops.command import Refused
from request_api.ops.dead_letter_queues import DeadLetterQueues, dead_letter_queues

from tests.integration.chassis.messaging.subscribing import Written, topic_of
from tests.support.servers.kafka import producer_for, read_records

Step = Callable[[], Awaitable[None]]


@pytest_asyncio.fixture
async def topic(kafka_bootstrap: str) -> AsyncIterator[Written]:
    async with topic_of(kafka_bootstrap, 1) as topic:
        yield topic


@pytest_asyncio.fixture
async def queues(topic: Written) -> AsyncIterator[DeadLetterQueues]:
    async with opened(topic) as queues:
        yield queues


def opened(topic: Written) -> AbstractAsyncContextManager[DeadLetterQueues]:
    return dead_letter_queues(KafkaSettings(kafka_bootstrap_servers=topic.bootstrap_servers))


async def die(topic: Written, count: int, *, first: int = 0, value: bytes = b"value") -> list[ConsumerRecord]:
    """Write records and a dead letter of each, as a subscriber does; offsets count from 0."""
    async with producer_for(topic.bootstrap_servers) as producer:
        for number in range(first, first + count):
            headers = [("kind", b"a"), ("other", b"b")]
            await producer.send_and_wait(topic.name, value, key=b"key-%d" % number, headers=headers)
    records = await read_records(
        topic.bootstrap_servers, topic.name, until=lambda found: len(found) >= first + count
    )
    letters = DeadLetters(
        group_id=topic.group,
        create_producer=lambda: create_producer(bootstrap_servers=topic.bootstrap_servers, client_id="t"),
    )
    for record in records[first:]:
        await letters.write(record, error=PoisonRecord("bad."), attempts=1, first_seen=datetime.now(UTC))
    await letters.stop()
    return records


async def all_letters(queues: DeadLetterQueues, topic: Written) -> list[ConsumerRecord]:
    return [letter async for letter in queues.read(topic.dead_letters)]


async def numbers(queues: DeadLetterQueues, topic: Written) -> list[tuple[int, int]]:
    """Return the offset of each dead letter in the queue, with the number of its record."""
    return [(letter.offset, number_of(letter)) for letter in await all_letters(queues, topic)]


def number_of(record: ConsumerRecord) -> int:
    return int(record.key.decode().removeprefix("key-"))


async def replayed(topic: Written, *, died: int) -> list[ConsumerRecord]:
    """All that came to the topic after the records that died."""
    async with producer_for(topic.bootstrap_servers) as producer:
        last = await producer.send_and_wait(topic.name, b"the end", key=b"key-0")
    records = await read_records(
        topic.bootstrap_servers,
        topic.name,
        until=lambda found: any(record.offset >= last.offset for record in found),
    )
    return [record for record in records[died:] if record.value != b"the end"]


async def take(
    queues: DeadLetterQueues, topic: Written, offsets: Collection[int], *, replay: bool = True
) -> list[int]:
    to = topic.name if replay else None
    return [offset async for offset in queues.take_out(topic.dead_letters, offsets, replay_to=to)]


async def test_letters_are_read_from_the_oldest_to_the_newest(
    queues: DeadLetterQueues, topic: Written
) -> None:
    assert await all_letters(queues, topic) == []
    # More than a batch.
    records = await die(topic, 45)
    found = await all_letters(queues, topic)
    assert [letter.offset for letter in found] == list(range(45))
    assert [letter.key for letter in found] == [record.key for record in records]
    (one,) = [letter async for letter in queues.read(topic.dead_letters, start=17, end=18)]
    assert one.offset == 17
    beyond = [letter async for letter in queues.read(topic.dead_letters, start=45, end=46)]
    assert beyond == []


async def test_others_before_replayed_letters_are_appended_unchanged(
    queues: DeadLetterQueues, topic: Written
) -> None:
    records = await die(topic, 6)
    before = await all_letters(queues, topic)
    assert await take(queues, topic, {1, 3}) == [1, 3]

    came = await replayed(topic, died=6)
    assert [look(record) for record in came] == [look(records[1]), look(records[3])]
    assert await numbers(queues, topic) == [(4, 4), (5, 5), (6, 0), (7, 2)]
    after = await all_letters(queues, topic)
    assert [look(letter) for letter in after] == [look(before[number]) for number in (4, 5, 0, 2)]
    # Or a letter would be kept for longer with every turn.
    assert [letter.timestamp for letter in after] == [before[number].timestamp for number in (4, 5, 0, 2)]


def look(record: ConsumerRecord) -> tuple[Any, ...]:
    return record.key, record.value, record.headers


async def test_dropped_letters_are_removed(queues: DeadLetterQueues, topic: Written) -> None:
    await die(topic, 4)
    assert await take(queues, topic, {0, 2}, replay=False) == [0, 2]
    assert await replayed(topic, died=4) == []
    assert await numbers(queues, topic) == [(3, 3), (4, 1)]


async def test_handling_all_letters_appends_none(queues: DeadLetterQueues, topic: Written) -> None:
    await die(topic, 30)
    assert await take(queues, topic, range(30)) == list(range(30))
    assert await all_letters(queues, topic) == []
    assert [number_of(record) for record in await replayed(topic, died=30)] == list(range(30))
    async with producer_for(topic.bootstrap_servers) as producer:
        the_next = await producer.send_and_wait(topic.dead_letters, b"the next", key=b"key-30")
    assert the_next.offset == 30


async def test_letters_without_key_or_value_are_appended_unchanged(
    queues: DeadLetterQueues, topic: Written
) -> None:
    omitted = [("dlq_value_omitted", b"2000001"), ("dlq_reason", b"bad")]
    async with producer_for(topic.bootstrap_servers) as producer:
        await producer.send_and_wait(topic.dead_letters, None, key=b"k", headers=omitted)
        await producer.send_and_wait(topic.dead_letters, b"", key=None, headers=[("odd", b"\xff")])
        await producer.send_and_wait(topic.dead_letters, b"x", key=b"key-2")
    before = await all_letters(queues, topic)
    assert await take(queues, topic, {2}, replay=False) == [2]
    assert [look(letter) for letter in await all_letters(queues, topic)] == [look(one) for one in before[:2]]


@dataclass(frozen=True, kw_only=True)
class FakeInterruptedProducer:
    """A producer that does something, once, before the record with this number is sent."""

    producer: AIOKafkaProducer
    sent: list[int]
    at: int
    step: Step

    async def send_and_wait(self, *arguments: Any, **options: Any) -> None:
        self.sent.append(1)
        if len(self.sent) == self.at + 1:
            await self.step()
        await self.producer.send_and_wait(*arguments, **options)


def interrupted(queues: DeadLetterQueues, step: Step, *, at: int) -> DeadLetterQueues:
    return replace(
        queues, producer=FakeInterruptedProducer(producer=queues.producer, sent=[], at=at, step=step)
    )


class FakeAdminWithoutDeleting:
    """An admin client whose connection ends before anything is deleted."""

    def __init__(self, admin: AIOKafkaAdminClient) -> None:
        self.describe_topics = admin.describe_topics

    async def delete_records(self, _: object) -> None:
        await crash()


async def crash() -> None:
    raise KafkaConnectionError


@pytest.mark.parametrize("sent", range(6))
async def test_crash_may_duplicate_letters_but_loses_none(
    queues: DeadLetterQueues, topic: Written, sent: int
) -> None:
    """Replay 1 and 4 of six dead letters, which sends five records and then deletes all before them."""
    await die(topic, 6)
    last = sent == 5
    crashing = (
        replace(queues, admin=FakeAdminWithoutDeleting(queues.admin))
        if last
        else interrupted(queues, crash, at=sent)
    )
    with pytest.raises(KafkaConnectionError):
        await take(crashing, topic, {1, 4})
    appended = [number for number in (0, 1, 2, 3, 4)[:sent] if number not in (1, 4)]
    there = [number for _, number in await numbers(queues, topic)]
    assert there == [0, 1, 2, 3, 4, 5, *appended]

    # Done again, and with whatever came twice of the chosen.
    chosen = [offset for offset, number in await numbers(queues, topic) if number in (1, 4)]
    assert await take(queues, topic, chosen) == chosen
    assert {number for _, number in await numbers(queues, topic)} == {0, 2, 3, 5}
    assert {number_of(record) for record in await replayed(topic, died=6)} == {1, 4}


@pytest.mark.parametrize("is_replayed", [True, False])
async def test_letters_that_arrive_in_the_meantime_are_kept(
    queues: DeadLetterQueues, topic: Written, *, is_replayed: bool
) -> None:
    await die(topic, 3)

    async def arrive() -> None:
        await die(topic, 2, first=3)

    # The first record that is sent is that of letter 0.
    found = await take(interrupted(queues, arrive, at=0), topic, {1, 2}, replay=is_replayed)
    assert found == [1, 2]
    assert await numbers(queues, topic) == [(3, 3), (4, 4), (5, 0)]


async def test_concurrent_commands_on_the_same_letters_lose_none(
    queues: DeadLetterQueues, topic: Written
) -> None:
    await die(topic, 6)

    async def another() -> None:
        async with opened(topic) as others:
            assert await take(others, topic, {1, 3}) == [1, 3]

    # The other is done while the first letter is appended; the rest was read before.
    await take(interrupted(queues, another, at=0), topic, {1, 4})
    came = {number_of(record) for record in await replayed(topic, died=6)}
    left = {number for _, number in await numbers(queues, topic)}
    assert came == {1, 3, 4}
    assert {0, 2, 5} <= left
    assert came | left == set(range(6))


async def test_letters_that_another_command_handled_are_skipped(
    queues: DeadLetterQueues, topic: Written
) -> None:
    await die(topic, 5)
    async with opened(topic) as others:
        # Letter 0 is now 5, and 1 is 6.
        await take(others, topic, {2, 3}, replay=False)
    assert await take(queues, topic, {0}) == []
    assert await take(queues, topic, {0, 3}) == []
    assert await take(queues, topic, {3, 4}) == [4]
    assert await numbers(queues, topic) == [(5, 0), (6, 1)]
    assert [number_of(record) for record in await replayed(topic, died=5)] == [4]


async def test_many_concurrent_commands_lose_nothing(queues: DeadLetterQueues, topic: Written) -> None:
    await die(topic, 40)

    async def one(offsets: range) -> None:
        async with opened(topic) as others:
            await take(others, topic, offsets)

    await asyncio.gather(one(range(0, 40, 7)), one(range(3, 40, 5)), one(range(39)))
    came = {number_of(record) for record in await replayed(topic, died=40)}
    left = {number for _, number in await numbers(queues, topic)}
    assert came | left == set(range(40))


async def test_reading_continues_when_letters_are_deleted(
    queues: DeadLetterQueues, topic: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PATIENCE_MS", 1000)
    # Each fills a fetch, so that most are not read ahead.
    await die(topic, 8, value=os.urandom(900_000))
    found: list[int] = []
    async for letter in queues.read(topic.dead_letters):
        if not found:
            await queues.admin.delete_records({TopicPartition(topic.dead_letters, 0): RecordsToDelete(8)})
        found.append(letter.offset)
    assert found == list(range(len(found)))
    assert len(found) < 8


async def test_silent_broker_is_not_an_empty_queue(
    queues: DeadLetterQueues, topic: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PATIENCE_MS", 100)
    await die(topic, 1)

    async def nothing(*_: object, **__: object) -> dict[TopicPartition, list[ConsumerRecord]]:
        return {}

    monkeypatch.setattr(queues.reader, "getmany", nothing)
    with pytest.raises(TimeoutError):
        await all_letters(queues, topic)


async def test_other_topics_are_refused(queues: DeadLetterQueues, kafka_bootstrap: str) -> None:
    async with topic_of(kafka_bootstrap, 3) as several:
        with pytest.raises(Refused, match="has several partitions"):
            [letter async for letter in queues.read(several.name)]
    with pytest.raises(UnknownTopicOrPartitionError):
        [letter async for letter in queues.read("there-is-none")]
