"""Apply records in batches that FastStream delivers.

A batch holds up to `MAX_RECORDS` records, in order for each partition. It is committed once every record is
applied or written as a dead letter. Delivery is at least once, and no record is skipped.

A commit writes the consumer's positions, which a rebalance resets to the committed offsets. A batch that is
open during a rebalance is delivered again, so use cases are idempotent.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, Generic, TypeVar

from aiokafka import ConsumerRecord
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError
from faststream.kafka import KafkaBroker, KafkaMessage
from opentelemetry.trace import Span

from chassis.messaging.consuming.dead_letters import DeadLetters
from chassis.messaging.consuming.health import RecentFailure
from chassis.messaging.consuming.records import Record, parse_record
from chassis.messaging.consuming.retry import FailureKind, RetryPolicy
from chassis.messaging.consuming.subscriber import GroupSubscriber
from chassis.messaging.consuming.undecoded import log_fields
from chassis.messaging.error_summary import error_fields, summarize_error
from chassis.messaging.spans import start_process_span
from chassis.messaging.throttle import BatchThrottle
from chassis.telemetry.logs import get_logger
from chassis.telemetry.trace import record_failure, traceparent_of, use_span

log = get_logger(__name__)

MAX_RECORDS: Final = 200
COMMIT_TIMEOUT_SECONDS: Final = 5
# One batch is retried at a time, so this spares an unavailable dependency. A stop waits no longer either.
MAX_DELAY_SECONDS: Final = 2.0

# A large batch may exceed the statement timeout at every attempt, so it is split.
SPLIT_AFTER_ATTEMPTS: Final = 3

# A poll waits for this long, and FastStream sleeps as long after an empty poll.
POLL_MS: Final = 10

Event = TypeVar("Event")
Decode = Callable[[Record], Event]
Apply = Callable[[Sequence[Event]], Awaitable[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _DecodedRecord(Generic[Event]):
    record: ConsumerRecord
    event: Event
    span: Span


class _Stopping(Exception):
    """The service stops before the batch is done, which will be delivered again."""


class BatchSubscriber(GroupSubscriber, Generic[Event]):
    """Applies records in batches. Registers with a broker that is not started yet."""

    def __init__(
        self,
        broker: KafkaBroker,
        *topics: str,
        group_id: str,
        decode: Decode[Event],
        apply: Apply[Event],
        dead_letters: DeadLetters,
        retry: RetryPolicy,
        **settings: Any,  # noqa: ANN401 - whatever FastStream takes
    ) -> None:
        """Register the handler.

        Args:
            decode: returns the event of a record, or raises PoisonRecord.
            apply: awaited with the events of a batch, in order for each key; applies all of them or none.
            retry: decides about failures. After an error that is not transient, a batch is applied record by
                record, and a record that still fails becomes a dead letter.
        """
        super().__init__(
            broker,
            *topics,
            group_id=group_id,
            dead_letters=dead_letters,
            retry=retry,
            batch=True,
            max_records=MAX_RECORDS,
            batch_timeout_ms=POLL_MS,
            **settings,
        )
        self._decode = decode
        self._apply = apply
        self._running = 0
        self._commit_failure = RecentFailure()
        self._throttle = BatchThrottle()
        self._spans: list[Span] = []

    async def _consume(self, message: KafkaMessage) -> None:
        records: Sequence[ConsumerRecord] = message.raw_message
        for record in records:
            self._take(record)
        try:
            await self._apply_all(records)
            await self._commit(message, records)
        except _Stopping:
            log.info("stopped before a batch was done", records=len(records))
        except Exception as error:  # noqa: BLE001 - FastStream would continue and commit past the batch
            log.error("batch failed, reading it again", **error_fields(error))  # noqa: TRY400 - its text may quote a record
            # A revoked partition has no position to reset.
            with suppress(IllegalStateError):
                await message.nack()
        finally:
            for span in self._spans:
                span.end()
            self._spans.clear()
            for record in records:
                self._leave(record)
            message.clear_cache()
        if len(records) < MAX_RECORDS:
            await self._throttle.wait()

    async def _apply_all(self, records: Sequence[ConsumerRecord]) -> None:
        first_seen = datetime.now(UTC)
        delivered: list[_DecodedRecord[Event]] = []
        for record in records:
            span = start_process_span(record)
            self._spans.append(span)
            try:
                with use_span(span):
                    event = self._decode(_traced(parse_record(record), span))
            except Exception as error:  # noqa: BLE001 - any error concerns this record alone
                record_failure(span, error)
                self.counters.started += 1
                await self._bury(record, error, attempts=1, first_seen=first_seen)
            else:
                delivered.append(_DecodedRecord(record=record, event=event, span=span))
        if delivered:
            await self._apply_together(delivered, first_seen)

    async def _apply_together(self, delivered: Sequence[_DecodedRecord[Event]], first_seen: datetime) -> None:
        attempt = unknown = 0
        while True:
            attempt += 1
            error = await self._attempt(delivered)
            if error is None:
                self.counters.finished += len(delivered)
                return
            failure = self._retry.classify(error)
            if failure is FailureKind.TRANSIENT and attempt >= SPLIT_AFTER_ATTEMPTS and len(delivered) > 1:
                middle = len(delivered) // 2
                for half in (delivered[:middle], delivered[middle:]):
                    await self._apply_together(half, first_seen)
                return
            if failure is not FailureKind.TRANSIENT:
                unknown += 1
                if len(delivered) > 1:
                    for each in delivered:
                        await self._apply_together([each], first_seen)
                    return
                if failure is FailureKind.POISON or unknown >= self._retry.max_attempts:
                    await self._bury(delivered[0].record, error, attempts=attempt, first_seen=first_seen)
                    return
            log.warning(
                "records failed, retrying",
                **log_fields(delivered[0].record),
                records=len(delivered),
                attempt=attempt,
                failure=failure.value,
                **error_fields(error),
            )
            self.counters.retried += len(delivered)
            await self._pause(attempt)

    async def _attempt(self, delivered: Sequence[_DecodedRecord[Event]]) -> Exception | None:
        self.counters.started += len(delivered)
        self._running = 1
        try:
            await self._apply([each.event for each in delivered])
        except Exception as error:  # noqa: BLE001 - the retry policy decides about every error
            for each in delivered:
                record_failure(each.span, error)
            return error
        finally:
            self._running = 0
        return None

    async def _bury(
        self, record: ConsumerRecord, error: Exception, *, attempts: int, first_seen: datetime
    ) -> None:
        await self._dead_letters.bury(
            record, error=error, attempts=attempts, first_seen=first_seen, pause=self._pause
        )
        self.counters.dead += 1
        self.counters.finished += 1

    async def _commit(self, message: KafkaMessage, records: Sequence[ConsumerRecord]) -> None:
        was_assigned = self._assigned.is_set()
        attempt = 0
        while True:
            try:
                async with asyncio.timeout(COMMIT_TIMEOUT_SECONDS):
                    await message.ack()
            except (CommitFailedError, IllegalStateError) as error:
                # The group has a new generation, in which uncommitted records are delivered again.
                log.warning("commit refused after a rebalance", reason=summarize_error(error))
                return
            except (KafkaError, TimeoutError) as error:
                attempt += 1
                self._commit_failure.note(error)
                log.warning("commit failed, retrying", reason=summarize_error(error))
                await self._pause(attempt)
            else:
                break
        self._commit_failure.clear()
        if was_assigned and self._assigned.is_set():
            for record in records:
                self._done(record)

    async def _pause(self, attempt: int) -> None:
        await asyncio.sleep(min(self._retry.delay(attempt), MAX_DELAY_SECONDS))
        if not self._subscriber.running:
            raise _Stopping

    def _at_work(self) -> int:
        return self._running

    def _commit_error(self) -> str | None:
        return self._commit_failure.reason


def _traced(record: Record, span: Span) -> Record:
    """Return the record with the span as its traceparent, which events that it leads to continue."""
    headers = {name: value for name, value in record.headers.items() if name != "traceparent"}
    traceparent = traceparent_of(span)
    return replace(record, headers={**headers, "traceparent": traceparent} if traceparent else headers)
