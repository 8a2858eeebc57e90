"""Batches on a real broker: a bad record delays no other, and no record is skipped or lost."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from chassis.db.database import DatabaseUnavailable
from chassis.deadline import Deadline
from chassis.messaging.clients import create_broker, create_producer
from chassis.messaging.consuming import records
from chassis.messaging.consuming.batches import MAX_RECORDS, BatchSubscriber
from chassis.messaging.consuming.dead_letters import DeadLetters
from chassis.messaging.consuming.records import PoisonRecord, Record
from chassis.messaging.consuming.retry import RetryPolicy
from chassis.messaging.consuming.runner import ConsumerRunner

from tests.integration.chassis.messaging.subscribing import Written, topic_of
from tests.support.polling import eventually
from tests.support.servers.kafka import headers_of, producer_for, read_records

RETRY = RetryPolicy(transient=(DatabaseUnavailable,), max_attempts=3, base_delay=0.01)


def decode(record: Record) -> bytes:
    if record.value == b"poison":
        raise PoisonRecord("it is poison")
    if record.value == b"bug":
        raise KeyError("a bug of the decoder")
    return record.value or b""


@dataclass
class Applied:
    """Records applied batches. `trouble` returns the error to raise for a batch, or None."""

    trouble: Callable[[Sequence[bytes]], Exception | None] = lambda _batch: None
    batches: list[list[bytes]] = field(default_factory=list)
    attempts: int = 0

    async def __call__(self, batch: Sequence[bytes]) -> None:
        self.attempts += 1
        await asyncio.sleep(0)
        if (error := self.trouble(batch)) is not None:
            raise error
        self.batches.append(list(batch))

    @property
    def values(self) -> list[bytes]:
        return [value for batch in self.batches for value in batch]

    async def has(self, *values: bytes) -> None:
        async def ask() -> list[bytes]:
            return sorted(self.values)

        await eventually(ask, until=lambda found: found == sorted(values))


@asynccontextmanager
async def consuming(topic: Written, applied: Applied) -> AsyncIterator[BatchSubscriber[bytes]]:
    broker = create_broker(bootstrap_servers=topic.bootstrap_servers, client_id="batches", drain_seconds=10)
    subscriber = BatchSubscriber(
        broker,
        topic.name,
        group_id=topic.group,
        decode=decode,
        apply=applied,
        dead_letters=DeadLetters(
            group_id=topic.group,
            create_producer=partial(
                create_producer, bootstrap_servers=topic.bootstrap_servers, client_id="dead"
            ),
        ),
        retry=RETRY,
    )
    running = ConsumerRunner(broker=broker, subscriber=subscriber)
    await running.start()
    try:
        await eventually(running.check, until=lambda said: said is None)
        yield subscriber
    finally:
        await running.stop(deadline=Deadline(seconds=15))


async def send(topic: Written, *values: bytes, key: bytes = b"k") -> None:
    async with producer_for(topic.bootstrap_servers) as producer:
        await asyncio.gather(*[await producer.send(topic.name, value, key=key) for value in values])


async def test_waiting_records_are_applied_together_and_in_order(kafka_bootstrap: str) -> None:
    values = [b"%d" % number for number in range(MAX_RECORDS + 50)]
    async with topic_of(kafka_bootstrap, 1) as topic:
        await send(topic, *values)
        applied = Applied()
        async with consuming(topic, applied) as subscriber:
            await applied.has(*values)
            assert applied.values == values
            assert max(map(len, applied.batches)) == MAX_RECORDS
            assert subscriber.counters.finished == len(values)

            async def committed() -> bool:
                return await topic.committed() == {0: len(values)}

            await eventually(committed, until=bool)
        again = Applied()
        async with consuming(topic, again):
            await send(topic, b"later")
            await again.has(b"later")


@pytest.mark.parametrize(
    ("value", "headers"),
    [
        (b"poison", []),
        (b"bug", []),
        (b"x" * 101, []),
        (b"fine", [("name", b"\xff\xfe")]),
    ],
    ids=["poison", "bug", "too large", "header that is no text"],
)
async def test_record_that_cannot_be_decoded_becomes_a_dead_letter_and_others_are_applied(
    kafka_bootstrap: str, monkeypatch: pytest.MonkeyPatch, value: bytes, headers: list[tuple[str, bytes]]
) -> None:
    monkeypatch.setattr(records, "MAX_VALUE_BYTES", 100)
    async with topic_of(kafka_bootstrap, 1) as topic:
        async with producer_for(topic.bootstrap_servers) as producer:
            await producer.send_and_wait(topic.name, b"1", key=b"k")
            await producer.send_and_wait(topic.name, value, key=b"k", headers=headers)
            await producer.send_and_wait(topic.name, b"2", key=b"k")
        applied = Applied()
        async with consuming(topic, applied) as subscriber:
            await applied.has(b"1", b"2")
            assert subscriber.counters.dead == 1
        (dead,) = await read_records(kafka_bootstrap, topic.dead_letters, until=lambda found: len(found) >= 1)
        assert dict(dead.headers)["dlq_origin_offset"] == b"1"


async def test_record_that_fails_its_batch_is_isolated(kafka_bootstrap: str) -> None:
    def trouble(batch: Sequence[bytes]) -> Exception | None:
        return RuntimeError("refused") if b"bad" in batch else None

    async with topic_of(kafka_bootstrap, 1) as topic:
        await send(topic, b"1", b"bad", b"2")
        applied = Applied(trouble=trouble)
        async with consuming(topic, applied) as subscriber:
            await applied.has(b"1", b"2")
            assert applied.values == [b"1", b"2"]

            async def dead() -> int:
                return subscriber.counters.dead

            await eventually(dead, until=lambda number: number == 1)
        (letter,) = await read_records(
            kafka_bootstrap, topic.dead_letters, until=lambda found: len(found) >= 1
        )
        assert letter.value == b"bad"
        assert headers_of(letter)["dlq_attempts"] == str(RETRY.max_attempts)


async def test_batch_waits_while_the_database_is_unavailable(kafka_bootstrap: str) -> None:
    is_unavailable = True

    def trouble(_batch: Sequence[bytes]) -> Exception | None:
        return DatabaseUnavailable() if is_unavailable else None

    async with topic_of(kafka_bootstrap, 1) as topic:
        await send(topic, b"1", b"2")
        applied = Applied(trouble=trouble)
        async with consuming(topic, applied) as subscriber:

            async def attempts() -> int:
                return applied.attempts

            await eventually(attempts, until=lambda number: number > 2 * RETRY.max_attempts)
            assert subscriber.counters.dead == 0
            assert subscriber.health().in_flight == 2
            is_unavailable = False
            await applied.has(b"1", b"2")


async def test_batch_too_large_for_the_database_is_split(kafka_bootstrap: str) -> None:
    values = [b"%d" % number for number in range(9)]
    async with topic_of(kafka_bootstrap, 1) as topic:
        await send(topic, *values)
        applied = Applied(trouble=lambda batch: DatabaseUnavailable() if len(batch) > 2 else None)
        async with consuming(topic, applied) as subscriber:
            await applied.has(*values)
            assert applied.values == values
            assert subscriber.counters.dead == 0


async def test_batch_that_fails_outside_its_use_case_is_read_again(
    kafka_bootstrap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply_all, broken = BatchSubscriber._apply_all, [True]

    async def breaks_once(subscriber: Any, records: Any) -> None:
        if broken:
            broken.clear()
            raise LookupError
        await apply_all(subscriber, records)

    monkeypatch.setattr(BatchSubscriber, "_apply_all", breaks_once)
    async with topic_of(kafka_bootstrap, 2) as topic:
        await send(topic, b"1", b"2", key=b"a")
        await send(topic, b"3", key=b"b")
        applied = Applied()
        async with consuming(topic, applied):
            await applied.has(b"1", b"2", b"3")
            assert not broken


async def test_batch_that_a_stop_interrupted_is_delivered_again(kafka_bootstrap: str) -> None:
    async with topic_of(kafka_bootstrap, 1) as topic:
        await send(topic, b"1", b"2")
        broken = Applied(trouble=lambda _batch: DatabaseUnavailable())
        async with consuming(topic, broken):

            async def attempts() -> int:
                return broken.attempts

            await eventually(attempts, until=bool)
        applied = Applied()
        async with consuming(topic, applied):
            await applied.has(b"1", b"2")


async def test_second_member_takes_over_partitions_and_no_record_is_lost(kafka_bootstrap: str) -> None:
    values = [b"%d" % number for number in range(100)]
    async with topic_of(kafka_bootstrap, 4) as topic:
        first, second = Applied(), Applied()
        async with consuming(topic, first):
            for value in values[:50]:
                await send(topic, value, key=value)
            async with consuming(topic, second):
                for value in values[50:]:
                    await send(topic, value, key=value)

                async def seen() -> set[bytes]:
                    return {*first.values, *second.values}

                await eventually(seen, until=lambda found: found == set(values))
                assert second.values
