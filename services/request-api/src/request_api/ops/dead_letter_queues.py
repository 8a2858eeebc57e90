"""The dead letter queues in Kafka: a letter is in its queue until it is handled; nothing else keeps track.

Kafka deletes no single record, only all before an offset. To handle some letters of a queue, the others
that lie before the last of them are appended again, and then everything up to the last is deleted. If this
is cut short, or two people do it at once, letters may be in the queue twice, but none is lost. Letters that
arrive meanwhile come after all that is deleted.
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

# A broker that sends no record for this long, though there should be one, is unavailable.
_PATIENCE_MS = 15_000
# Values may have 2 MB each.
_BATCH = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetterQueues:
    """Reads queues and takes letters out of them, one after the other, with clients that were started."""

    reader: AIOKafkaConsumer
    producer: AIOKafkaProducer
    admin: AIOKafkaAdminClient

    async def letters(
        self, queue: str, *, start: int = 0, end: int | None = None
    ) -> AsyncIterator[ConsumerRecord]:
        """Yield what the topic has now between two offsets, oldest first.

        Raises:
            Refused, KafkaError, TimeoutError.
        """
        (described,) = await self.admin.describe_topics([queue])
        if described["error_code"]:
            raise for_code(described["error_code"])(queue)
        if len(described["partitions"]) != 1:
            raise Refused(f"{queue} has several partitions, so an offset does not name one letter.")
        partition = TopicPartition(queue, 0)
        self.reader.assign([partition])
        first = (await self.reader.beginning_offsets([partition]))[partition]
        last = (await self.reader.end_offsets([partition]))[partition]
        end = last if end is None else min(end, last)
        self.reader.seek(partition, max(start, first))
        while (position := await self.reader.position(partition)) < end:
            batches = await self.reader.getmany(partition, timeout_ms=_PATIENCE_MS, max_records=_BATCH)
            # Without records the position moves only where somebody deleted them meanwhile.
            if not batches and await self.reader.position(partition) == position:
                raise TimeoutError
            for letter in batches.get(partition, ()):
                if letter.offset < end:
                    yield letter

    async def take_out(
        self, queue: str, offsets: Collection[int], *, replay_to: str | None
    ) -> AsyncIterator[int]:
        """Replay letters to a topic, or drop them, and yield the offset of each once that is done.

        Letters that are not there any more are left out.

        Raises:
            Refused, KafkaError, TimeoutError: nothing was deleted.
        """
        end = max(offsets) + 1
        dropped = []
        async for letter in self.letters(queue, end=end):
            if letter.offset not in offsets:
                # With its timestamp, or it would be kept for longer than the topic says.
                await self._send(letter, queue, list(letter.headers), timestamp_ms=letter.timestamp)
            elif replay_to is None:
                dropped.append(letter.offset)
            else:
                headers = [header for header in letter.headers if not header[0].startswith("dlq_")]
                await self._send(letter, replay_to, headers)
                yield letter.offset
        await self.admin.delete_records({TopicPartition(queue, 0): RecordsToDelete(end)})
        for offset in dropped:
            yield offset

    async def _send(
        self,
        letter: ConsumerRecord,
        topic: str,
        headers: list[tuple[str, bytes]],
        *,
        timestamp_ms: int | None = None,
    ) -> None:
        async with asyncio.timeout(SEND_TIMEOUT_SECONDS):
            await self.producer.send_and_wait(
                topic, letter.value, key=letter.key, headers=headers, timestamp_ms=timestamp_ms
            )


@asynccontextmanager
async def dead_letter_queues(settings: KafkaSettings) -> AsyncIterator[DeadLetterQueues]:
    """Connect, and close the connections in the end. Raises KafkaError, OSError."""
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
