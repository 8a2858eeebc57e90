"""Brings a stack back to where it began, or has everything delivered to it again; without a new stack."""

import asyncio
from collections.abc import Collection, Mapping
from functools import partial
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.errors import KafkaError
from contracts.topics import CONSUMERS, TOPICS

from tests.support.polling import eventually
from tools.chaos.stack.chaos_stack import ChaosStack
from tools.chaos.stack.forked_service import Forked

# A job that hangs does not end by being asked to.
_STOP_SECONDS: Final = 4.0
_TABLES: Final = {
    "request_api": "review_requests, analysis_details, idempotency_keys, request_outbox, chaos_audit",
    "results_api": "review_results, review_feedback_items, result_texts, analysis_views, results_outbox, "
    "chaos_audit",
    "analyzer": "model_answers, erased_resumes, chaos_audit",
}
_PARTITIONS: Final = [
    TopicPartition(topic.name, number) for topic in TOPICS for number in range(topic.partitions)
]


async def start_services(stack: ChaosStack) -> None:
    """All of them, until they are ready."""
    await asyncio.gather(*(instance.start() for instance in stack.instances.values()))


async def stop_services(stack: ChaosStack) -> None:
    """All of them, kindly at first."""

    async def stop(instance: Forked) -> None:
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await instance.stop()
        except TimeoutError:
            await instance.kill()

    await asyncio.gather(*map(stop, stack.instances.values()))


async def start_servers(stack: ChaosStack) -> None:
    """Those that a run left ended."""
    for server in (stack.postgres, stack.kafka):
        if not server.process.running:
            await server.start()
    await stack.issuer.start()


async def deliver_again(stack: ChaosStack) -> None:
    """Every record of every topic, to every group that reads it."""
    await stop_services(stack)
    async with _reader(stack, group=None) as reader:
        await _move_groups(stack, await reader.beginning_offsets(_PARTITIONS))
    await start_services(stack)


async def skip(stack: ChaosStack, group: str) -> None:
    """Let a group, whose members do not run, go on behind all that stands on its topics now."""
    async with _reader(stack, group=None) as reader:
        await _move_groups(stack, await reader.end_offsets(_PARTITIONS), groups={group})


async def empty(stack: ChaosStack) -> None:
    """Leave nothing of an earlier run but resumes; the services do not run."""
    for database, tables in _TABLES.items():
        await execute(stack, database, f"TRUNCATE {tables} CASCADE")
    async with _reader(stack, group=None) as reader:
        ends = await reader.end_offsets(_PARTITIONS)
    await _move_groups(stack, ends)
    admin = AIOKafkaAdminClient(bootstrap_servers=stack.kafka.bootstrap_servers)
    await admin.start()
    try:
        await admin.delete_records({each: RecordsToDelete(end) for each, end in ends.items() if end})
    finally:
        await admin.close()
    for path in (stack.kills, stack.evidence / "history.jsonl", *stack.evidence.glob("logs/*.log")):
        path.write_text("")


async def dump_tables(stack: ChaosStack) -> dict[str, list[str]]:
    """All that both APIs hold about analyses, every event they ever committed included, by table."""
    found: dict[str, list[str]] = {}
    for database in ("request_api", "results_api"):
        connection = await stack.postgres.connect(database)
        try:
            for table in _TABLES[database].split(", "):
                query = f"SELECT row::text AS row FROM {table} AS row ORDER BY 1"  # noqa: S608 - tables of ours
                found[f"{database}.{table}"] = [each["row"] for each in await connection.fetch(query)]
        finally:
            await connection.close()
    return found


async def execute(stack: ChaosStack, database: str, statement: str) -> None:
    """Run a statement as the superuser."""
    connection = await stack.postgres.connect(database)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


_GROUPS: Final = frozenset(group for groups in CONSUMERS.values() for group in groups)


async def _move_groups(
    stack: ChaosStack, offsets: Mapping[TopicPartition, int], *, groups: Collection[str] = _GROUPS
) -> None:
    """Nobody may be in the groups; who was killed is, until the session ends."""
    for group in groups:
        topics = {topic for topic, groups in CONSUMERS.items() if group in groups}
        wanted = {each: offset for each, offset in offsets.items() if each.topic in topics}
        async with _reader(stack, group=group) as reader:
            reader.assign(list(wanted))

            await eventually(partial(_committed, reader, wanted), every_seconds=0.2)


async def _committed(reader: AIOKafkaConsumer, offsets: Mapping[TopicPartition, int]) -> bool:
    try:
        await reader.commit(offsets)
    except KafkaError:
        return False
    return True


def _reader(stack: ChaosStack, *, group: str | None) -> AIOKafkaConsumer:
    return AIOKafkaConsumer(
        bootstrap_servers=stack.kafka.bootstrap_servers, group_id=group, enable_auto_commit=False
    )
