"""Dead letters as a person handles them: read, sent back to where they came from, or laid aside.

Kafka deletes no single record, so a consumer group without members remembers what was handled: it commits
the lowest offset that was not, with the handled ones above it as metadata. What lies below is deleted.
Two who mark at the same moment may undo one another's mark; a letter is then listed again, and none is lost.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Self

from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.admin import RecordsToDelete
from aiokafka.errors import for_code
from aiokafka.structs import OffsetAndMetadata

from chassis.kafka.clients import create_admin, create_producer, create_reader
from chassis.kafka.handled import Handled
from chassis.kafka.producer import SEND_TIMEOUT_SECONDS
from chassis.kafka.security import PLAINTEXT, KafkaSecurity

# Of a broken record anything may be large.
MAX_HEADER = 500
# So long without a record while there should be one, the broker is away.
_PATIENCE_SECONDS = 15
_BATCH = 20


class LetterGone(Exception):
    """There is no such dead letter: it never was, or it was deleted."""


class ValueOmitted(Exception):
    """The record was too large for the dead letters, and only its origin may still have it."""


class SeveralPartitions(Exception):
    """Dead letters are named by their offset, so their topics have one partition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """What is known of a dead letter without its value.

    `headers` are those that were asked for and `dlq_*`; sizes are bytes. `value_bytes` is None for a
    tombstone, and the size at its origin where the value was omitted.
    """

    topic: str
    offset: int
    key: bytes | None
    headers: Mapping[str, str]
    value_bytes: int | None
    is_value_omitted: bool
    is_handled: bool


class DeadLetterDesk:
    """Clients of one broker, opened and closed together; it does one thing at a time.

    Args:
        group_id: remembers what was handled; nobody may consume with it.
        keep_headers: the headers of the records themselves that a listing needs.
    """

    def __init__(
        self,
        *,
        bootstrap_servers: str,
        group_id: str,
        client_id: str,
        keep_headers: Collection[str],
        security: KafkaSecurity = PLAINTEXT,
    ) -> None:
        self._group_id = group_id
        self._keep_headers = frozenset(keep_headers)
        self._reader = create_reader(
            bootstrap_servers=bootstrap_servers, client_id=client_id, security=security, group_id=group_id
        )
        self._producer = create_producer(
            bootstrap_servers=bootstrap_servers, client_id=client_id, security=security
        )
        self._admin = create_admin(
            bootstrap_servers=bootstrap_servers, client_id=client_id, security=security
        )
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Raises KafkaError, OSError."""
        async with AsyncExitStack() as stack:
            for client, close in (
                (self._reader, self._reader.stop),
                (self._producer, self._producer.stop),
                (self._admin, self._admin.close),
            ):
                stack.push_async_callback(close)
                await client.start()
            self._open = stack.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    async def letters(self, topic: str) -> AsyncIterator[DeadLetter]:
        """All that the topic has now, oldest first; what is added meanwhile is not read.

        Raises:
            SeveralPartitions, KafkaError, TimeoutError.
        """
        partition = await self._assign(topic)
        handled, first = await self._handled(partition)
        end = (await self._reader.end_offsets([partition]))[partition]
        self._reader.seek(partition, first)
        while await self._position(partition) < end:
            for raw in await self._next_batch(partition):
                if raw.offset < end:
                    yield self._letter(raw, is_handled=raw.offset in handled)

    async def read(self, topic: str, offset: int) -> tuple[DeadLetter, ConsumerRecord]:
        """One dead letter, and the record itself.

        Raises:
            LetterGone, SeveralPartitions, KafkaError, TimeoutError.
        """
        partition = await self._assign(topic)
        handled, first = await self._handled(partition)
        if not first <= offset < (await self._reader.end_offsets([partition]))[partition]:
            raise LetterGone
        self._reader.seek(partition, offset)
        raw = (await self._next_batch(partition))[0]
        if raw.offset != offset:
            raise LetterGone
        return self._letter(raw, is_handled=offset in handled), raw

    async def replay(self, topic: str, offset: int, *, to: str) -> None:
        """Send the record to the topic that it came from, without the headers of its death, durably.

        Raises:
            LetterGone, ValueOmitted, SeveralPartitions, KafkaError, TimeoutError.
        """
        letter, raw = await self.read(topic, offset)
        if letter.is_value_omitted:
            raise ValueOmitted
        headers = [header for header in raw.headers if not header[0].startswith("dlq_")]
        async with asyncio.timeout(SEND_TIMEOUT_SECONDS):
            await self._producer.send_and_wait(to, raw.value, key=raw.key, headers=headers)

    async def mark_handled(self, topic: str, offsets: Collection[int]) -> int:
        """Remember that these were handled, and delete all below the lowest that was not, which is returned.

        Raises:
            TooManyGaps: nothing was marked.
            SeveralPartitions, KafkaError.
        """
        partition = await self._assign(topic)
        handled = (await self._handled(partition))[0].with_offsets(offsets)
        await self._reader.commit({partition: OffsetAndMetadata(handled.low, handled.metadata())})
        await self._admin.delete_records({partition: RecordsToDelete(before_offset=handled.low)})
        return handled.low

    async def _assign(self, topic: str) -> TopicPartition:
        (described,) = await self._admin.describe_topics([topic])
        if described["error_code"]:
            raise for_code(described["error_code"])(topic)
        if len(described["partitions"]) != 1:
            raise SeveralPartitions(topic)
        partition = TopicPartition(topic, 0)
        self._reader.assign([partition])
        return partition

    async def _handled(self, partition: TopicPartition) -> tuple[Handled, int]:
        """What was handled, and the first offset that is still there."""
        first: int = (await self._reader.beginning_offsets([partition]))[partition]
        committed = await self._admin.list_consumer_group_offsets(self._group_id, partitions=[partition])
        offset, metadata = committed[partition]
        return Handled.parse(low=max(offset, 0), metadata=metadata or "").not_before(first), first

    async def _position(self, partition: TopicPartition) -> int:
        position: int = await self._reader.position(partition)
        return position

    async def _next_batch(self, partition: TopicPartition) -> list[ConsumerRecord]:
        batches = await self._reader.getmany(
            partition, timeout_ms=_PATIENCE_SECONDS * 1000, max_records=_BATCH
        )
        if not batches:
            raise TimeoutError
        records: list[ConsumerRecord] = batches[partition]
        return records

    def _letter(self, raw: ConsumerRecord, *, is_handled: bool) -> DeadLetter:
        headers = {
            name: (value or b"")[:MAX_HEADER].decode(errors="replace")
            for name, value in raw.headers
            if name in self._keep_headers or name.startswith("dlq_")
        }
        omitted = headers.get("dlq_value_omitted")
        size = None if raw.value is None else len(raw.value)
        return DeadLetter(
            topic=raw.topic,
            offset=raw.offset,
            key=raw.key,
            headers=headers,
            value_bytes=int(omitted) if omitted else size,
            is_value_omitted=omitted is not None,
            is_handled=is_handled,
        )
