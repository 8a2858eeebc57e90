"""Lag of a subscriber, in records and in seconds.

Offsets alone cannot tell seconds. The age of an open record comes from its timestamp. For records that are
not fetched yet, the monitor remembers when it first saw the end of the partition beyond them. A new process
does not know that, and learns the age with its first records.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError

from chassis.messaging.consuming.stall import PartitionOffsets, StallDetector

REFRESH_TIMEOUT_SECONDS = 3
# Ends kept for each partition: an hour with a refresh every five seconds.
MAX_ENDS = 720


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicLag:
    """Lag of the assigned partitions of a topic."""

    records: int
    """Number of records that are not done, including those that are not fetched yet."""
    seconds: float
    """Seconds since the oldest of them arrived."""


class EndOffsets:
    """Ends of a partition, with the time when each was first seen."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def update(self, end: int, *, done: int, now: float) -> float:
        """Return for how many seconds there have been records beyond `done`; 0 without any."""
        while self._seen and self._seen[0][1] <= done:
            self._seen.popleft()
        if end <= done:
            return 0.0
        if not self._seen or end > self._seen[-1][1]:
            if len(self._seen) == MAX_ENDS:
                self._seen.pop()  # the oldest ends are the ones that matter
            self._seen.append((now, end))
        return now - self._seen[0][0]


class LagMonitor:
    """Computes the lag by topic at each refresh; `topics` is None while it is unknown."""

    def __init__(
        self,
        *,
        next_of: Callable[[TopicPartition], int | None],
        has_finished: Callable[[TopicPartition], bool],
        consumer: Callable[[], AIOKafkaConsumer | None],
        assigned: asyncio.Event,
        age_of: Callable[[TopicPartition, int], float],
        in_flight: Callable[[], int],
    ) -> None:
        """Take the state of the subscriber.

        Args:
            next_of: returns the lowest offset of a partition that is not done; None before its first record.
            has_finished: tells if this process has finished a record of a partition.
            age_of: returns the age in seconds of an open record by partition and offset, by its timestamp.
        """
        self.topics: Mapping[str, TopicLag] | None = None
        self.stall: StallDetector[TopicPartition] = StallDetector()
        self._in_flight = in_flight
        self._next_of = next_of
        self._has_finished = has_finished
        self._consumer = consumer
        self._assigned = assigned
        self._age_of = age_of
        self._ends: dict[TopicPartition, EndOffsets] = {}

    async def refresh(self) -> None:
        """Query the broker. Raises nothing: other checks report that Kafka is unavailable."""
        consumer = self._consumer()
        if consumer is None or not self._assigned.is_set():
            self._unknown()
            return
        partitions = consumer.assignment()
        try:
            async with asyncio.timeout(REFRESH_TIMEOUT_SECONDS):
                ends = await consumer.end_offsets(partitions)
                committed = dict(
                    zip(partitions, await asyncio.gather(*map(consumer.committed, partitions)), strict=True)
                )
                done = {each: await self._done(consumer, each) for each in partitions}
        except (KafkaError, IllegalStateError, TimeoutError):
            self._unknown()
        else:
            self.topics = self._behind(partitions, ends=ends, done=done)
            # A process that has not finished a record has nothing to commit, whatever the group's offset is.
            has_done = {each for each in partitions if self._has_finished(each)}
            offsets = {
                each: PartitionOffsets(
                    end=ends[each],
                    done=done[each],
                    committed=committed[each] if each in has_done else None,
                )
                for each in partitions
            }
            self.stall.update(offsets, in_flight=self._in_flight(), now=time.monotonic())

    def _unknown(self) -> None:
        self.topics = None
        self.stall.reset()

    async def _done(self, consumer: AIOKafkaConsumer, partition: TopicPartition) -> int:
        known = self._next_of(partition)
        position: int = await consumer.position(partition) if known is None else known
        return position

    def _behind(
        self,
        partitions: Collection[TopicPartition],
        *,
        ends: Mapping[TopicPartition, int],
        done: Mapping[TopicPartition, int],
    ) -> Mapping[str, TopicLag]:
        now = time.monotonic()
        self._ends = {each: self._ends.get(each) or EndOffsets() for each in partitions}
        topics: dict[str, TopicLag] = {}
        for each in partitions:
            waited = self._ends[each].update(ends[each], done=done[each], now=now)
            before = topics.get(each.topic, TopicLag(records=0, seconds=0))
            topics[each.topic] = TopicLag(
                records=before.records + max(0, ends[each] - done[each]),
                seconds=max(before.seconds, waited, self._age_of(each, done[each])),
            )
        return topics
