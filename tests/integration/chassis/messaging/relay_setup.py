"""An outbox, a topic and relays between them, with publishers that measure or fail."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

import asyncpg
from aiokafka import AIOKafkaProducer, ConsumerRecord
from aiokafka.errors import KafkaError
from chassis.db.database import Connection
from chassis.messaging.clients import create_producer
from chassis.messaging.messages import OutgoingMessage
from chassis.messaging.outbox import Outbox, outbox_table
from chassis.messaging.publisher import NotAcknowledged, Publisher
from chassis.messaging.relay import OutboxRelay
from chassis.settings import DatabaseAddress
from sqlalchemy import MetaData

from tests.support.polling import eventually
from tests.support.servers.kafka import read_records


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message for the outbox."""

    topic: str
    key: str
    value: str
    headers: Mapping[str, str] = field(default_factory=lambda: {"ce_type": "test", "ce_id": str(uuid4())})


def unchanged(message: Message, *, traceparent: str | None) -> Message:
    return message


class RelaySetup:
    """An outbox, a topic, and relays between them."""

    def __init__(self, *, dsn: str, table: str, topic: str, bootstrap_servers: str) -> None:
        self.dsn = dsn
        self.table = table
        self.topic = topic
        self.bootstrap_servers = bootstrap_servers

    def relay(self, create: Callable[[], AIOKafkaProducer] | None = None) -> OutboxRelay:
        publisher = Publisher(create_producer=create or self.producer)
        return OutboxRelay(address=DatabaseAddress(url=self.dsn), table=self.table, publisher=publisher)

    def producer(self) -> AIOKafkaProducer:
        return create_producer(bootstrap_servers=self.bootstrap_servers, client_id="relay-test")

    async def execute(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.dsn)
        try:
            rows: list[asyncpg.Record] = await connection.fetch(statement, *arguments)
            return rows
        finally:
            await connection.close()

    async def write(self, messages: Sequence[tuple[str, str]]) -> None:
        """Put (key, value) pairs into the outbox in one transaction."""
        connection = await asyncpg.connect(self.dsn)
        try:
            await Outbox(table=outbox_table(MetaData(), self.table), encode=unchanged).publish(
                Connection(connection),
                *(Message(topic=self.topic, key=key, value=value) for key, value in messages),
            )
        finally:
            await connection.close()

    async def left(self) -> int:
        ((count,),) = await self.execute(f"SELECT count(*) FROM {self.table}")  # noqa: S608 - our own name
        return int(count)

    async def emptied(self) -> None:
        await eventually(self.left, until=lambda left: left == 0)

    async def sent(self, count: int) -> list[tuple[str, str]]:
        records = await read_records(
            self.bootstrap_servers, self.topic, until=lambda found: len(found) >= count
        )
        return [pair(record) for record in records]


class MeasuredPublisher(Publisher):
    """A publisher that records the bytes of each batch."""

    def __init__(self, *, create_producer: Callable[[], AIOKafkaProducer]) -> None:
        super().__init__(create_producer=create_producer)
        self.batches: list[int] = []

    async def publish(self, messages: Sequence[OutgoingMessage]) -> list[KafkaError | None]:
        self.batches.append(sum(len(message.value.encode()) for message in messages))
        return await super().publish(messages)


class CountingPublisher(Publisher):
    """A publisher that records the number of outbox rows while each batch is sent."""

    def __init__(self, bench: RelaySetup) -> None:
        super().__init__(create_producer=bench.producer)
        self._bench = bench
        self.left: list[int] = []

    async def publish(self, messages: Sequence[OutgoingMessage]) -> list[KafkaError | None]:
        self.left.append(await self._bench.left())
        return await super().publish(messages)


class FailingOncePublisher(Publisher):
    """A publisher that fails to send the messages of key `a` in the first batch."""

    def __init__(self, *, create_producer: Callable[[], AIOKafkaProducer]) -> None:
        super().__init__(create_producer=create_producer)
        self._has_failed = False

    async def publish(self, messages: Sequence[OutgoingMessage]) -> list[KafkaError | None]:
        if self._has_failed:
            return await super().publish(messages)
        self._has_failed = True
        await super().publish([message for message in messages if message.key != "a"])
        return [NotAcknowledged() if message.key == "a" else None for message in messages]


def pair(record: ConsumerRecord) -> tuple[str, str]:
    return record.key.decode(), record.value.decode()


def firsts_of(key: str, sent: Sequence[tuple[str, str]]) -> list[str]:
    """Return the first copy of each value of a key, in order."""
    return list(dict.fromkeys(value for k, value in sent if k == key))
