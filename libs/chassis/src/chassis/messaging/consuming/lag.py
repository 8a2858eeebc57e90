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

LOOK_TIMEOUT_SECONDS = 3
# Of ends that were seen, for each partition: an hour at a look every five seconds.
MAX_ENDS = 720


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicLag:
    """Of one topic, over the partitions that are ours."""

    records: int
    """Not done, be they at work or not fetched yet."""
    seconds: float
    """Since the oldest of them arrived."""


class EndOffsets:
    """Where a partition was seen to end, and when: pure."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def see(self, end: int, *, done: int, now: float) -> float:
        """Returns for how long there has been something beyond `done`; 0 where there is nothing."""
        while self._seen and self._seen[0][1] <= done:
            self._seen.popleft()
        if end <= done:
            return 0.0
        if not self._seen or end > self._seen[-1][1]:
            if len(self._seen) == MAX_ENDS:
                self._seen.pop()  # the oldest is the one that is asked for
            self._seen.append((now, end))
        return now - self._seen[0][0]


class LagMonitor:
    """Looks from time to time; `topics` is None while it is not known."""

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
        """Takes what the subscriber knows.

        Args:
            next_of: the lowest offset of a partition that is not done; None before a record of it came.
            has_finished: whether there is, or was, something of a partition to commit.
            age_of: the age of an open record by partition and offset, by its timestamp.
        """
        self.topics: Mapping[str, TopicLag] | None = None
        self.progress: StallDetector[TopicPartition] = StallDetector()
        self._in_flight = in_flight
        self._next_of = next_of
        self._has_finished = has_finished
        self._consumer = consumer
        self._assigned = assigned
        self._age_of = age_of
        self._ends: dict[TopicPartition, EndOffsets] = {}

    async def look(self) -> None:
        """Ask the broker; raises nothing, as it is known elsewhere when Kafka is away."""
        consumer = self._consumer()
        if consumer is None or not self._assigned.is_set():
            self._unknown()
            return
        partitions = consumer.assignment()
        try:
            async with asyncio.timeout(LOOK_TIMEOUT_SECONDS):
                ends = await consumer.end_offsets(partitions)
                committed = dict(
                    zip(partitions, await asyncio.gather(*map(consumer.committed, partitions)), strict=True)
                )
                done = {each: await self._done(consumer, each) for each in partitions}
        except (KafkaError, IllegalStateError, TimeoutError):
            self._unknown()
        else:
            self.topics = self._behind(partitions, ends=ends, done=done)
            # Before anything is finished here there is nothing to commit, wherever the group stands.
            has_done = {each for each in partitions if self._has_finished(each)}
            offsets = {
                each: PartitionOffsets(
                    end=ends[each],
                    done=done[each],
                    committed=committed[each] if each in has_done else None,
                )
                for each in partitions
            }
            self.progress.see(offsets, in_flight=self._in_flight(), now=time.monotonic())

    def _unknown(self) -> None:
        self.topics = None
        self.progress.forget()

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
            waited = self._ends[each].see(ends[each], done=done[each], now=now)
            before = topics.get(each.topic, TopicLag(records=0, seconds=0))
            topics[each.topic] = TopicLag(
                records=before.records + max(0, ends[each] - done[each]),
                seconds=max(before.seconds, waited, self._age_of(each, done[each])),
            )
        return topics
