"""Topics and members of a consumer group for tests of subscribers."""

import asyncio
import os
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from analyzer.pipeline.active_work import ActiveWork
from chassis.deadline import Deadline
from chassis.messaging.clients import LEAVING_SECONDS, create_broker, create_producer
from chassis.messaging.consuming.concurrent import ConcurrentSubscriber
from chassis.messaging.consuming.dead_letters import DeadLetters
from chassis.messaging.consuming.records import Record
from chassis.messaging.consuming.retry import RetryPolicy
from chassis.messaging.consuming.runner import ConsumerRunner

from tests.support.polling import eventually
from tests.support.servers.kafka import producer_for

# A partition and an offset.
Place = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Written:
    """A topic with its own consumer group."""

    bootstrap_servers: str
    name: str
    partitions: int

    @property
    def group(self) -> str:
        return f"{self.name}-group"

    @property
    def dead_letters(self) -> str:
        return f"{self.name}.{self.group}.dlq"

    async def write(self, count: int, *, keys: int = 0, padding: int = 0) -> list[Place]:
        """Write records to the partitions in turn, with `keys` different keys (0: without keys).

        The padding does not compress.
        """
        async with producer_for(self.bootstrap_servers) as producer:
            sent = [
                await producer.send(
                    self.name,
                    b'{"number": %d, "padding": "%s"}' % (number, os.urandom(padding // 2).hex().encode()),
                    key=b"key-%d" % (number % keys) if keys else None,
                    partition=(number % keys if keys else number) % self.partitions,
                )
                for number in range(count)
            ]
            return [(one.partition, one.offset) for one in await asyncio.gather(*sent)]

    async def committed(self) -> dict[int, int]:
        """Return the group's committed offset of each partition, 0 without one."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.bootstrap_servers, group_id=self.group, enable_auto_commit=False
        )
        await consumer.start()
        try:
            tps = [TopicPartition(self.name, number) for number in range(self.partitions)]
            return {tp.partition: await consumer.committed(tp) or 0 for tp in tps}
        finally:
            await consumer.stop()


@asynccontextmanager
async def topic_of(
    bootstrap_servers: str, partitions: int, *, name: str | None = None
) -> AsyncIterator[Written]:
    """Create a topic with its dead letter queue."""
    topic = Written(
        bootstrap_servers=bootstrap_servers,
        name=name or f"subscriber-{uuid.uuid4().hex[:8]}",
        partitions=partitions,
    )
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic.name, partitions, 1), NewTopic(topic.dead_letters, 1, 1)])
        yield topic
        await admin.delete_topics([topic.name, topic.dead_letters])
    finally:
        await admin.close()


def ends_of(places: Sequence[Place]) -> dict[int, int]:
    """Return the committed offsets once all of these records are committed."""
    ends: dict[int, int] = {}
    for partition, offset in places:
        ends[partition] = max(ends.get(partition, 0), offset + 1)
    return ends


async def _nothing(_record: Record) -> None:
    pass


def dead_letters_of(topic: Written) -> DeadLetters:
    return DeadLetters(
        group_id=topic.group,
        create_producer=partial(
            create_producer, bootstrap_servers=topic.bootstrap_servers, client_id="dead-letters"
        ),
    )


@dataclass
class Member:
    """A consumer of the group that records its work."""

    topic: Written
    work: Callable[[Record], Awaitable[None]] = _nothing
    slots: int = 64
    max_in_flight: int = 128
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    settings: dict[str, Any] = field(default_factory=dict)
    drain_seconds: float = 5.0
    started: Counter[Place] = field(default_factory=Counter)
    finished: Counter[Place] = field(default_factory=Counter)
    cancelled: Counter[Place] = field(default_factory=Counter)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    """Closed by `hold`: no handler ends."""

    def __post_init__(self) -> None:
        self.gate.set()
        self.active = ActiveWork(slots=self.slots)
        broker = create_broker(
            bootstrap_servers=self.topic.bootstrap_servers, client_id="member", drain_seconds=10
        )
        self.subscriber: ConcurrentSubscriber[Record] = ConcurrentSubscriber(
            broker,
            self.topic.name,
            group_id=self.topic.group,
            decode=lambda record: record,
            handle=self._handle,
            jobs=self.active,
            max_in_flight=self.max_in_flight,
            dead_letters=dead_letters_of(self.topic),
            retry=self.retry,
            **{"session_timeout_ms": 6000, "heartbeat_interval_ms": 200, **self.settings},
        )
        self.consuming = ConsumerRunner(broker=broker, subscriber=self.subscriber)

    async def __aenter__(self) -> Self:
        await self.consuming.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.gate.set()
        await self.stop()

    async def stop(self) -> None:
        await self.consuming.stop(deadline=Deadline(seconds=LEAVING_SECONDS + self.drain_seconds))

    @property
    def partitions(self) -> set[int]:
        consumer = self.subscriber.consumer
        return set() if consumer is None else {tp.partition for tp in consumer.assignment()}

    @property
    def running(self) -> set[Place]:
        return set(self.started - self.finished - self.cancelled)

    def hold(self) -> None:
        self.gate.clear()

    async def has(self, probe: Callable[["Member"], bool], *, deadline_seconds: float = 20.0) -> None:
        """Wait until a condition holds for the member."""

        async def ask() -> bool:
            return probe(self)

        await eventually(ask, deadline_seconds=deadline_seconds, every_seconds=0.02)

    async def _handle(self, record: Record) -> None:
        await self.active.run(
            uuid.uuid5(uuid.NAMESPACE_OID, f"{record.partition} {record.offset}"),
            lambda: self._do(record),
        )

    async def _do(self, record: Record) -> None:
        place = record.partition, record.offset
        self.started[place] += 1
        try:
            await self.work(record)
            await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled[place] += 1
            raise
        self.finished[place] += 1
