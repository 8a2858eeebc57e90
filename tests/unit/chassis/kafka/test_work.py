"""Slots, order within a key, retries, dead letters and endings; without Kafka."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest
from aiokafka import ConsumerRecord, TopicPartition
from chassis.kafka.records import PoisonRecord, Record
from chassis.kafka.retry import RetryPolicy
from chassis.kafka.work import Work

from tests.unit.chassis.kafka.records import raw_record

PARTITION = TopicPartition("things", 0)


class Away(Exception):
    pass


class PlayedDeadLetters:
    def __init__(self) -> None:
        self.failures: list[Exception] = []
        self.written: list[tuple[int, str, int]] = []

    async def write(
        self, raw: ConsumerRecord, *, error: BaseException, attempts: int, first_seen: datetime
    ) -> None:
        assert first_seen.tzinfo is not None
        await asyncio.sleep(0)
        if self.failures:
            raise self.failures.pop(0)
        self.written.append((raw.offset, type(error).__name__, attempts))


class World:
    """A `Work` whose handlers wait until they are let go, each by its offset."""

    def __init__(self, *, concurrency: int = 8, max_attempts: int = 3) -> None:
        self.running: list[int] = []
        self.finished: list[int] = []
        self.changes = 0
        self.changed = asyncio.Event()
        self.dead_letters = PlayedDeadLetters()
        self.script: dict[int, list[BaseException]] = {}
        self.held: dict[int, asyncio.Event] = {}
        self.on_cancel: Callable[[], Awaitable[None]] | None = None
        self.work = Work(
            handler=self._handle,
            concurrency=concurrency,
            max_value_bytes=100,
            retry=RetryPolicy(
                transient=(Away,), max_attempts=max_attempts, base_delay=0.001, max_delay=0.002
            ),
            dead_letters=self.dead_letters,
            on_change=self._changed,
            supersedes=lambda later, earlier: (later.value, earlier.value) == (b"end", b"{}"),
        )

    def start(self, offset: int, *, key: bytes | None = None, value: bytes = b"{}") -> None:
        self.work.start(raw_record(offset, key=key, value=value), lambda: self.finished.append(offset))

    def hold(self, *offsets: int) -> None:
        for offset in offsets:
            self.held[offset] = asyncio.Event()

    def let_go(self, *offsets: int) -> None:
        for offset in offsets:
            self.held[offset].set()

    async def settle(self) -> None:
        """Let everything go on that does not wait for a clock."""
        for _ in range(20):
            await asyncio.sleep(0)

    async def until_empty(self) -> None:
        async with asyncio.timeout(5):
            while len(self.work):
                self.changed.clear()
                await self.changed.wait()

    async def _handle(self, record: Record) -> None:
        self.running.append(record.offset)
        try:
            if held := self.held.get(record.offset):
                await held.wait()
            if errors := self.script.get(record.offset):
                raise errors.pop(0)
        except asyncio.CancelledError:
            if self.on_cancel is not None:
                await self.on_cancel()
            raise
        finally:
            self.running.remove(record.offset)

    def _changed(self, partition: TopicPartition) -> None:
        assert partition == PARTITION
        self.changes += 1
        self.changed.set()


async def test_records_with_one_key_run_in_order_and_others_beside_them() -> None:
    world = World()
    world.hold(0, 1, 2, 3)
    for offset, key in enumerate((b"a", b"a", b"b", None)):
        world.start(offset, key=key)
    await world.settle()
    assert world.running == [0, 2, 3]
    world.let_go(0)
    await world.settle()
    assert world.running == [2, 3, 1]
    world.let_go(1, 2, 3)
    await world.until_empty()
    assert sorted(world.finished) == [0, 1, 2, 3]
    assert world.changes == 4


async def test_a_job_that_waits_for_its_predecessor_holds_no_slot() -> None:
    world = World(concurrency=2)
    world.hold(0)
    for offset in range(5):
        world.start(offset, key=b"a")
    world.start(9, key=b"b")
    await world.settle()
    assert world.finished == [9]
    world.let_go(0)
    await world.until_empty()
    assert world.finished == [9, 0, 1, 2, 3, 4]


async def test_slots_bound_what_runs_at_once() -> None:
    world = World(concurrency=3)
    world.hold(*range(10))
    for offset in range(10):
        world.start(offset)
    await world.settle()
    assert world.running == [0, 1, 2]
    assert world.work.counters.running == 3
    world.let_go(*range(10))
    await world.until_empty()
    assert world.work.counters.peak == 3
    assert world.work.counters.running == 0


async def test_a_job_that_backs_off_holds_no_slot() -> None:
    world = World(concurrency=1)
    world.script[0] = [Away()] * 20
    world.start(0)
    await world.settle()
    world.start(1)
    await world.settle()
    assert world.finished == [1]
    await world.until_empty()
    assert world.finished == [1, 0]


async def test_transient_failures_are_tried_for_ever() -> None:
    world = World(max_attempts=2)
    world.script[0] = [Away()] * 30
    world.start(0)
    await world.until_empty()
    assert world.finished == [0]
    assert world.dead_letters.written == []
    assert world.work.counters.retried == 30


async def test_unknown_failures_are_counted_apart_from_transient_ones() -> None:
    world = World(max_attempts=3)
    world.script[0] = [Away(), ValueError(), Away(), KeyError(), Away(), ValueError()]
    world.start(0)
    await world.until_empty()
    assert world.dead_letters.written == [(0, "ValueError", 6)]
    assert world.finished == [0]
    assert world.work.counters.dead == 1


async def test_poison_is_tried_once_and_frees_its_successor() -> None:
    world = World()
    world.script[0] = [PoisonRecord("It is bad.")]
    world.start(0, key=b"a")
    world.start(1, key=b"a")
    world.start(2, value=b"x" * 101)
    await world.until_empty()
    assert sorted(world.dead_letters.written) == [(0, "PoisonRecord", 1), (2, "PoisonRecord", 1)]
    assert sorted(world.finished) == [0, 1, 2]


async def test_a_record_is_done_only_when_its_dead_letter_is_written() -> None:
    world = World()
    world.dead_letters.failures = [OSError(), RuntimeError()]
    world.script[0] = [PoisonRecord("It is bad.")]
    world.start(0, key=b"a")
    world.start(1, key=b"a")
    await world.settle()
    assert world.finished == []
    assert world.work.dead_letter_error == "OSError"
    await world.until_empty()
    assert world.finished == [0, 1]
    assert world.work.dead_letter_error is None


async def test_a_cancellation_that_is_not_ours_is_a_failure_like_others() -> None:
    world = World(max_attempts=2)
    world.script[0] = [asyncio.CancelledError(), asyncio.CancelledError()]
    world.start(0)
    await world.until_empty()
    assert world.dead_letters.written == [(0, "CancelledError", 2)]


async def test_an_abandoned_job_is_cancelled_and_not_finished() -> None:
    world = World()
    world.hold(0)
    world.start(0, key=b"a")
    world.start(1, key=b"b")
    await world.settle()
    world.work.abandon([(PARTITION, 0), (PARTITION, 99)])
    assert len(world.work) == 0
    await world.settle()
    assert world.running == []
    assert world.finished == [1]
    assert world.work.counters.abandoned == 1


@pytest.mark.parametrize("key", [b"a", None])
async def test_a_record_that_comes_back_waits_for_its_cancelled_former_self(key: bytes | None) -> None:
    world = World()
    cleaned_up = asyncio.Event()

    async def clean_up() -> None:
        await cleaned_up.wait()

    world.on_cancel = clean_up
    world.hold(0, 1)
    for offset in (0, 1):
        world.start(offset, key=key)
    await world.settle()
    world.work.abandon([(PARTITION, 0), (PARTITION, 1)])
    await world.settle()
    world.start(0, key=key)
    world.let_go(0, 1)
    await world.settle()
    assert world.finished == []
    assert world.running == ([0] if key else [0, 1])
    cleaned_up.set()
    await world.until_empty()
    assert world.finished == [0]


async def test_draining_lets_running_jobs_end_and_starts_nothing() -> None:
    world = World(concurrency=2)
    world.hold(0, 1, 2)
    world.script[3] = [Away()] * 100
    world.start(0, key=b"a")
    world.start(1, key=b"b")
    world.start(2, key=b"a")
    world.start(3)
    await world.settle()
    draining = asyncio.create_task(world.work.drain(5))
    await world.settle()
    assert len(world.work) == 2
    world.let_go(0, 1, 2)
    await draining
    assert sorted(world.finished) == [0, 1]
    assert len(world.work) == 0
    assert world.work.counters.abandoned == 2


async def test_draining_ends_what_outlasts_the_grace_time() -> None:
    world = World()
    world.hold(0)
    world.start(0)
    await world.settle()
    await world.work.drain(0.01)
    assert world.finished == []
    assert world.running == []


async def test_a_failure_while_draining_is_left_to_whoever_comes_next() -> None:
    world = World()
    world.hold(0)
    world.script[0] = [ValueError()]
    world.start(0)
    await world.settle()
    draining = asyncio.create_task(world.work.drain(5))
    await world.settle()
    world.let_go(0)
    await draining
    assert world.finished == []
    assert world.dead_letters.written == []


async def test_size_and_age_of_what_is_open() -> None:
    world = World()
    assert world.work.oldest_seconds == 0
    world.hold(0)
    world.start(0, key=b"kk", value=b"1234")
    await world.settle()
    assert world.work.bytes_held == 6
    assert world.work.oldest_seconds > 0
    world.let_go(0)
    await world.until_empty()
    assert world.work.bytes_held == 0


async def test_a_record_that_supersedes_ends_the_earlier_jobs_of_its_key_as_done() -> None:
    world = World()
    world.hold(0, 2, 3)
    for offset, key in enumerate((b"a", b"a", b"b")):
        world.start(offset, key=key)
    await world.settle()
    # Running, waiting behind it, and not even begun.
    world.start(3, key=b"a", value=b"end")
    world.start(4, key=b"a")
    world.start(5, key=b"a", value=b"end")
    await world.settle()
    assert world.running == [2, 3]
    assert sorted(world.finished) == [0, 1, 4]
    world.let_go(2, 3)
    await world.until_empty()
    assert sorted(world.finished) == [0, 1, 2, 3, 4, 5]
    assert (world.work.counters.superseded, world.work.counters.abandoned) == (3, 0)


async def test_what_is_on_its_way_to_the_dead_letters_is_not_superseded() -> None:
    world = World()
    world.script[0] = [PoisonRecord("It is.")]
    world.dead_letters.failures = [Away(), Away()]
    world.start(0, key=b"a")
    await world.settle()
    world.start(1, key=b"a", value=b"end")
    await world.until_empty()
    assert world.dead_letters.written == [(0, "PoisonRecord", 1)]
    assert world.finished == [0, 1]


async def test_a_superseded_job_counts_although_the_subscriber_drains() -> None:
    world = World()
    world.hold(0, 1)
    world.start(0, key=b"a")
    await world.settle()
    world.start(1, key=b"a", value=b"end")
    await world.work.drain(0)
    assert world.finished == [0]
