"""Handles records of Kafka at the same time, as `faststream-concurrent-aiokafka` runs them.

The library starts a task for each record, and commits a partition up to its oldest record that is not done.
It commits a record whose handler raises, too: here a handler is tried again, and a record that cannot be
handled goes to the dead letters, before its task ends. Delivery is at least once.

After a rebalance a partition is read again from the committed offset, even if it stays. A record that was
done before is left out then; that one is at work is for its handler to notice.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final, Generic, Protocol, TypeVar, cast

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from faststream import FastStream
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream_concurrent_aiokafka import (
    KafkaConcurrentProcessingMiddleware,
    initialize_concurrent_processing,
    is_kafka_handler_healthy,
    stop_concurrent_processing,
)

from chassis.kafka.clients import CONSUMER_DEFAULTS
from chassis.kafka.dead_letters import DeadLetters
from chassis.kafka.health import Counters, SubscriberHealth
from chassis.kafka.lag import Lag
from chassis.kafka.raw import keep_raw, keep_whole, partition_of, where
from chassis.kafka.records import Record, parse_record
from chassis.kafka.retry import Failure, RetryPolicy
from chassis.kafka.safe_errors import places_of, reason_of
from chassis.kafka.spans import processing
from chassis.logs import get_logger

log = get_logger(__name__)

# A record that is open for longer makes the subscriber unhealthy.
STUCK_AFTER_SECONDS: Final = 900.0
COMMIT_SECONDS: Final = 0.25
# Everybody in the group waits for it at a rebalance; what is not committed by then is delivered again.
FLUSH_SECONDS: Final = 1.0
# Records done behind one that is not. A crash repeats as many at most.
MAX_UNCOMMITTED: Final = 10_000

Event = TypeVar("Event")


class Superseded(Exception):
    """Nobody wants any more what the record asks for; it is done."""


class Stopping(Exception):
    """The process stops, and the record is not done."""


class Work(Protocol):
    """What handlers begin, or not any more."""

    def open(self) -> None:
        """Begin what comes."""

    def close(self) -> None:
        """Begin nothing more; what waits for its beginning ends in Stopping."""


class ConcurrentSubscriber(ConsumerRebalanceListener, Generic[Event]):  # type: ignore[misc] # aiokafka has no types
    """Reads topics with many handlers at once; registers with a broker that is not started yet."""

    def __init__(
        self,
        broker: KafkaBroker,
        *topics: str,
        group_id: str,
        decode: Callable[[Record], Event],
        handle: Callable[[Event], Awaitable[None]],
        work: Work,
        drain_seconds: float,
        places: int,
        dead_letters: DeadLetters,
        retry: RetryPolicy,
        **consumer: Any,  # noqa: ANN401 - whatever FastStream takes
    ) -> None:
        """Register the handler.

        Args:
            decode: gives the event of a record; raises PoisonRecord for what it cannot understand.
            handle: awaited with each event; raises Superseded, or Stopping once `work` is closed. What is
                cancelled is delivered again.
            work: what `handle` begins. A stop closes it, and gives what has begun `drain_seconds` to end.
            places: records taken on and not done, at most. With all places taken no more are read.
            retry: a record that still fails goes to the dead letters.
        """
        self.counters = Counters()
        self._decode = decode
        self._handle = handle
        self._work = work
        self._drain_seconds = drain_seconds
        self._places = places
        self._dead_letters = dead_letters
        self._retry = retry
        self._assigned = asyncio.Event()
        self._is_stopping = asyncio.Event()
        self._is_drained = asyncio.Event()
        self._tasks: set[asyncio.Task[Any]] = set()
        # Since when each record is open here, and its timestamp.
        self._open: dict[TopicPartition, dict[int, tuple[float, int]]] = {}
        # Done, but perhaps not committed; of each partition, as far as can be delivered again.
        self._done: dict[TopicPartition, dict[int, None]] = {}
        # Finds the subscribers that the library has to attend to.
        self._app = FastStream(broker)
        broker.add_middleware(KafkaConcurrentProcessingMiddleware)
        self._subscriber = broker.subscriber(
            *topics,
            group_id=group_id,
            listener=self,
            parser=keep_raw,
            decoder=keep_whole,
            **{**CONSUMER_DEFAULTS, **consumer},
        )
        self._subscriber(self._consume)
        self.lag = Lag(
            next_of=self._next_of,
            has_finished=lambda partition: bool(self._done.get(partition)),
            consumer=lambda: self._subscriber.consumer,
            assigned=self._assigned,
            age_of=self._age_of,
            in_flight=self._in_flight,
        )

    @property
    def consumer(self) -> AIOKafkaConsumer | None:
        """The client, while the broker is started."""
        return self._subscriber.consumer

    def health(self) -> SubscriberHealth:
        """How the subscriber is right now; asks nobody."""
        consumer = self._subscriber.consumer
        looping = any(not task.done() for task in self._subscriber.tasks)
        oldest = min((since for opened in self._open.values() for since, _ in opened.values()), default=None)
        return SubscriberHealth(
            running=self._subscriber.running,
            joined=self._assigned.is_set(),
            partitions=0 if consumer is None else len(consumer.assignment()),
            # A client whose own tasks have died waits for ever, which only its lack of progress shows.
            fetching=looping and self.lag.progress.problem is None,
            committing=is_kafka_handler_healthy(self._app.context),
            in_flight=self._in_flight(),
            oldest_seconds=0.0 if oldest is None else time.monotonic() - oldest,
            stuck_after_seconds=STUCK_AFTER_SECONDS,
            fetch_error=None,
            commit_error=None,
            dead_letter_error=self._dead_letters.failure,
        )

    async def prepare(self) -> None:
        """Before each start of the broker."""
        self._open.clear()
        self._done.clear()
        self._work.open()
        self._is_stopping.clear()
        self._is_drained.clear()
        await initialize_concurrent_processing(
            self._app.context,
            concurrency_limit=self._places,
            # By time alone: a commit for each record would cost more than the record.
            commit_batch_size=MAX_UNCOMMITTED,
            commit_batch_timeout_sec=COMMIT_SECONDS,
            max_uncommitted_tasks=MAX_UNCOMMITTED,
            rebalance_flush_timeout_sec=FLUSH_SECONDS,
        )

    async def drain(self) -> None:
        """Before each stop of the broker: let what runs end, commit, and cancel the rest."""
        self._work.close()
        self._is_stopping.set()
        if self._tasks and self._subscriber.running:
            await asyncio.wait(self._tasks, timeout=self._drain_seconds)
        self._is_drained.set()
        await stop_concurrent_processing(self._app.context)

    async def close(self) -> None:
        """Close what the broker does not; a later record opens it again."""
        await self._dead_letters.stop()
        self._assigned.clear()

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:  # noqa: ARG002 - always all
        """The group begins a new generation, and we have nothing until it is there."""
        self._assigned.clear()

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """Everything is read again from the committed offsets."""
        log.info("partitions assigned", partitions=len(assigned))
        self._assigned.set()

    async def _consume(self, message: KafkaMessage) -> None:
        raw: ConsumerRecord = message.raw_message
        partition, offset = partition_of(raw), raw.offset
        if offset in self._done.setdefault(partition, {}):
            self.counters.duplicates += 1
            return
        if self._is_stopping.is_set():
            # Not at once: as long as the broker runs the next record would come.
            await self._is_drained.wait()
            raise asyncio.CancelledError
        opened = self._open.setdefault(partition, {})
        opened.setdefault(offset, (time.monotonic(), raw.timestamp))
        task = cast("asyncio.Task[None]", asyncio.current_task())
        self._tasks.add(task)
        try:
            await self._until_done(raw)
        except asyncio.CancelledError:
            self.counters.abandoned += 1
            raise
        finally:
            opened.pop(offset, None)
            task.add_done_callback(self._tasks.discard)
        self.counters.finished += 1
        done = self._done[partition]
        done[offset] = None
        if len(done) > MAX_UNCOMMITTED:
            del done[next(iter(done))]

    async def _until_done(self, raw: ConsumerRecord) -> None:
        first_seen = datetime.now(UTC)
        attempt = unknown = 0
        while True:
            attempt += 1
            error = await self._attempt(raw)
            if error is None:
                return
            failure = self._retry.classify(error)
            unknown += failure is Failure.UNKNOWN
            if failure is Failure.POISON or unknown >= self._retry.max_attempts:
                await self._bury(raw, error, attempts=attempt, first_seen=first_seen)
                return
            log.warning(
                "a record failed, will try again",
                **where(raw),
                attempt=attempt,
                failure=failure.value,
                reason=reason_of(error),
                places=places_of(error),
            )
            self.counters.retried += 1
            await self._pause(attempt)

    async def _attempt(self, raw: ConsumerRecord) -> BaseException | None:
        self.counters.started += 1
        self.counters.running += 1
        self.counters.peak = max(self.counters.peak, self.counters.running)
        try:
            with processing(raw):
                await self._handle(self._decode(parse_record(raw)))
        except Superseded:
            self.counters.superseded += 1
        except Stopping:
            raise asyncio.CancelledError from None
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            # The handler awaited something that was cancelled: its failure, not our end.
            return error
        except Exception as error:  # noqa: BLE001 - the policy decides about every one
            return error
        finally:
            self.counters.running -= 1
        return None

    async def _bury(
        self, raw: ConsumerRecord, error: BaseException, *, attempts: int, first_seen: datetime
    ) -> None:
        await self._dead_letters.bury(
            raw, error=error, attempts=attempts, first_seen=first_seen, pause=self._pause
        )
        self.counters.dead += 1

    async def _pause(self, attempt: int) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._retry.delay(attempt)):
                await self._is_stopping.wait()
        if self._is_stopping.is_set():
            raise asyncio.CancelledError

    def _in_flight(self) -> int:
        return sum(map(len, self._open.values()))

    def _next_of(self, partition: TopicPartition) -> int | None:
        if opened := self._open.get(partition):
            return min(opened)
        done = self._done.get(partition)
        return max(done) + 1 if done else None

    def _age_of(self, partition: TopicPartition, offset: int) -> float:
        opened = self._open.get(partition, {}).get(offset)
        return 0.0 if opened is None else max(0.0, time.time() - opened[1] / 1000)
