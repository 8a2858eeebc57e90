"""Writes every record of the three topics a second time, as it stands, while the services run."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from contracts.topics import CONSUMERS

from tests.support.kafka import headers_of, producer_for

Injected = list[dict[str, object]]


@asynccontextmanager
async def everything_twice(bootstrap_servers: str) -> AsyncIterator[Injected]:
    """Until the block ends; gives what was written, a growing list."""
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
        place = record.topic, record.partition, record.offset
        if place in copies:
            continue
        copy = await producer.send_and_wait(
            record.topic,
            record.value,
            key=record.key,
            headers=list(record.headers),
            partition=record.partition,
        )
        copies.add((copy.topic, copy.partition, copy.offset))
        ce_id = headers_of(record).get("ce_id")
        written.append({"topic": record.topic, "ce_id": ce_id, "kind": "duplicate"})
