"""Dead letters written with a fake producer."""

import asyncio
from datetime import UTC, datetime

import pytest
from aiokafka.errors import KafkaConnectionError, MessageSizeTooLargeError
from chassis.messaging.consuming.dead_letters import DeadLetters
from chassis.messaging.consuming.records import PoisonRecord

from tests.unit.chassis.messaging.records import raw_record

FIRST_SEEN = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
Sent = tuple[str, bytes | None, bytes | None, dict[str, bytes]]


class FakeProducer:
    def __init__(self, failures: list[Exception]) -> None:
        self.failures = failures
        self.sent: list[Sent] = []
        self.started = self.stopped = 0

    async def start(self) -> None:
        self.started += 1

    async def stop(self) -> None:
        self.stopped += 1

    async def send_and_wait(
        self, topic: str, value: bytes | None, *, key: bytes | None, headers: list[tuple[str, bytes]]
    ) -> None:
        assert value is not None or key is not None
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append((topic, key, value, dict(headers)))


class DeadLetterQueue:
    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.producers: list[FakeProducer] = []
        self.dead_letters = DeadLetters(group_id="sorter", create_producer=self._create)

    def _create(self) -> FakeProducer:
        self.producers.append(FakeProducer(self.failures))
        return self.producers[-1]

    @property
    def sent(self) -> list[Sent]:
        return [one for producer in self.producers for one in producer.sent]

    async def write(self, **of_record: object) -> None:
        raw = raw_record(42, partition=3, **of_record)  # type: ignore[arg-type] # passed through
        await self.dead_letters.write(
            raw, error=PoisonRecord("The value is not JSON."), attempts=2, first_seen=FIRST_SEEN
        )


async def test_dead_letter_is_the_unchanged_record_with_added_headers() -> None:
    world = DeadLetterQueue()
    await world.write(key=b"\xffk", value=b"\xffv", headers=(("ce_id", b"\xff"), ("dlq_reason", b"former")))
    assert world.sent == [
        (
            "things.sorter.dlq",
            b"\xffk",
            b"\xffv",
            {
                "ce_id": b"\xff",
                "dlq_reason": b"PoisonRecord: The value is not JSON.",
                "dlq_origin_topic": b"things",
                "dlq_origin_partition": b"3",
                "dlq_origin_offset": b"42",
                "dlq_attempts": b"2",
                "dlq_first_seen": b"2026-11-22T12:00:00+00:00",
            },
        )
    ]


async def test_failed_producer_is_replaced() -> None:
    world = DeadLetterQueue(KafkaConnectionError())
    with pytest.raises(KafkaConnectionError):
        await world.write()
    await world.write()
    assert [producer.stopped for producer in world.producers] == [1, 0]
    assert len(world.sent) == 1


async def test_one_producer_is_shared_and_stopped_at_the_end() -> None:
    world = DeadLetterQueue()
    await asyncio.gather(*(world.write() for _ in range(5)))
    await world.dead_letters.stop()
    assert [(producer.started, producer.stopped) for producer in world.producers] == [(1, 1)]
    assert len(world.sent) == 5


async def test_record_too_large_for_the_queue_is_written_without_its_value() -> None:
    world = DeadLetterQueue(MessageSizeTooLargeError())
    await world.write(key=b"k", value=b"v" * 500)
    [(_, key, value, headers)] = world.sent
    assert (key, value, headers["dlq_value_omitted"]) == (b"k", None, b"500")


async def test_record_without_key_and_value_is_written() -> None:
    world = DeadLetterQueue()
    await world.write(key=None, value=None)
    [(_, key, value, _)] = world.sent
    assert (key, value) == (None, b"")
