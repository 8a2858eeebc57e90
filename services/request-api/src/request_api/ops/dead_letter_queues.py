"""The dead letter queues in Kafka. A dead letter stays in its queue until it is handled.

Kafka cannot delete single records, only all records before an offset. To handle some dead letters of a queue,
the others before the last of them are appended again, and then everything up to the last is deleted. An
interruption or a concurrent command may leave duplicates in the queue, but loses nothing. Dead letters that
arrive in the meantime have higher offsets than everything that is deleted.
"""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.errors import for_code
from chassis.messaging.clients import create_admin, create_producer, create_reader
from chassis.messaging.producer import SEND_TIMEOUT_SECONDS
from chassis.settings import KafkaSettings

from request_api.ops.command import Refused

# A broker that sends no record for this long, although there is one, counts as unavailable.
_PATIENCE_MS = 15_000
# Values have up to 2 MB each.
_BATCH = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetterQueues:
    """Read dead letters and take them out of their queues. The clients must be started."""

    reader: AIOKafkaConsumer
    producer: AIOKafkaProducer
    admin: AIOKafkaAdminClient

    async def read(
        self, queue: str, *, start: int = 0, end: int | None = None
    ) -> AsyncIterator[ConsumerRecord]:
        """Yield the dead letters that are now between two offsets, oldest first.

        Raises:
            Refused, KafkaError, TimeoutError.
        """
        (described,) = await self.admin.describe_topics([queue])
        if described["error_code"]:
            raise for_code(described["error_code"])(queue)
        if len(described["partitions"]) != 1:
            raise Refused(f"{queue} has several partitions, so an offset does not name one dead letter.")
        partition = TopicPartition(queue, 0)
        self.reader.assign([partition])
        first = (await self.reader.beginning_offsets([partition]))[partition]
        last = (await self.reader.end_offsets([partition]))[partition]
        end = last if end is None else min(end, last)
        self.reader.seek(partition, max(start, first))
        while (position := await self.reader.position(partition)) < end:
            batches = await self.reader.getmany(partition, timeout_ms=_PATIENCE_MS, max_records=_BATCH)
            # Without records, the position moves only if they were deleted in the meantime.
            if not batches and await self.reader.position(partition) == position:
                raise TimeoutError
            for record in batches.get(partition, ()):
                if record.offset < end:
                    yield record

    async def take_out(
        self, queue: str, offsets: Collection[int], *, replay_to: str | None
    ) -> AsyncIterator[int]:
        """Replay dead letters to a topic, or drop them, and yield the offset of each one that is done.

        Dead letters that do not exist any more are skipped.

        Raises:
            Refused, KafkaError, TimeoutError: nothing was deleted.
        """
        end = max(offsets) + 1
        dropped = []
        async for record in self.read(queue, end=end):
            if record.offset not in offsets:
                # Keeps the timestamp, so that the topic's retention still counts from the first write.
                await self._send(record, queue, list(record.headers), timestamp_ms=record.timestamp)
            elif replay_to is None:
                dropped.append(record.offset)
            else:
                headers = [header for header in record.headers if not header[0].startswith("dlq_")]
                await self._send(record, replay_to, headers)
                yield record.offset
        await self.admin.delete_records({TopicPartition(queue, 0): RecordsToDelete(end)})
        for offset in dropped:
            yield offset

    async def _send(
        self,
        record: ConsumerRecord,
        topic: str,
        headers: list[tuple[str, bytes]],
        *,
        timestamp_ms: int | None = None,
    ) -> None:
        async with asyncio.timeout(SEND_TIMEOUT_SECONDS):
            await self.producer.send_and_wait(
                topic, record.value, key=record.key, headers=headers, timestamp_ms=timestamp_ms
            )


@asynccontextmanager
async def dead_letter_queues(settings: KafkaSettings) -> AsyncIterator[DeadLetterQueues]:
    """Start the clients, and stop them at the end. Raises KafkaError, OSError."""
    servers, security = settings.kafka_bootstrap_servers, settings.kafka_security()
    reader, producer, admin = (
        create(bootstrap_servers=servers, client_id="request-api-ops", security=security)
        for create in (create_reader, create_producer, create_admin)
    )
    async with AsyncExitStack() as stack:
        for client, close in ((reader, reader.stop), (producer, producer.stop), (admin, admin.close)):
            stack.push_async_callback(close)
            await client.start()
        yield DeadLetterQueues(reader=reader, producer=producer, admin=admin)
