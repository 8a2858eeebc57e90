"""Resets a running stack between runs, and moves the offsets of consumer groups."""

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
from tools.chaos.stack.service_instance import ServiceInstance

# A hanging job does not react to SIGTERM.
_STOP_SECONDS: Final = 4.0
_TABLES: Final = {
    "request_api": "review_requests, analysis_details, idempotency_keys, request_outbox, chaos_audit",
    "results_api": "review_results, review_feedback_items, result_texts, analysis_views, match_views, "
    "results_outbox, chaos_audit",
    "analyzer": "model_answers, erased_resumes, chaos_audit",
}
_PARTITIONS: Final = [
    TopicPartition(topic.name, number) for topic in TOPICS for number in range(topic.partitions)
]


async def start_services(stack: ChaosStack) -> None:
    """Start all instances and wait until they are ready."""
    await asyncio.gather(*(instance.start() for instance in stack.instances.values()))


async def stop_services(stack: ChaosStack) -> None:
    """Stop all instances; kill those that do not stop in time."""

    async def stop(instance: ServiceInstance) -> None:
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await instance.stop()
        except TimeoutError:
            await instance.kill()

    await asyncio.gather(*map(stop, stack.instances.values()))


async def start_servers(stack: ChaosStack) -> None:
    """Start the servers that are not running."""
    for server in (stack.postgres, stack.kafka):
        if not server.process.running:
            await server.start()
    await stack.issuer.start()


async def redeliver_everything(stack: ChaosStack) -> None:
    """Deliver every record of every topic again, to each of its consumer groups."""
    await stop_services(stack)
    async with _reader(stack, group=None) as reader:
        await _move_groups(stack, await reader.beginning_offsets(_PARTITIONS))
    await start_services(stack)


async def skip_backlog(stack: ChaosStack, group: str) -> None:
    """Move a group without members to the end of its topics."""
    async with _reader(stack, group=None) as reader:
        await _move_groups(stack, await reader.end_offsets(_PARTITIONS), groups={group})


async def reset_stack(stack: ChaosStack) -> None:
    """Delete everything of earlier runs but resumes and jobs, while the services are stopped."""
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
    """Return all rows of both APIs about analyses and committed events, by table."""
    found: dict[str, list[str]] = {}
    for database in ("request_api", "results_api"):
        connection = await stack.postgres.connect(database)
        try:
            for table in _TABLES[database].split(", "):
                query = f"SELECT row::text AS row FROM {table} AS row ORDER BY 1"  # noqa: S608 - only known tables
                found[f"{database}.{table}"] = [each["row"] for each in await connection.fetch(query)]
        finally:
            await connection.close()
    return found


async def execute(stack: ChaosStack, database: str, statement: str) -> None:
    """Run a statement as superuser."""
    connection = await stack.postgres.connect(database)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


_GROUPS: Final = frozenset(group for groups in CONSUMERS.values() for group in groups)


async def _move_groups(
    stack: ChaosStack, offsets: Mapping[TopicPartition, int], *, groups: Collection[str] = _GROUPS
) -> None:
    """Commit offsets for groups; retries until killed members have left their group."""
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
