"""Attempts at one record that FastStream's test broker delivers."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

import pytest
from aiokafka import ConsumerRecord
from aiokafka.errors import KafkaConnectionError
from chassis.messaging.clients import create_broker
from chassis.messaging.consuming.concurrent import ConcurrentSubscriber, ShutdownInProgress, Superseded
from chassis.messaging.consuming.dead_letters import DeadLetters
from chassis.messaging.consuming.records import PoisonRecord, Record
from chassis.messaging.consuming.retry import RetryPolicy
from faststream.kafka import TestKafkaBroker

QUICK = RetryPolicy(transient=(ConnectionResetError,), max_attempts=3, base_delay=0.001, max_delay=0.002)


class FakeDeadLetters(DeadLetters):
    def __init__(self, *, failures: int = 0) -> None:
        super().__init__(group_id="g", create_producer=lambda: pytest.fail("nothing is sent"))
        self.left = failures
        self.written: list[tuple[str, int]] = []

    async def write(
        self, raw: ConsumerRecord, *, error: BaseException, attempts: int, first_seen: datetime
    ) -> None:
        assert raw.topic == "things"
        assert first_seen.tzinfo
        if self.left:
            self.left -= 1
            raise KafkaConnectionError
        self.written.append((type(error).__name__, attempts))


class OpenJobGate:
    running = 0

    def open(self) -> None:
        """Do nothing: jobs are always accepted."""

    def close(self) -> None:
        """Do nothing: no job waits."""


async def deliver(
    handle: Callable[[Record], Any], letters: FakeDeadLetters | None = None, *, times: int = 1
) -> ConcurrentSubscriber[Record]:
    broker = create_broker(bootstrap_servers="nowhere:1", client_id="test", drain_seconds=10)
    subscriber = ConcurrentSubscriber[Record](
        broker,
        "things",
        group_id="g",
        decode=lambda record: record,
        handle=handle,
        jobs=OpenJobGate(),
        max_in_flight=4,
        dead_letters=letters or FakeDeadLetters(),
        retry=QUICK,
    )
    async with TestKafkaBroker(broker):
        for _ in range(times):
            await broker.publish(b"{}", "things", timestamp_ms=1)
    assert subscriber.health().in_flight == 0
    return subscriber


def failing(*errors: BaseException) -> Callable[[Record], Any]:
    left = list(errors)

    async def handle(_record: Record) -> None:
        if left:
            raise left.pop(0)

    return handle


async def test_record_delivered_again_after_it_was_done_is_skipped() -> None:
    seen: list[Record] = []

    async def handle(record: Record) -> None:
        seen.append(record)

    counters = (await deliver(handle, times=2)).counters
    assert [record.value for record in seen] == [b"{}"]
    assert (counters.finished, counters.duplicates) == (1, 1)


async def test_transient_failures_are_retried_without_limit_and_not_counted_as_unknown() -> None:
    errors = [ConnectionResetError(), KeyError(), *[ConnectionResetError()] * 20, KeyError()]
    letters = FakeDeadLetters()
    counters = (await deliver(failing(*errors), letters)).counters
    assert (counters.finished, counters.retried, letters.written) == (1, len(errors), [])


async def test_unknown_failure_is_retried_up_to_max_attempts() -> None:
    letters = FakeDeadLetters()
    counters = (await deliver(failing(*[KeyError()] * 9), letters)).counters
    assert letters.written == [("KeyError", 3)]
    assert (counters.finished, counters.dead) == (1, 1)


async def test_poison_record_is_not_retried() -> None:
    letters = FakeDeadLetters()
    await deliver(failing(PoisonRecord("No."), KeyError()), letters)
    assert letters.written == [("PoisonRecord", 1)]


async def test_dead_letter_is_retried_and_its_failure_is_reported_until_it_is_written() -> None:
    letters = FakeDeadLetters(failures=3)
    reported: list[str | None] = []
    writes = letters.write

    async def write(*arguments: Any, **named: Any) -> None:
        reported.append(letters.failure)
        await writes(*arguments, **named)

    cast("Any", letters).write = write
    subscriber = await deliver(failing(PoisonRecord("No.")), letters)
    assert reported == [None, *["KafkaConnectionError"] * 3]
    assert letters.written == [("PoisonRecord", 1)]
    assert subscriber.health().dead_letter_error is None


async def test_cancellation_inside_the_handler_is_a_failure() -> None:
    letters = FakeDeadLetters()
    await deliver(failing(*[asyncio.CancelledError()] * 9), letters)
    assert letters.written == [("CancelledError", 3)]


async def test_superseded_record_is_done() -> None:
    letters = FakeDeadLetters()
    counters = (await deliver(failing(Superseded()), letters)).counters
    assert (counters.finished, counters.superseded, letters.written) == (1, 1, [])


async def test_record_whose_job_a_shutdown_refuses_is_not_done() -> None:
    with pytest.raises(asyncio.CancelledError):
        await deliver(failing(ShutdownInProgress()))
