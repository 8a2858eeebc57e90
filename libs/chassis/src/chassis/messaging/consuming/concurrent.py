"""Handles records of Kafka at the same time, as `faststream-concurrent-aiokafka` runs them.

The library starts a task for each record, and commits a partition up to its oldest record that is not done.
It commits a record whose handler raises, too: here a handler is tried again, and a record that cannot be
handled goes to the dead letters, before its task ends. Delivery is at least once.

After a rebalance a partition is read again from the committed offset, even if it stays. A record that was
done before is left out then; that one is at work is for its handler to notice.
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
# Everybody in the group waits for it at a rebalance; what is not committed by then is delivered again.
FLUSH_SECONDS: Final = 1.0
# For the last commit, and for what is cancelled to end.
SHUTDOWN_SECONDS: Final = 3.0
# With more the library reads no further.
MAX_UNCOMMITTED: Final = 10_000

Event = TypeVar("Event")


class Superseded(Exception):
    """The work that the record asks for was cancelled; the record is done."""


class ShutdownInProgress(Exception):
    """The process stops, and the record is not done."""


class JobGate(Protocol):
    """Begins the work of handlers, or refuses it while the service stops."""

    running: int
    """Number of jobs that have begun and not ended."""

    def open(self) -> None:
        """Begin what comes."""

    def close(self) -> None:
        """Begin nothing more; what waits for its beginning ends in ShutdownInProgress."""


class ConcurrentSubscriber(GroupSubscriber, Generic[Event]):
    """Reads topics with many handlers at once; registers with a broker that is not started yet."""

    def __init__(
        self,
        broker: KafkaBroker,
        *topics: str,
        group_id: str,
        decode: Callable[[Record], Event],
        handle: Callable[[Event], Awaitable[None]],
        work: JobGate,
        places: int,
        dead_letters: DeadLetters,
        retry: RetryPolicy,
        **settings: Any,  # noqa: ANN401 - whatever FastStream takes
    ) -> None:
        """Register the handler.

        Args:
            decode: gives the event of a record; raises PoisonRecord for what it cannot understand.
            handle: awaited with each event. Raises Superseded, or ShutdownInProgress once `work` is closed.
                A cancelled event is delivered again.
            work: what `handle` begins; a stop closes it.
            places: records taken on and not done, at most. With all places taken no more are read.
            retry: a record that still fails goes to the dead letters.
        """
        broker.add_middleware(KafkaConcurrentProcessingMiddleware)
        super().__init__(
            broker, *topics, group_id=group_id, dead_letters=dead_letters, retry=retry, **settings
        )
        # Finds the subscribers that the library has to attend to.
        self._app = FastStream(broker)
        self._decode = decode
        self._handle = handle
        self._work = work
        self._places = places
        self._is_stopping = asyncio.Event()
        self._is_drained = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        # Offset and timestamp of what is done, but perhaps not committed: it may be delivered again.
        self._recent: dict[TopicPartition, dict[int, int]] = {}

    async def prepare(self) -> None:
        """Before each start of the broker."""
        await super().prepare()
        self._recent.clear()
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
            shutdown_timeout_sec=SHUTDOWN_SECONDS,
            rebalance_flush_timeout_sec=FLUSH_SECONDS,
        )

    async def drain(self, seconds: float) -> None:
        """Before each stop of the broker: let what runs end, commit, and cancel the rest."""
        self._work.close()
        self._is_stopping.set()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        self._is_drained.set()
        await stop_concurrent_processing(self._app.context)

    async def _consume(self, message: KafkaMessage) -> None:
        raw: ConsumerRecord = message.raw_message
        recent = self._recent.setdefault(partition_of(raw), {})
        if self._is_stopping.is_set():
            # Not at once: as long as the broker runs the next record would come.
            await self._is_drained.wait()
            raise asyncio.CancelledError
        # A topic that was made anew counts from 0 again.
        if recent.get(raw.offset) == raw.timestamp:
            self.counters.duplicates += 1
            return
        task = cast("asyncio.Task[None]", asyncio.current_task())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._take(raw)
        try:
            await self._until_done(raw)
        except asyncio.CancelledError:
            self.counters.abandoned += 1
            raise
        finally:
            self._leave(raw)
            # The library keeps the task with its message until it is committed.
            message.raw_message, message.body = None, None
            message.clear_cache()
        self.counters.finished += 1
        self._done(raw)
        recent[raw.offset] = raw.timestamp
        if len(recent) > MAX_UNCOMMITTED:
            del recent[next(iter(recent))]

    async def _until_done(self, raw: ConsumerRecord) -> None:
        first_seen = datetime.now(UTC)
        attempt = unknown = 0
        while True:
            attempt += 1
            error = await self._attempt(raw)
            if error is None:
                return
            failure = self._retry.classify(error)
            unknown += failure is FailureKind.UNKNOWN
            if failure is FailureKind.POISON or unknown >= self._retry.max_attempts:
                await self._bury(raw, error, attempts=attempt, first_seen=first_seen)
                return
            log.warning(
                "a record failed, will try again",
                **log_fields(raw),
                attempt=attempt,
                failure=failure.value,
                **error_fields(error),
            )
            self.counters.retried += 1
            await self._pause(attempt)

    async def _attempt(self, raw: ConsumerRecord) -> BaseException | None:
        self.counters.started += 1
        try:
            with process_in_span(raw):
                await self._handle(self._decode(parse_record(raw)))
        except Superseded:
            self.counters.superseded += 1
        except ShutdownInProgress:
            raise asyncio.CancelledError from None
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            # The handler awaited something that was cancelled: its failure, not our end.
            return error
        except Exception as error:  # noqa: BLE001 - the policy decides about every one
            return error
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

    def _at_work(self) -> int:
        return self._work.running

    def _is_committing(self) -> bool:
        return is_kafka_handler_healthy(self._app.context)
