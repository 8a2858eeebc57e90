import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaConnectionError
from chassis.messaging.consuming import lag, stall
from chassis.messaging.consuming.lag import EndOffsets, LagMonitor, TopicLag


def test_partition_that_is_done_has_no_lag() -> None:
    ends = EndOffsets()
    assert ends.update(10, done=10, now=0) == 0
    assert ends.update(10, done=10, now=1000) == 0


def test_lag_begins_when_the_end_was_first_seen_beyond_done_records() -> None:
    ends = EndOffsets()
    assert ends.update(12, done=10, now=100) == 0
    assert ends.update(15, done=10, now=105) == 5
    assert ends.update(15, done=11, now=110) == 10
    # The first records are done; the others were first seen at 105.
    assert ends.update(15, done=12, now=120) == 15
    assert ends.update(15, done=15, now=130) == 0
    assert ends.update(16, done=15, now=500) == 0


def test_number_of_remembered_ends_is_bounded_and_the_oldest_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lag, "MAX_ENDS", 10)
    ends = EndOffsets()
    for second in range(1000):
        assert ends.update(second + 1, done=0, now=second) == second
    assert len(ends._seen) == 10


ONE, TWO, OTHER = TopicPartition("a", 0), TopicPartition("a", 1), TopicPartition("b", 0)


class FakeConsumer:
    def __init__(self) -> None:
        self.ends = {ONE: 10, TWO: 7, OTHER: 3}
        self.error: Exception | None = None

    def assignment(self) -> set[TopicPartition]:
        return set(self.ends)

    async def end_offsets(self, partitions: set[TopicPartition]) -> dict[TopicPartition, int]:
        if self.error:
            raise self.error
        return {each: self.ends[each] for each in partitions}

    async def committed(self, partition: TopicPartition) -> int | None:
        return {ONE: 6, TWO: None, OTHER: 2}[partition]

    async def position(self, partition: TopicPartition) -> int:
        return {ONE: 99, TWO: 5, OTHER: 3}[partition]


def monitored() -> SimpleNamespace:
    consumer, assigned = FakeConsumer(), asyncio.Event()
    ages = {(ONE, 6): 42.0}
    looking = LagMonitor(
        next_of={ONE: 6}.get,
        has_finished=lambda _: False,
        consumer=lambda: cast("Any", consumer),
        assigned=assigned,
        age_of=lambda partition, offset: ages.get((partition, offset), 0.0),
        in_flight=lambda: 0,
    )
    return SimpleNamespace(lag=looking, consumer=consumer, assigned=assigned)


async def test_lag_of_a_topic_sums_records_and_takes_the_oldest_age() -> None:
    the = monitored()
    the.assigned.set()
    await the.lag.refresh()
    # All records from the open one on of one partition, and the unfetched records of the other.
    assert the.lag.topics == {"a": TopicLag(records=4 + 2, seconds=42.0), "b": TopicLag(records=0, seconds=0)}


async def test_commits_that_do_not_reach_the_broker_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    the = monitored()
    the.assigned.set()
    await the.lag.refresh()
    assert the.lag.stall.problem is None
    monkeypatch.setattr(stall, "STALLED_SECONDS", 0)
    await the.lag.refresh()
    assert the.lag.stall.problem is not None
    the.consumer.error = KafkaConnectionError()
    await the.lag.refresh()
    assert the.lag.stall.problem is None


async def test_lag_is_unknown_without_membership_or_a_broker() -> None:
    the = monitored()
    await the.lag.refresh()
    assert the.lag.topics is None
    the.assigned.set()
    await the.lag.refresh()
    assert the.lag.topics is not None
    the.consumer.error = KafkaConnectionError()
    await the.lag.refresh()
    assert the.lag.topics is None
