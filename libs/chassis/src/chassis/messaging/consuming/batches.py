"""Applies records of Kafka in batches, which FastStream delivers.

A batch is what had arrived, up to `MAX_RECORDS`, in the order of each partition. It is committed once every
record of it is applied or lies in the dead letters, so delivery is at least once, and nothing is skipped.

Positions are committed, which a rebalance resets: a batch in hand at that moment commits nothing of the
partitions that were read again, and is delivered anew. Use cases are idempotent.
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
# One batch alone asks again, so this often spares what is away; and a stop waits no longer.
MAX_DELAY_SECONDS: Final = 2.0

# A batch may take longer than a statement may, and would be refused for ever.
SPLIT_AFTER_ATTEMPTS: Final = 3

# For so long a poll waits, and FastStream sleeps as long after an empty one.
POLL_MS: Final = 10

Event = TypeVar("Event")
Decode = Callable[[Record], Event]
Apply = Callable[[Sequence[Event]], Awaitable[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Delivered(Generic[Event]):
    raw: ConsumerRecord
    event: Event
    span: Span


class _Stopping(Exception):
    """The service stops before the batch is done; it will be delivered again."""


class BatchSubscriber(GroupSubscriber, Generic[Event]):
    """Reads topics in batches, with the life cycle of its broker."""

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
        """Register with a broker that is not started yet.

        Args:
            decode: gives the event of a record; raises PoisonRecord for what it cannot understand.
            apply: awaited with the events of a batch, in the order of each key, in one transaction.
            retry: what is tried again. A batch with an error of another kind is applied one by one, and a
                record that still fails goes to the dead letters.
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
        self._pace = BatchThrottle()
        self._spans: list[Span] = []

    async def _consume(self, message: KafkaMessage) -> None:
        records: Sequence[ConsumerRecord] = message.raw_message
        for raw in records:
            self._take(raw)
        try:
            await self._apply_all(records)
            await self._commit(message, records)
        except _Stopping:
            log.info("stopped with a batch in hand", records=len(records))
        except Exception as error:  # noqa: BLE001 - FastStream would go on behind the batch, and commit past it
            log.error("a batch broke, will read it again", **error_fields(error))  # noqa: TRY400 - its text may quote a record
            # Of a partition that is not ours any more, nothing can be skipped.
            with suppress(IllegalStateError):
                await message.nack()
        finally:
            for span in self._spans:
                span.end()
            self._spans.clear()
            for raw in records:
                self._leave(raw)
            message.clear_cache()
        if len(records) < MAX_RECORDS:
            await self._pace.wait()

    async def _apply_all(self, records: Sequence[ConsumerRecord]) -> None:
        first_seen = datetime.now(UTC)
        delivered: list[_Delivered[Event]] = []
        for raw in records:
            span = start_process_span(raw)
            self._spans.append(span)
            try:
                with use_span(span):
                    event = self._decode(_traced(parse_record(raw), span))
            except Exception as error:  # noqa: BLE001 - whatever it is, it is this record's alone
                record_failure(span, error)
                self.counters.started += 1
                await self._bury(raw, error, attempts=1, first_seen=first_seen)
            else:
                delivered.append(_Delivered(raw=raw, event=event, span=span))
        if delivered:
            await self._apply_together(delivered, first_seen)

    async def _apply_together(self, delivered: Sequence[_Delivered[Event]], first_seen: datetime) -> None:
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
                    await self._bury(delivered[0].raw, error, attempts=attempt, first_seen=first_seen)
                    return
            log.warning(
                "records failed, will try again",
                **log_fields(delivered[0].raw),
                records=len(delivered),
                attempt=attempt,
                failure=failure.value,
                **error_fields(error),
            )
            self.counters.retried += len(delivered)
            await self._pause(attempt)

    async def _attempt(self, delivered: Sequence[_Delivered[Event]]) -> Exception | None:
        self.counters.started += len(delivered)
        self._running = 1
        try:
            await self._apply([each.event for each in delivered])
        except Exception as error:  # noqa: BLE001 - the policy decides about every one
            for each in delivered:
                record_failure(each.span, error)
            return error
        finally:
            self._running = 0
        return None

    async def _bury(
        self, raw: ConsumerRecord, error: Exception, *, attempts: int, first_seen: datetime
    ) -> None:
        await self._dead_letters.bury(
            raw, error=error, attempts=attempts, first_seen=first_seen, pause=self._pause
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
                # The group has a new generation: what was not committed is delivered again.
                log.warning("the commit came too late", reason=summarize_error(error))
                return
            except (KafkaError, TimeoutError) as error:
                attempt += 1
                self._commit_failure.note(error)
                log.warning("the commit failed, will try again", reason=summarize_error(error))
                await self._pause(attempt)
            else:
                break
        self._commit_failure.clear()
        if was_assigned and self._assigned.is_set():
            for raw in records:
                self._done(raw)

    async def _pause(self, attempt: int) -> None:
        await asyncio.sleep(min(self._retry.delay(attempt), MAX_DELAY_SECONDS))
        if not self._subscriber.running:
            raise _Stopping

    def _at_work(self) -> int:
        return self._running

    def _commit_error(self) -> str | None:
        return self._commit_failure.reason


def _traced(record: Record, span: Span) -> Record:
    """The same; what its event leads to goes on from the span. A trace that cannot be read is left out."""
    headers = {name: value for name, value in record.headers.items() if name != "traceparent"}
    traceparent = traceparent_of(span)
    return replace(record, headers={**headers, "traceparent": traceparent} if traceparent else headers)
