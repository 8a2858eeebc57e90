"""Observes a run with its own database sessions and Kafka clients, which gives the evidence for I13."""

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

_CHECK_SECONDS: Final = 0.5
_SESSIONS_SECONDS: Final = 1.0
_PROGRESS_SECONDS: Final = 2.0
# PostgreSQL or Kafka count as unavailable if a sample takes longer than this.
_SAMPLE_SECONDS: Final = 10.0
# A group may make no progress for this long plus the latency of the model.
_PATIENCE_SECONDS: Final = 30.0
_UNAVAILABLE: Final = (
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
_JOB: Final = (
    "request_api",
    """SELECT job_id::text AS id, string_agg(version::text, ',') AS found
       FROM job_versions WHERE job_id = ANY($1::uuid[]) GROUP BY job_id""",
)
# The database and the query that find what an operation promised.
_QUERIES: Final = {
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
    "job": _JOB,
    "job-delete": _JOB,
}
_IDLE: Final = """
    SELECT pid, application_name AS application,
           extract(epoch FROM clock_timestamp() - state_change)::float8 AS seconds
    FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND pid <> pg_backend_pid()
"""
# The database and the query that show the effects of a group; the analyzer writes to Kafka.
_EFFECTS: Final = {
    "request-api": ("request_api", "SELECT count(*), coalesce(sum(version), 0) FROM analysis_details"),
    "results-api": ("results_api", "SELECT count(*), coalesce(sum(version), 0) FROM analysis_views"),
}


_FILES: Final = ("readings", "sessions", "progress")


class Observer:
    """Write `readings`, `sessions` and `progress` to the evidence while the system runs."""

    def __init__(self, stack: "ChaosStack", load: "Load") -> None:
        self._stack = stack
        self._load = load
        self._files = {name: _open_new(stack.evidence / f"{name}.jsonl") for name in _FILES}
        self._checked = 0
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Observe in the background."""
        for sample, seconds in (
            (self._check_new_promises, _CHECK_SECONDS),
            (self._sample_sessions, _SESSIONS_SECONDS),
            (self._sample_progress, _PROGRESS_SECONDS),
        ):
            self._tasks.append(asyncio.create_task(_repeat(sample, seconds), name=sample.__name__))

    async def finish(self) -> None:
        """Check every promise a last time, while PostgreSQL runs, and raise the errors of earlier samples."""
        await self.stop()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                task.result()
        await self._check_new_promises()
        await self._check(self._load.promises, at_end=True)
        self.close()

    async def stop(self) -> None:
        """Stop observing."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def close(self) -> None:
        """Close the files."""
        for file in self._files.values():
            file.close()

    async def _check_new_promises(self) -> None:
        promises = list(self._load.promises.items())
        await self._check(dict(promises[self._checked :]), at_end=False)
        self._checked = len(promises)

    async def _check(self, promises: Mapping[Promise, float], *, at_end: bool) -> None:
        """Check promises in new sessions, which cannot see open transactions."""
        by_database: defaultdict[str, defaultdict[str, list[Promise]]]
        by_database = defaultdict(lambda: defaultdict(list))
        for promise in promises:
            op, *_ = promise
            by_database[_QUERIES[op][0]][op].append(promise)
        lines: list[dict[str, object]] = []
        for database, by_op in by_database.items():
            connection = await self._stack.postgres.connect(database)
            try:
                for op, wanted in by_op.items():
                    begun = time.monotonic()
                    rows = await connection.fetch(_QUERIES[op][1], [subject for _, subject, _ in wanted])
                    found = {row["id"]: row["found"] for row in rows}
                    ended = time.monotonic()
                    lines += [
                        {
                            "op": op,
                            "subject": promise[1],
                            "promised_status": promise[2],
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
        # Nothing is written if PostgreSQL fails in between, so that all promises are checked again.
        self._write("readings", *lines)

    async def _sample_sessions(self) -> None:
        """Sample idle sessions until the connection breaks."""
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
        """Sample consumer groups until Kafka or PostgreSQL does not answer."""
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
        effects = {group: await self._value(*query) for group, query in _EFFECTS.items()}
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
        """Return True if any instance of the service is ready."""
        ports = [each.port for each in self._stack.instances_of(service)]
        return OK in await asyncio.gather(*(http_status(port, "/health/ready") for port in ports))

    async def _value(self, database: str, query: str) -> str:
        connection = await self._stack.postgres.connect(database)
        try:
            return str(tuple(await connection.fetchrow(query)))
        finally:
            await _close(connection)

    def _write(self, name: str, *lines: Mapping[str, object]) -> None:
        self._files[name].writelines(json.dumps(line) + "\n" for line in lines)


async def _repeat(sample: Callable[[], Awaitable[None]], seconds: float) -> None:
    """Sample periodically, also after a server was unavailable."""
    while True:
        with suppress(*_UNAVAILABLE):
            await sample()
        await asyncio.sleep(seconds)


def _open_new(path: Path) -> TextIO:
    """Create a new file, so that the observer of an earlier run does not write to it."""
    path.unlink(missing_ok=True)
    return path.open("a")


async def _close(connection: asyncpg.Connection) -> None:
    """Close a connection within a second, as PostgreSQL may be paused."""
    with suppress(*_UNAVAILABLE):
        await connection.close(timeout=1)
