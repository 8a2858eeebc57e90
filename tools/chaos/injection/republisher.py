"""Publishes copies of records: of each new one at once, or of a list in reverse order."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord
from contracts.topics import CONSUMERS

from tests.support.servers.kafka import headers_of, producer_for

Injected = list[dict[str, object]]


@asynccontextmanager
async def duplicate_everything(bootstrap_servers: str) -> AsyncIterator[Injected]:
    """Copy every record during the block; yield a list to which each copy is added."""
    consumer = AIOKafkaConsumer(*CONSUMERS, bootstrap_servers=bootstrap_servers, auto_offset_reset="earliest")
    written: Injected = []
    async with producer_for(bootstrap_servers) as producer:
        await consumer.start()
        task = asyncio.create_task(_republish(consumer, producer, written), name="republisher")
        try:
            yield written
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            await consumer.stop()


async def _republish(consumer: AIOKafkaConsumer, producer: AIOKafkaProducer, written: Injected) -> None:
    copies: set[tuple[str, int, int]] = set()
    async for record in consumer:
        if (record.topic, record.partition, record.offset) not in copies:
            copies.add(await _copy(record, producer, written))


async def publish_reversed(bootstrap_servers: str, records: Iterable[ConsumerRecord]) -> Injected:
    """Write copies, the last record of each partition first, and return them."""
    written: Injected = []
    async with producer_for(bootstrap_servers) as producer:
        for record in reversed(list(records)):
            await _copy(record, producer, written)
    return written


async def _copy(
    record: ConsumerRecord, producer: AIOKafkaProducer, written: Injected
) -> tuple[str, int, int]:
    copy = await producer.send_and_wait(
        record.topic,
        record.value,
        key=record.key,
        headers=list(record.headers),
        partition=record.partition,
    )
    ce_id = headers_of(record).get("ce_id")
    written.append({"topic": record.topic, "ce_id": ce_id, "kind": "duplicate"})
    return copy.topic, copy.partition, copy.offset
