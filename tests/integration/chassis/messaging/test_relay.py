"""The relay on a real database and a real broker."""

import asyncio
import json
from collections.abc import AsyncIterator
from functools import partial
from operator import eq
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from chassis.deadline import Deadline
from chassis.messaging.clients import create_producer
from chassis.messaging.outbox import outbox_ddl
from chassis.messaging.relay import BATCH_BYTES, BATCH_ROWS, OutboxRelay
from chassis.messaging.throttle import BURST
from chassis.settings import DatabaseAddress

from tests.integration.chassis.messaging.relay_setup import (
    CountingPublisher,
    FailingOncePublisher,
    MeasuredPublisher,
    RelaySetup,
    firsts_of,
)
from tests.support.polling import eventually
from tests.support.servers.provision import PostgresServer

DATABASE = "relay"


@pytest_asyncio.fixture
async def bench(postgres: PostgresServer, kafka_bootstrap: str) -> AsyncIterator[RelaySetup]:
    connection = await postgres.connect()
    exists = await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE)
    await connection.close()
    if not exists:
        await postgres.create_database(DATABASE, owner=DATABASE)
    name = f"outbox_{uuid4().hex[:10]}"
    bench = RelaySetup(
        dsn=postgres.url(DATABASE, role=DATABASE, scheme="postgresql"),
        table=name,
        topic=name,
        bootstrap_servers=kafka_bootstrap,
    )
    for statement in outbox_ddl(name):
        await bench.execute(statement)
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(name, num_partitions=3, replication_factor=1)])
    await admin.close()
    yield bench


async def test_committed_rows_are_sent_in_order_and_deleted(bench: RelaySetup) -> None:
    relay = bench.relay()
    await relay.start()
    messages = [(f"key-{number % 7}", f"value-{number}") for number in range(700)]
    await bench.write(messages)
    await bench.emptied()
    sent = await bench.sent(700)
    for key in {key for key, _ in messages}:
        assert [v for k, v in sent if k == key] == [v for k, v in messages if k == key]
    await relay.stop(deadline=Deadline(seconds=5))


async def test_messages_are_stored_in_order_with_their_headers(bench: RelaySetup) -> None:
    await bench.write([("k", f"value-{number}") for number in range(300)])
    await bench.write([])
    rows = await bench.execute(f"SELECT payload, headers FROM {bench.table} ORDER BY seq")  # noqa: S608 - our own name
    assert [row["payload"] for row in rows] == [f"value-{number}" for number in range(300)]
    headers = [json.loads(row["headers"]) for row in rows]
    assert {each["ce_type"] for each in headers} == {"test"}
    assert len({each["ce_id"] for each in headers}) == len(rows)


async def test_reading_a_batch_deletes_the_one_before(bench: RelaySetup) -> None:
    await bench.write([("k", str(number)) for number in range(2 * BATCH_ROWS + 200)])
    publisher = CountingPublisher(bench)
    relay = OutboxRelay(address=DatabaseAddress(url=bench.dsn), table=bench.table, publisher=publisher)
    await relay.start()
    await bench.emptied()
    assert publisher.left == [2 * BATCH_ROWS + 200, BATCH_ROWS + 200, 200]
    await relay.stop(deadline=Deadline(seconds=5))


async def test_idle_relay_sends_at_once_and_busy_relay_gathers_rows(
    bench: RelaySetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.messaging.throttle.INTERVAL_SECONDS", 1.0)
    monkeypatch.setattr("chassis.messaging.relay.DELETE_SECONDS", 10.0)
    publisher = MeasuredPublisher(create_producer=bench.producer)
    relay = OutboxRelay(address=DatabaseAddress(url=bench.dsn), table=bench.table, publisher=publisher)
    await relay.start()

    async def batches() -> int:
        return len(publisher.batches)

    async with asyncio.timeout(BURST / 2):
        for number in range(1, BURST):
            await bench.write([("k", "x")])
            await eventually(batches, until=partial(eq, number))
    for _ in range(20):
        await bench.write([("k", "x")])

    async def published() -> int:
        return sum(publisher.batches)

    await eventually(published, until=lambda count: count == BURST - 1 + 20)
    assert len(publisher.batches) < BURST + 10
    await relay.stop(deadline=Deadline(seconds=5))


async def test_acknowledged_rows_are_deleted_before_backing_off(
    bench: RelaySetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.messaging.relay.MIN_BACKOFF_SECONDS", 2.0)
    publisher = FailingOncePublisher(create_producer=bench.producer)
    relay = OutboxRelay(address=DatabaseAddress(url=bench.dsn), table=bench.table, publisher=publisher)
    await bench.write([("a", "1"), ("b", "2"), ("a", "3")])
    await relay.start()

    async def interruptions() -> int:
        return relay.interruptions

    await eventually(interruptions)
    assert await bench.left() == 2
    assert await bench.sent(1) == [("b", "2")]
    await bench.emptied()
    assert sorted(await bench.sent(3)) == [("a", "1"), ("a", "3"), ("b", "2")]
    await relay.stop(deadline=Deadline(seconds=5))


async def test_rows_of_a_transaction_that_rolled_back_are_never_sent(bench: RelaySetup) -> None:
    connection = await asyncpg.connect(bench.dsn)
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute(
        f"INSERT INTO {bench.table} (id, aggregatetype, aggregateid, type, payload, headers) "  # noqa: S608 - our own name
        "VALUES ($1, $2, 'k', 'test', 'never', '{}')",
        uuid4(),
        bench.topic,
    )
    relay = bench.relay()
    await relay.start()
    await bench.write([("k", "committed")])
    await bench.emptied()
    await transaction.rollback()
    await connection.close()
    await bench.write([("k", "after")])
    assert await bench.sent(2) == [("k", "committed"), ("k", "after")]
    await relay.stop(deadline=Deadline(seconds=5))


async def test_stop_sends_committed_rows(bench: RelaySetup) -> None:
    relay = bench.relay()
    await bench.write([("k", str(number)) for number in range(1200)])
    await relay.start()
    await relay.stop(deadline=Deadline(seconds=20))
    assert await bench.left() == 0
    assert firsts_of("k", await bench.sent(1200)) == [str(number) for number in range(1200)]


async def test_one_of_two_relays_is_active_and_the_other_takes_over(bench: RelaySetup) -> None:
    first, second = bench.relay(), bench.relay()
    await first.start()
    await bench.write([("k", "1")])
    await bench.emptied()
    await second.start()

    async def holders() -> list[int]:
        rows = await bench.execute(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted "
            "AND objid = (hashtext($1)::bigint & 4294967295)::oid",
            bench.table,
        )
        return [row["pid"] for row in rows]

    before = await holders()
    assert len(before) == 1
    # Cut the connection of the active relay, as when its pod is gone. Any other relay takes over.
    await bench.execute("SELECT pg_terminate_backend($1)", before[0])
    await bench.write([("k", "2"), ("k", "3")])
    await bench.emptied()
    assert firsts_of("k", await bench.sent(3)) == ["1", "2", "3"]
    after = await eventually(holders)
    assert len(after) == 1
    assert after != before
    for relay in (first, second):
        await relay.stop(deadline=Deadline(seconds=5))


async def test_no_row_is_lost_or_reordered_while_the_broker_is_unavailable(bench: RelaySetup) -> None:
    attempts = 0

    def producer() -> AIOKafkaProducer:
        nonlocal attempts
        attempts += 1
        if attempts <= 2:  # no broker listens there
            return create_producer(bootstrap_servers="127.0.0.1:1", client_id="relay-test")
        return bench.producer()

    relay = bench.relay(producer)
    await relay.start()
    await bench.write([("k", str(number)) for number in range(20)])
    assert await relay.check() is None
    await bench.emptied()
    assert attempts == 3
    assert firsts_of("k", await bench.sent(20)) == [str(number) for number in range(20)]
    await relay.stop(deadline=Deadline(seconds=5))


async def test_large_backlog_is_sent_in_bounded_batches(bench: RelaySetup) -> None:
    large = "x" * 1_900_000
    await bench.write([("k", f"{number}{large}") for number in range(12)])
    publisher = MeasuredPublisher(create_producer=bench.producer)
    relay = OutboxRelay(address=DatabaseAddress(url=bench.dsn), table=bench.table, publisher=publisher)
    await relay.start()
    await asyncio.wait_for(bench.emptied(), timeout=30)
    assert [value[:2].strip("x") for _, value in await bench.sent(12)] == [str(n) for n in range(12)]
    assert len(publisher.batches) > 1
    assert max(publisher.batches) <= BATCH_BYTES
    await relay.stop(deadline=Deadline(seconds=5))


async def test_row_that_kafka_rejects_is_set_aside_and_others_are_sent(bench: RelaySetup) -> None:
    too_large = "x" * 3_100_000
    await bench.write([("a", "1"), ("b", too_large), ("c", "2"), ("b", "3"), ("a", "4")])
    relay = bench.relay()
    await relay.start()
    assert sorted(await bench.sent(4)) == [("a", "1"), ("a", "4"), ("b", "3"), ("c", "2")]
    await eventually(bench.left, until=lambda left: left == 1)
    (left,) = await bench.execute(f"SELECT aggregateid, refused FROM {bench.table}")  # noqa: S608 - our own name
    assert tuple(left) == ("b", "MessageSizeTooLargeError")
    assert await relay.check() is None
    await relay.stop(deadline=Deadline(seconds=5))


async def test_outage_leaves_no_task_behind(bench: RelaySetup) -> None:
    def producer() -> AIOKafkaProducer:
        return create_producer(bootstrap_servers="127.0.0.1:1", client_id="relay-test")

    before = len(asyncio.all_tasks())
    relay = bench.relay(producer)
    await relay.start()
    await bench.write([("k", "1")])

    async def backing_off() -> float:
        return relay._backoff

    await eventually(backing_off, until=lambda seconds: seconds > 0.3)
    await relay.stop(deadline=Deadline(seconds=1))
    assert len(asyncio.all_tasks()) <= before
