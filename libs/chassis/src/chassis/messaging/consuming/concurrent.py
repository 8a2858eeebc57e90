"""Handle records concurrently, on top of `faststream-concurrent-aiokafka`.

The library starts a task for each record and commits a partition up to its oldest open record. It commits a
record whose handler raised as well. So a task of this subscriber retries its handler, or writes a dead
letter, before it ends. Delivery is at least once.

After a rebalance all partitions are read again from the committed offsets. The subscriber skips a record that
is done; the handler has to detect a record that is still being handled.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final, Generic, Protocol, TypeVar, cast

from aiokafka import ConsumerRecord, TopicPartition
from faststream import FastStream
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream_concurrent_aiokafka import (
    KafkaConcurrentProcessingMiddleware,
    initialize_concurrent_processing,
    is_kafka_handler_healthy,
    stop_concurrent_processing,
)

from chassis.messaging.consuming.dead_letters import DeadLetters
from chassis.messaging.consuming.records import Record, parse_record
from chassis.messaging.consuming.retry import FailureKind, RetryPolicy
from chassis.messaging.consuming.subscriber import GroupSubscriber
from chassis.messaging.consuming.undecoded import log_fields, partition_of
from chassis.messaging.error_summary import error_fields
from chassis.messaging.spans import process_in_span
from chassis.telemetry.logs import get_logger

log = get_logger(__name__)

COMMIT_SECONDS: Final = 0.25
# The whole group waits for this flush at a rebalance. Records not committed by then are delivered again.
FLUSH_SECONDS: Final = 1.0
# For the last commit and the end of cancelled tasks.
SHUTDOWN_SECONDS: Final = 3.0
# The library stops reading beyond this number.
MAX_UNCOMMITTED: Final = 10_000

Event = TypeVar("Event")


class Superseded(Exception):
    """The requested work was cancelled, so the record is done."""


class ShutdownInProgress(Exception):
    """The process stops before the record is done."""


class JobGate(Protocol):
    """Starts the jobs of handlers, or refuses them while the service stops."""

    running: int
    """Number of running jobs."""

    def open(self) -> None:
        """Accept jobs."""

    def close(self) -> None:
        """Start no more jobs; those that wait to start raise ShutdownInProgress."""


class ConcurrentSubscriber(GroupSubscriber, Generic[Event]):
    """Handles many records at once. Registers with a broker that is not started yet."""

    def __init__(
        self,
        broker: KafkaBroker,
        *topics: str,
        group_id: str,
        decode: Callable[[Record], Event],
        handle: Callable[[Event], Awaitable[None]],
        jobs: JobGate,
        max_in_flight: int,
        dead_letters: DeadLetters,
        retry: RetryPolicy,
        **settings: Any,  # noqa: ANN401 - of GroupSubscriber, and whatever FastStream takes
    ) -> None:
        """Register the handler.

        Args:
            decode: returns the event of a record, or raises PoisonRecord.
            handle: awaited with each event. Raises Superseded, or ShutdownInProgress once `jobs` is closed.
                A cancelled event is delivered again.
            jobs: starts the jobs of `handle`; a stop closes it.
            max_in_flight: most open records; beyond it no more are read.
            retry: decides about failures. A record that still fails becomes a dead letter.
        """
        broker.add_middleware(KafkaConcurrentProcessingMiddleware)
        super().__init__(
            broker, *topics, group_id=group_id, dead_letters=dead_letters, retry=retry, **settings
        )
        # The library finds its subscribers by the application.
        self._app = FastStream(broker)
        self._decode = decode
        self._handle = handle
        self._jobs = jobs
        self._max_in_flight = max_in_flight
        self._is_stopping = asyncio.Event()
        self._is_drained = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        # Timestamps by offset of records that are done and may be delivered again before they are committed.
        self._recent: dict[TopicPartition, dict[int, int]] = {}

    async def prepare(self) -> None:
        """Reset state and start the library, before each start of the broker."""
        await super().prepare()
        self._recent.clear()
        self._jobs.open()
        self._is_stopping.clear()
        self._is_drained.clear()
        await initialize_concurrent_processing(
            self._app.context,
            concurrency_limit=self._max_in_flight,
            # Commit by time alone: a commit for each record would cost more than the record.
            commit_batch_size=MAX_UNCOMMITTED,
            commit_batch_timeout_sec=COMMIT_SECONDS,
            max_uncommitted_tasks=MAX_UNCOMMITTED,
            shutdown_timeout_sec=SHUTDOWN_SECONDS,
            rebalance_flush_timeout_sec=FLUSH_SECONDS,
        )

    async def drain(self, seconds: float) -> None:
        """Let running handlers end within `seconds`, commit, and cancel the rest."""
        self._jobs.close()
        self._is_stopping.set()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        self._is_drained.set()
        await stop_concurrent_processing(self._app.context)

    async def _consume(self, message: KafkaMessage) -> None:
        record: ConsumerRecord = message.raw_message
        recent = self._recent.setdefault(partition_of(record), {})
        if self._is_stopping.is_set():
            # Ending at once would make the running broker deliver the next record.
            await self._is_drained.wait()
            raise asyncio.CancelledError
        # The timestamp tells a record of a topic that was created again, with offsets from 0.
        if recent.get(record.offset) == record.timestamp:
            self.counters.duplicates += 1
            return
        task = cast("asyncio.Task[None]", asyncio.current_task())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._take(record)
        try:
            await self._until_done(record)
        except asyncio.CancelledError:
            self.counters.abandoned += 1
            raise
        finally:
            self._leave(record)
            # The library keeps the message until its record is committed; release the memory of the record.
            message.raw_message, message.body = None, None
            message.clear_cache()
        self.counters.finished += 1
        self._done(record)
        recent[record.offset] = record.timestamp
        if len(recent) > MAX_UNCOMMITTED:
            del recent[next(iter(recent))]

    async def _until_done(self, record: ConsumerRecord) -> None:
        first_seen = datetime.now(UTC)
        attempt = unknown = 0
        while True:
            attempt += 1
            error = await self._attempt(record)
            if error is None:
                return
            failure = self._retry.classify(error)
            unknown += failure is FailureKind.UNKNOWN
            if failure is FailureKind.POISON or unknown >= self._retry.max_attempts:
                await self._bury(record, error, attempts=attempt, first_seen=first_seen)
                return
            log.warning(
                "record failed, retrying",
                **log_fields(record),
                attempt=attempt,
                failure=failure.value,
                **error_fields(error),
            )
            self.counters.retried += 1
            await self._pause(attempt)

    async def _attempt(self, record: ConsumerRecord) -> BaseException | None:
        self.counters.started += 1
        try:
            with process_in_span(record):
                await self._handle(self._decode(parse_record(record)))
        except Superseded:
            self.counters.superseded += 1
        except ShutdownInProgress:
            raise asyncio.CancelledError from None
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            # The handler awaited something that was cancelled, which is a failure and not a stop.
            return error
        except Exception as error:  # noqa: BLE001 - the retry policy decides about every error
            return error
        return None

    async def _bury(
        self, record: ConsumerRecord, error: BaseException, *, attempts: int, first_seen: datetime
    ) -> None:
        await self._dead_letters.bury(
            record, error=error, attempts=attempts, first_seen=first_seen, pause=self._pause
        )
        self.counters.dead += 1

    async def _pause(self, attempt: int) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._retry.delay(attempt)):
                await self._is_stopping.wait()
        if self._is_stopping.is_set():
            raise asyncio.CancelledError

    def _at_work(self) -> int:
        return self._jobs.running

    def _is_committing(self) -> bool:
        return is_kafka_handler_healthy(self._app.context)
