"""Where records go that cannot be handled: to `<topic>.<group>.dlq`, untouched, the reason in headers."""

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
    """The topic for what this group could not handle of that topic."""
    return f"{topic}.{group_id}.dlq"


class DeadLetters:
    """Writes dead letters with a producer of its own."""

    def __init__(self, *, group_id: str, create_producer: Callable[[], AIOKafkaProducer]) -> None:
        self.failure: str | None = None
        """The reason why the last attempt failed, until one succeeds."""
        self._group_id = group_id
        self._producer = ReconnectingProducer(create_producer)

    async def bury(
        self,
        raw: ConsumerRecord,
        *,
        error: BaseException,
        attempts: int,
        first_seen: datetime,
        pause: Callable[[int], Awaitable[None]],
    ) -> None:
        """Write a dead letter, again and again until the broker has it; `pause` is told the attempt."""
        failed = 0
        while True:
            try:
                await self.write(raw, error=error, attempts=attempts, first_seen=first_seen)
            except Exception as trouble:  # noqa: BLE001 - the record must not be lost, whatever it is
                failed += 1
                self.failure = summarize_error(trouble)
                log.error("the dead letter failed, will try again", **log_fields(raw), reason=self.failure)  # noqa: TRY400 - its text may quote the record
                await pause(failed)
            else:
                break
        self.failure = None
        log.error(
            "a record went to the dead letters",
            **log_fields(raw),
            attempts=attempts,
            reason=summarize_error(error),
            places=[] if isinstance(error, PoisonRecord) else error_locations(error),
        )

    async def write(
        self, raw: ConsumerRecord, *, error: BaseException, attempts: int, first_seen: datetime
    ) -> None:
        """Returns once the broker has the dead letter.

        Key, value and headers are the record's own. Added are dlq_reason, dlq_origin_topic,
        dlq_origin_partition, dlq_origin_offset, dlq_attempts and dlq_first_seen (ISO 8601).

        A record too large for the dead letters is written without its value, and dlq_value_omitted says its
        size: it still stands at its origin, and must not hold up the others.

        Raises:
            KafkaError, OSError, TimeoutError: the broker may not have it; try again.
        """
        added = {
            "dlq_reason": summarize_error(error),
            "dlq_origin_topic": raw.topic,
            "dlq_origin_partition": str(raw.partition),
            "dlq_origin_offset": str(raw.offset),
            "dlq_attempts": str(attempts),
            "dlq_first_seen": first_seen.isoformat(),
        }
        # A record that was replayed and failed again carries headers of its former death.
        headers = [header for header in raw.headers if not header[0].startswith("dlq_")]
        headers += [(name, value.encode()) for name, value in added.items()]
        topic = dead_letter_topic(raw.topic, self._group_id)
        try:
            await self._send(topic, raw.key, raw.value, headers)
        except MessageSizeTooLargeError:
            size = str(len(raw.value or b"")).encode()
            await self._send(topic, raw.key, None, [*headers, ("dlq_value_omitted", size)])

    async def stop(self) -> None:
        """Close the connection; a later write opens another."""
        self.failure = None
        await self._producer.stop()

    async def _send(
        self, topic: str, key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes]]
    ) -> None:
        producer = await self._producer.ready()
        try:
            async with asyncio.timeout(SEND_TIMEOUT_SECONDS):
                # Kafka takes a record without key and value; aiokafka does not.
                blank = key is None and value is None
                await producer.send_and_wait(topic, b"" if blank else value, key=key, headers=headers)
        except MessageSizeTooLargeError:
            raise
        except (KafkaError, OSError, TimeoutError):
            await self._producer.drop(producer)
            raise
