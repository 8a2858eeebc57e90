"""Base class of the subscribers that are members of a consumer group."""

import asyncio
import time
from abc import abstractmethod
from collections.abc import Collection
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from faststream.kafka import KafkaBroker, KafkaMessage

from chassis.messaging.clients import CONSUMER_DEFAULTS
from chassis.messaging.consuming.dead_letters import DeadLetters
from chassis.messaging.consuming.health import SubscriberCounters, SubscriberHealth
from chassis.messaging.consuming.lag import LagMonitor
from chassis.messaging.consuming.retry import RetryPolicy
from chassis.messaging.consuming.undecoded import keep_message, keep_undecoded, partition_of
from chassis.telemetry.logs import get_logger

log = get_logger(__name__)

# A record that is open for longer makes the subscriber unhealthy, unless its work may take longer.
STUCK_AFTER_SECONDS: Final = 900.0


class GroupSubscriber(ConsumerRebalanceListener):  # type: ignore[misc] # aiokafka has no types
    """Registers with a broker that is not started yet, and tracks open records and offsets."""

    def __init__(
        self,
        broker: KafkaBroker,
        *topics: str,
        group_id: str,
        dead_letters: DeadLetters,
        retry: RetryPolicy,
        stuck_after_seconds: float = STUCK_AFTER_SECONDS,
        **settings: Any,  # noqa: ANN401 - whatever FastStream takes
    ) -> None:
        self.stuck_after_seconds = stuck_after_seconds
        self.counters = SubscriberCounters()
        self._dead_letters = dead_letters
        self._retry = retry
        self._assigned = asyncio.Event()
        # By offset: the time when the record was opened here (monotonic), and its timestamp in ms.
        self._open: dict[TopicPartition, dict[int, tuple[float, int]]] = {}
        # Offset behind the last record that is done.
        self._next: dict[TopicPartition, int] = {}
        self._subscriber = broker.subscriber(
            *topics,
            group_id=group_id,
            listener=self,
            parser=keep_undecoded,
            decoder=keep_message,
            **{**CONSUMER_DEFAULTS, **settings},
        )
        self._subscriber(self._consume)
        self.lag = LagMonitor(
            next_of=self._next_of,
            has_finished=self._next.__contains__,
            consumer=lambda: self.consumer,
            assigned=self._assigned,
            age_of=self._age_of,
            in_flight=self._in_flight,
        )

    @property
    def consumer(self) -> AIOKafkaConsumer | None:
        """The Kafka consumer while the broker is started, else None."""
        return self._subscriber.consumer

    def health(self) -> SubscriberHealth:
        """Return the current health, from memory alone."""
        oldest = min((since for opened in self._open.values() for since, _ in opened.values()), default=None)
        looping = any(not task.done() for task in self._subscriber.tasks)
        return SubscriberHealth(
            running=self._subscriber.running,
            joined=self._assigned.is_set(),
            fetching=looping,
            committing=self._is_committing(),
            at_work=self._at_work(),
            in_flight=self._in_flight(),
            oldest_seconds=0.0 if oldest is None else time.monotonic() - oldest,
            stuck_after_seconds=self.stuck_after_seconds,
            commit_error=self._commit_error(),
            dead_letter_error=self._dead_letters.failure,
        )

    async def prepare(self) -> None:
        """Reset state before each start of the broker."""
        self._open.clear()
        self._next.clear()
        self.lag.stall.reset()

    async def drain(self, seconds: float) -> None:
        """Do nothing: the broker's stop waits for the running handler."""

    async def close(self) -> None:
        """Leave the group and close the dead letters' producer, after each stop of the broker."""
        self._assigned.clear()
        await self._dead_letters.stop()

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:  # noqa: ARG002 - always all
        """Count as unassigned until the group's new generation begins."""
        self._assigned.clear()

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """Forget offsets, because all partitions are read again from the committed ones."""
        self._next.clear()
        log.info("partitions assigned", partitions=len(assigned))
        self._assigned.set()

    @abstractmethod
    async def _consume(self, message: KafkaMessage) -> None: ...

    @abstractmethod
    def _at_work(self) -> int: ...

    def _is_committing(self) -> bool:
        return True

    def _commit_error(self) -> str | None:
        return None

    def _take(self, record: ConsumerRecord) -> None:
        opened = self._open.setdefault(partition_of(record), {})
        opened.setdefault(record.offset, (time.monotonic(), record.timestamp))

    def _leave(self, record: ConsumerRecord) -> None:
        self._open.get(partition_of(record), {}).pop(record.offset, None)

    def _done(self, record: ConsumerRecord) -> None:
        partition = partition_of(record)
        self._next[partition] = max(self._next.get(partition, 0), record.offset + 1)

    def _in_flight(self) -> int:
        return sum(map(len, self._open.values()))

    def _next_of(self, partition: TopicPartition) -> int | None:
        opened = self._open.get(partition)
        return min(opened) if opened else self._next.get(partition)

    def _age_of(self, partition: TopicPartition, offset: int) -> float:
        opened = self._open.get(partition, {}).get(offset)
        return 0.0 if opened is None else max(0.0, time.time() - opened[1] / 1000)
