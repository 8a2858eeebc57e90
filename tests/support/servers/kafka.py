"""Reads and writes topics in tests."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from chassis.messaging.clients import create_producer
from contracts.envelope import decode, encode
from contracts.events import Event
from contracts.topics import TOPICS

from tests.support.polling import eventually

DEADLINE_SECONDS = 20.0


@asynccontextmanager
async def producer_for(bootstrap_servers: str) -> AsyncIterator[AIOKafkaProducer]:
    """Start a producer with the services' configuration."""
    producer = create_producer(bootstrap_servers=bootstrap_servers, client_id="tests")
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def publish(bootstrap_servers: str, *events: Event) -> None:
    """Publish events in order, encoded as the services encode them."""
    async with producer_for(bootstrap_servers) as producer:
        for event in events:
            message = encode(event, source="/tests", traceparent=None)
            await producer.send_and_wait(
                message.topic,
                message.value.encode(),
                key=message.key.encode(),
                headers=[(name, value.encode()) for name, value in message.headers.items()],
            )


async def read_records(
    bootstrap_servers: str,
    topic: str,
    *,
    until: Callable[[Sequence[ConsumerRecord]], bool],
    wanted: Callable[[ConsumerRecord], bool] = lambda _: True,
    deadline_seconds: float = DEADLINE_SECONDS,
) -> list[ConsumerRecord]:
    """Read a topic from its beginning until `until` accepts the wanted records found so far.

    Raises:
        TimeoutError: The deadline passed; the message has the number of records found.
    """
    found: list[ConsumerRecord] = []
    # Without a group, the consumer is assigned all partitions.
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap_servers, auto_offset_reset="earliest")
    await consumer.start()
    try:
        async with asyncio.timeout(deadline_seconds):
            while not until(found):
                for batch in (await consumer.getmany(timeout_ms=200)).values():
                    found += [record for record in batch if wanted(record)]
    except TimeoutError:
        raise TimeoutError(f"only {len(found)} wanted records of {topic} before the deadline") from None
    finally:
        await consumer.stop()
    return found


async def count_records(bootstrap_servers: str, topic: str) -> int:
    """Return how many records were ever written to a topic."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap_servers)
    await consumer.start()
    try:
        ends = await consumer.end_offsets(_partitions_of(topic))
        return sum(ends.values())
    finally:
        await consumer.stop()


async def skip_to_end(bootstrap_servers: str, topic: str, *, group: str) -> None:
    """Commit all records that are on a topic now, for a group without members."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap_servers, group_id=group, enable_auto_commit=False)
    await consumer.start()
    try:
        partitions = _partitions_of(topic)
        consumer.assign(partitions)
        await consumer.commit(await consumer.end_offsets(partitions))
    finally:
        await consumer.stop()


def _partitions_of(topic: str) -> list[TopicPartition]:
    count = next(known.partitions for known in TOPICS if known.name == topic)
    return [TopicPartition(topic, number) for number in range(count)]


async def wait_until_committed(bootstrap_servers: str, topic: str, *, group: str) -> None:
    """Wait until a group has committed all records that are on a topic now.

    Raises:
        AssertionError: The deadline passed; the message has the lag by partition.
    """
    # Manual assignment reads the group's offsets without joining it.
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap_servers, group_id=group, enable_auto_commit=False)
    await consumer.start()
    try:
        partitions = _partitions_of(topic)
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)

        async def lag() -> dict[int, int]:
            committed = {each: await consumer.committed(each) or 0 for each in partitions}
            return {each.partition: max(ends[each] - committed[each], 0) for each in partitions}

        await eventually(lag, until=lambda counts: not any(counts.values()))
    finally:
        await consumer.stop()


async def read_events(bootstrap_servers: str, topic: str, analysis_id: object, *, count: int) -> list[Event]:
    """Return the first `count` events of one analysis on a topic, in order."""
    key = str(analysis_id).encode()
    records = await read_records(
        bootstrap_servers,
        topic,
        wanted=lambda record: record.key == key,
        until=lambda found: len(found) >= count,
    )
    return [decode(record.value, headers_of(record)) for record in records]


def headers_of(record: ConsumerRecord) -> dict[str, str]:
    """Return the headers of a record as text."""
    return {name: value.decode() for name, value in record.headers}
