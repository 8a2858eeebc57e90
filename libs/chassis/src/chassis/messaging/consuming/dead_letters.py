"""Dead letter queues: `<topic>.<group>.dlq` keeps unhandled records unchanged, with the reason in headers."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from aiokafka import AIOKafkaProducer, ConsumerRecord
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from chassis.messaging.consuming.records import PoisonRecord
from chassis.messaging.consuming.undecoded import log_fields
from chassis.messaging.error_summary import error_locations, summarize_error
from chassis.messaging.producer import SEND_TIMEOUT_SECONDS, ReconnectingProducer
from chassis.telemetry.logs import get_logger

log = get_logger(__name__)


def dead_letter_topic(topic: str, group_id: str) -> str:
    """Return the topic for records of `topic` that the group could not handle."""
    return f"{topic}.{group_id}.dlq"


class DeadLetters:
    """Writes dead letters with its own producer."""

    def __init__(self, *, group_id: str, create_producer: Callable[[], AIOKafkaProducer]) -> None:
        self.failure: str | None = None
        """Reason of the last failed attempt, until one succeeds."""
        self._group_id = group_id
        self._producer = ReconnectingProducer(create_producer)

    async def bury(
        self,
        record: ConsumerRecord,
        *,
        error: BaseException,
        attempts: int,
        first_seen: datetime,
        pause: Callable[[int], Awaitable[None]],
    ) -> None:
        """Write a dead letter, and retry until the broker has it. `pause` is awaited with the attempt."""
        failures = 0
        while True:
            try:
                await self.write(record, error=error, attempts=attempts, first_seen=first_seen)
            except Exception as trouble:  # noqa: BLE001 - the record must not be lost, whatever it is
                failures += 1
                self.failure = summarize_error(trouble)
                log.error("dead letter not written, retrying", **log_fields(record), reason=self.failure)  # noqa: TRY400 - its text may quote the record
                await pause(failures)
            else:
                break
        self.failure = None
        log.error(
            "record written to the dead letter queue",
            **log_fields(record),
            attempts=attempts,
            reason=summarize_error(error),
            places=[] if isinstance(error, PoisonRecord) else error_locations(error),
        )

    async def write(
        self, record: ConsumerRecord, *, error: BaseException, attempts: int, first_seen: datetime
    ) -> None:
        """Write a dead letter and wait for the broker's acknowledgement.

        It has the key, the value and the headers of the record, and in addition dlq_reason, dlq_origin_topic,
        dlq_origin_partition, dlq_origin_offset, dlq_attempts and dlq_first_seen (ISO 8601).

        A record too large for the queue is written without its value, with the size in dlq_value_omitted. Its
        value is still at its origin, and it must not hold up other records.

        Raises:
            KafkaError, OSError, TimeoutError: the broker may not have it; try again.
        """
        added = {
            "dlq_reason": summarize_error(error),
            "dlq_origin_topic": record.topic,
            "dlq_origin_partition": str(record.partition),
            "dlq_origin_offset": str(record.offset),
            "dlq_attempts": str(attempts),
            "dlq_first_seen": first_seen.isoformat(),
        }
        # A record that was replayed and failed again carries the headers of its first dead letter.
        headers = [header for header in record.headers if not header[0].startswith("dlq_")]
        headers += [(name, value.encode()) for name, value in added.items()]
        topic = dead_letter_topic(record.topic, self._group_id)
        try:
            await self._send(topic, record.key, record.value, headers)
        except MessageSizeTooLargeError:
            size = str(len(record.value or b"")).encode()
            await self._send(topic, record.key, None, [*headers, ("dlq_value_omitted", size)])

    async def stop(self) -> None:
        """Close the connection. A later write opens another."""
        self.failure = None
        await self._producer.stop()

    async def _send(
        self, topic: str, key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes]]
    ) -> None:
        producer = await self._producer.ready()
        try:
            async with asyncio.timeout(SEND_TIMEOUT_SECONDS):
                # Kafka accepts a record without key and value, but aiokafka does not.
                blank = key is None and value is None
                await producer.send_and_wait(topic, b"" if blank else value, key=key, headers=headers)
        except MessageSizeTooLargeError:
            raise
        except (KafkaError, OSError, TimeoutError):
            await self._producer.drop(producer)
            raise
