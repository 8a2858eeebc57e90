"""Watches a run with database sessions and Kafka clients of its own: the evidence of I13."""

import asyncio
import json
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from contracts.topics import ANALYSIS_RESULTS, CONSUMERS, TOPICS
from local_stack.gateway.envoy import OK, http_status

from tools.chaos.checker.durability import Promise

if TYPE_CHECKING:
    from tools.chaos.stack.chaos_stack import ChaosStack
    from tools.chaos.workload.load import Load

_READ_SECONDS: Final = 0.5
_SESSIONS_SECONDS: Final = 1.0
_PROGRESS_SECONDS: Final = 2.0
# As long as PostgreSQL or Kafka may take to answer a sample; beyond that they count as away.
_SAMPLE_SECONDS: Final = 10.0
# A group that does nothing for this long, and for as long as the model takes, does nothing.
_PATIENCE_SECONDS: Final = 30.0
_AWAY: Final = (
    *(OSError, TimeoutError, KafkaError),
    *(asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError),
)

_PARTITIONS: Final = [
    TopicPartition(topic.name, number)
    for topic in TOPICS
    if topic.name in CONSUMERS
    for number in range(topic.partitions)
]
_STATUS: Final = (
    "results_api",
    "SELECT analysis_id::text AS id, status AS found FROM analysis_views WHERE analysis_id = ANY($1::uuid[])",
)
_RESUME: Final = (
    "request_api",
    "SELECT id::text AS id, 'present' AS found FROM resumes WHERE id = ANY($1::uuid[])",
)
# By operation: the database, and how to find what it promised there.
_LOOKS: Final = {
    "submit": (
        "request_api",
        "SELECT id::text AS id, 'present' AS found FROM review_requests WHERE id = ANY($1::uuid[])",
    ),
    "cancel": (
        "request_api",
        """SELECT review_request_id::text AS id,
                  CASE WHEN cancel_requested_at IS NULL THEN status ELSE 'cancelled' END AS found
           FROM analysis_details WHERE review_request_id = ANY($1::uuid[])""",
    ),
    "candidate": (
        "request_api",
        "SELECT id::text AS id, 'present' AS found FROM candidates WHERE id = ANY($1::uuid[])",
    ),
    "upload": _RESUME,
    "delete": _RESUME,
    "status": _STATUS,
}
_IDLE: Final = """
    SELECT pid, application_name AS application,
           extract(epoch FROM clock_timestamp() - state_change)::float8 AS seconds
    FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND pid <> pg_backend_pid()
"""
# By group; the analyzer writes to Kafka.
_EFFECTS: Final = {
    "request-api": ("request_api", "SELECT count(*), coalesce(sum(version), 0) FROM analysis_details"),
    "results-api": ("results_api", "SELECT count(*), coalesce(sum(version), 0) FROM analysis_views"),
}


_FILES: Final = ("readings", "sessions", "progress")


class Observer:
    """Writes `readings`, `sessions` and `progress` to the evidence while the system runs."""

    def __init__(self, stack: "ChaosStack", load: "Load") -> None:
        self._stack = stack
        self._load = load
        self._files = {name: _anew(stack.evidence / f"{name}.jsonl") for name in _FILES}
        self._read = 0
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Watch in the background."""
        for look, seconds in (
            (self._read_new_promises, _READ_SECONDS),
            (self._sample_sessions, _SESSIONS_SECONDS),
            (self._sample_progress, _PROGRESS_SECONDS),
        ):
            self._tasks.append(asyncio.create_task(_repeat(look, seconds), name=look.__name__))

    async def finish(self) -> None:
        """Read every promise a last time; PostgreSQL has to run. Raises what went wrong with the watching."""
        await self.stop()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                task.result()
        await self._read_new_promises()
        await self._look(self._load.promises, at_end=True)
        self.close()

    async def stop(self) -> None:
        """Watch no more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def close(self) -> None:
        """Write no more."""
        for file in self._files.values():
            file.close()

    async def _read_new_promises(self) -> None:
        promises = list(self._load.promises.items())
        await self._look(dict(promises[self._read :]), at_end=False)
        self._read = len(promises)

    async def _look(self, promises: Mapping[Promise, float], *, at_end: bool) -> None:
        """Look for each in a new session, so that nothing of an open transaction is seen."""
        by_database: defaultdict[str, defaultdict[str, list[Promise]]]
        by_database = defaultdict(lambda: defaultdict(list))
        for promise in promises:
            op, *_ = promise
            by_database[_LOOKS[op][0]][op].append(promise)
        lines: list[dict[str, object]] = []
        for database, by_op in by_database.items():
            connection = await self._stack.postgres.connect(database)
            try:
                for op, wanted in by_op.items():
                    begun = time.monotonic()
                    rows = await connection.fetch(_LOOKS[op][1], [subject for _, subject, _ in wanted])
                    found = {row["id"]: row["found"] for row in rows}
                    ended = time.monotonic()
                    lines += [
                        {
                            "op": op,
                            "subject": promise[1],
                            "told": promise[2],
                            "answered": promises[promise],
                            "begun": begun,
                            "ended": ended,
                            "found": found.get(promise[1]),
                            "at_end": at_end,
                        }
                        for promise in wanted
                    ]
            finally:
                await _close(connection)
        # All or nothing: where PostgreSQL went away in between, all of them are looked for again.
        self._write("readings", *lines)

    async def _sample_sessions(self) -> None:
        """Sample until the session breaks."""
        connection = await self._stack.postgres.connect()
        try:
            while True:
                rows = await connection.fetch(_IDLE)
                at = time.monotonic()
                self._write("sessions", *({"at": at, **dict(row)} for row in rows))
                await asyncio.sleep(_SESSIONS_SECONDS)
        finally:
            await _close(connection)

    async def _sample_progress(self) -> None:
        """Sample until Kafka or PostgreSQL does not answer."""
        servers = self._stack.kafka.bootstrap_servers
        consumer = AIOKafkaConsumer(bootstrap_servers=servers)
        admin = AIOKafkaAdminClient(bootstrap_servers=servers)
        try:
            await consumer.start()
            await admin.start()
            while True:
                async with asyncio.timeout(_SAMPLE_SECONDS):
                    await self._sample_groups(consumer, admin)
                await asyncio.sleep(_PROGRESS_SECONDS)
        finally:
            await admin.close()
            await consumer.stop()

    async def _sample_groups(self, consumer: AIOKafkaConsumer, admin: AIOKafkaAdminClient) -> None:
        ends: Counter[str] = Counter()
        for partition, end in (await consumer.end_offsets(_PARTITIONS)).items():
            ends[partition.topic] += end
        effects = {group: await self._value(*look) for group, look in _EFFECTS.items()}
        effects["analyzer"] = str(ends[ANALYSIS_RESULTS])
        for group in sorted({group for groups in CONSUMERS.values() for group in groups}):
            offsets = await admin.list_consumer_group_offsets(group)
            line = {
                "at": time.monotonic(),
                "group": group,
                "ready": await self._is_ready(group),
                "committed": sum(max(each.offset, 0) for each in offsets.values()),
                "end": sum(ends[topic] for topic, groups in CONSUMERS.items() if group in groups),
                "effects": effects[group],
                "patience": _PATIENCE_SECONDS + self._stack.model.latency[1],
            }
            self._write("progress", line)

    async def _is_ready(self, service: str) -> bool:
        """Whether any instance of it says so."""
        ports = [each.port for each in self._stack.of(service)]
        return OK in await asyncio.gather(*(http_status(port, "/health/ready") for port in ports))

    async def _value(self, database: str, query: str) -> str:
        connection = await self._stack.postgres.connect(database)
        try:
            return str(tuple(await connection.fetchrow(query)))
        finally:
            await _close(connection)

    def _write(self, name: str, *lines: Mapping[str, object]) -> None:
        self._files[name].writelines(json.dumps(line) + "\n" for line in lines)


async def _repeat(look: Callable[[], Awaitable[None]], seconds: float) -> None:
    """Look again and again, also after a server was away."""
    while True:
        with suppress(*_AWAY):
            await look()
        await asyncio.sleep(seconds)


def _anew(path: Path) -> TextIO:
    """Open a new file, which an observer of an earlier run does not write to."""
    path.unlink(missing_ok=True)
    return path.open("a")


async def _close(connection: asyncpg.Connection) -> None:
    """Close within a second: PostgreSQL may be paused."""
    with suppress(*_AWAY):
        await connection.close(timeout=1)
