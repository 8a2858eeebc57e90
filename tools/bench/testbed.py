"""The testbed of the bench: the stack and, beside it, the bare application."""

import asyncio
import os
import shutil
import sys
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import asyncpg
import httpx2
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.records_to_delete import RecordsToDelete
from contracts.topics import ANALYSIS_EVENTS, ANALYSIS_REQUESTS, ANALYSIS_RESULTS, TOPICS
from local_stack.demo import sample_resume
from local_stack.gateway.envoy import OK, http_status
from local_stack.paths import ROOT
from local_stack.ports import LOOPBACK, Ports, free_ports
from local_stack.processes.process import Process
from local_stack.service import migrate, without_proxy
from local_stack.stack import Stack

from tests.support.auth.tokens import bearer
from tests.support.polling import eventually

DATA: Final = ROOT / ".local" / "bench"
# Each POST counts the analyses of its user, so the load is spread over users as in practice.
USERS: Final = 100
# A request locks its resume against deletion, so the load is spread over resumes as in practice.
RESUMES: Final = 50

# The tables that grow with each analysis or match; the outboxes are empty in the end.
_GROWING: Final = {
    "request_api": ["review_requests", "analysis_details", "idempotency_keys", "matches"],
    "results_api": ["analysis_views", "review_results", "review_feedback_items", "match_views"],
}

# Notifies when an analysis or a match has ended, at the commit that makes it visible.
_NOTIFY_OF_END: Final = """
    CREATE OR REPLACE FUNCTION {table}_bench_ended() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_notify('bench_ended', NEW.{key} || ' ' || NEW.status); RETURN NULL; END $$;
    CREATE OR REPLACE TRIGGER bench_ended AFTER INSERT OR UPDATE ON {table}
    FOR EACH ROW WHEN (NEW.ended_at IS NOT NULL) EXECUTE FUNCTION {table}_bench_ended();
"""


class BenchStack(Stack):
    def environment(self) -> dict[str, str]:
        """Return the environment of the services."""
        return self._environment()


@dataclass(kw_only=True)
class Testbed:
    """The running stack with uploaded resumes, and the port of the bare application."""

    stack: BenchStack
    bare_port: int
    tokens: Sequence[str]
    resumes: list[str] = field(default_factory=list)

    @property
    def requests_port(self) -> int:
        return self.stack.ports.request_api

    @property
    def results_port(self) -> int:
        return self.stack.ports.results_api

    def pid(self, service: str) -> int:
        """Return the pid of a running service."""
        return _pid(self.stack.services[service].process)

    def pids(self) -> dict[str, int]:
        """Return the pids of all running processes by name."""
        stack = self.stack
        processes = {name: each.process for name, each in stack.services.items()}
        processes |= {"postgres": stack.postgres.process, "kafka": stack.kafka.process}
        return {name: each.pid for name, each in processes.items() if each.pid is not None}

    async def sizes(self) -> dict[str, int]:
        """Return the size on disk of the tables and topics that grow with each work, in bytes."""
        found: dict[str, int] = {}
        for name, tables in _GROWING.items():
            connection = await self.database(name)
            try:
                found[f"tables of {name}"] = await connection.fetchval(
                    "SELECT sum(pg_total_relation_size(one::regclass))::bigint FROM unnest($1::text[]) one",
                    tables,
                )
            finally:
                await connection.close()
        logs = DATA / "stack" / "kafka"
        for topic in (ANALYSIS_REQUESTS, ANALYSIS_RESULTS, ANALYSIS_EVENTS):
            found[f"topic {topic}"] = sum(path.stat().st_size for path in logs.rglob(f"{topic}-*/*.log"))
        return found

    async def text(self) -> str:
        """Return the text that was extracted from the sample resume."""
        connection = await self.database("request_api")
        try:
            return str(await connection.fetchval("SELECT extracted_text FROM resumes LIMIT 1"))
        finally:
            await connection.close()

    def client(self, port: int) -> httpx2.AsyncClient:
        """Return a client of the API on a port."""
        return httpx2.AsyncClient(
            base_url=f"http://{LOOPBACK}:{port}", headers=bearer(self.tokens[0]), timeout=10, trust_env=False
        )

    async def database(self, name: str) -> asyncpg.Connection:
        """Connect to a database as superuser; the caller closes the connection."""
        return await self.stack.postgres.connect(name)

    async def upload(self) -> None:
        """Upload the two-page sample and copy it for the other resumes."""
        path = DATA / "sample.pdf"
        sample_resume.write(path)
        async with self.client(self.requests_port) as http:
            candidate = await http.post(
                "/api/v1/candidates", json={"first_name": "Mirela", "last_name": "Okonjo"}
            )
            candidate_id = candidate.raise_for_status().json()["candidate"]["id"]
            answer = await http.post(
                f"/api/v1/resume_upload/candidates/{candidate_id}/resumes",
                files={"file": ("cv.pdf", path.read_bytes())},
            )
            first = answer.raise_for_status().json()["id"]
        connection = await self.database("request_api")
        try:
            self.resumes = [first, *(str(uuid.uuid4()) for _ in range(RESUMES - 1))]
            for each in self.resumes[1:]:
                await copy_rows(connection, first, each)
        finally:
            await connection.close()

    async def settle(self) -> None:
        """Wait until both outboxes are empty."""

        async def is_empty() -> bool:
            for name, outbox in (("request_api", "request_outbox"), ("results_api", "results_outbox")):
                connection = await self.database(name)
                try:
                    if await connection.fetchval(f"SELECT count(*) FROM {outbox}"):  # noqa: S608 - our own names
                        return False
                finally:
                    await connection.close()
            return True

        await eventually(is_empty, deadline_seconds=120)

    async def empty_topics(self) -> None:
        """Delete all records; no consumer may be running."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.stack.kafka.bootstrap_servers)
        await admin.start()
        try:
            everything = {
                TopicPartition(topic.name, number): RecordsToDelete(before_offset=-1)
                for topic in TOPICS
                for number in range(topic.partitions)
            }
            await admin.delete_records(everything)
        finally:
            await admin.close()


async def copy_rows(connection: asyncpg.Connection, first: str, copy: str) -> None:
    """Copy a resume under another id."""
    columns = (
        "candidate_id, uploaded_by_user_id, original_filename, stored_filename, file_hash, file_size, "
        "mime_type, status, progress, extracted_text, word_count, uploaded_at, processed_at"
    )
    await connection.execute(
        f"INSERT INTO resumes (id, {columns}) SELECT $2::uuid, {columns} FROM resumes WHERE id = $1::uuid",  # noqa: S608 - our own names
        first,
        copy,
    )
    await connection.execute(
        "INSERT INTO document_signals SELECT $2::uuid, signals FROM document_signals "
        "WHERE resume_id = $1::uuid",
        first,
        copy,
    )


@asynccontextmanager
async def run_testbed(environment: Mapping[str, str]) -> AsyncIterator[Testbed]:
    """Start a new testbed on free ports. Commits wait for the disk, also those of the baselines."""
    shutil.rmtree(DATA / "stack", ignore_errors=True)
    stack = BenchStack(
        data_dir=DATA / "stack",
        ports=Ports.free(),
        environment={
            **{f"{name}_LOG_FORMAT": "json" for name in ("REQUEST_API", "RESULTS_API", "ANALYZER")},
            # The users of the bench request far more than real ones.
            "REQUEST_API_MAX_ANALYSES_PER_DAY": "1000000",
            **environment,
        },
    )
    # Output goes to files, because reading it here would take CPU time.
    DATA.mkdir(parents=True, exist_ok=True)
    for name, service in stack.services.items():
        service.process.output = DATA / f"{name}.log"
        service.process.output.unlink(missing_ok=True)
    async with stack:
        await stack.stop("gateway")
        (port,) = free_ports(1)
        users = [uuid.uuid4() for _ in range(USERS)]
        tokens = [stack.token(role="senior_recruiter", user_id=user) for user in users]
        testbed = Testbed(stack=stack, bare_port=port, tokens=tokens)
        await testbed.upload()
        connection = await testbed.database("results_api")
        for table, key in (("analysis_views", "analysis_id"), ("match_views", "match_id")):
            await connection.execute(_NOTIFY_OF_END.format(table=table, key=key))
        await connection.close()
        async with _bare(testbed):
            yield testbed


@asynccontextmanager
async def _bare(testbed: Testbed) -> AsyncIterator[int]:
    """Start the bare application and yield its pid."""
    postgres = testbed.stack.postgres
    for package in ("request_api", "results_api"):
        name = f"bare_{package}"
        await postgres.create_database(name, owner=name)
        address = {f"{package.upper()}_DATABASE_URL": postgres.url(name)}
        await migrate(package=package, environment={**without_proxy(os.environ), **address})
    await _fill_bare(testbed)
    async with server(
        [sys.executable, "-m", "tools.bench.baselines.bare_app"],
        port=testbed.bare_port,
        environment={
            "BARE_PORT": str(testbed.bare_port),
            "BARE_REQUESTS_DSN": postgres.url("bare_request_api", scheme="postgresql"),
            "BARE_RESULTS_DSN": postgres.url("bare_results_api", scheme="postgresql"),
        },
    ) as process:
        yield _pid(process)


async def _fill_bare(testbed: Testbed) -> None:
    """Copy candidates and resumes to the database of the bare application."""
    ours, bare = await testbed.database("request_api"), await testbed.database("bare_request_api")
    try:
        for table in ("candidates", "resumes"):
            rows = await ours.fetch(f"SELECT * FROM {table}")  # noqa: S608 - our own names
            await bare.copy_records_to_table(
                table, records=[tuple(row) for row in rows], columns=list(rows[0].keys())
            )
    finally:
        await asyncio.gather(ours.close(), bare.close())


@asynccontextmanager
async def server(
    command: Sequence[str | Path], *, port: int, environment: Mapping[str, str]
) -> AsyncIterator[Process]:
    """Run a server during the block, once it answers `/health/ready`."""
    process = Process(
        name="server", command=command, env={**without_proxy(os.environ), **environment}, cwd=ROOT
    )
    await process.start()
    try:

        async def is_ready() -> bool:
            return await http_status(port, "/health/ready") == OK

        await process.wait_until(is_ready, seconds=60)
        yield process
    finally:
        await process.stop()


def _pid(process: Process) -> int:
    if process.pid is None:
        raise RuntimeError(f"{process.name} is not running")
    return process.pid
