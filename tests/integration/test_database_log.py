"""PostgreSQL's own log, which is kept like the services' logs, contains no personal data."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio
from chassis.db.database import Database
from chassis.principal import Principal, Role
from chassis.settings import DatabaseAddress
from contracts.vocabulary import AnalysisStatus
from documents.reader import DocumentReader
from local_stack.ports import free_ports
from local_stack.postgres import Postgres
from local_stack.processes.log import Log
from request_api.commands.create_candidate import CreateCandidate
from request_api.commands.jobs.create_job import CreateJob
from request_api.commands.jobs.extraction import ExtractRequirements
from request_api.domain.candidate import NewCandidate
from request_api.domain.errors import EmailTaken, UserUnknown
from request_api.domain.job import JobText
from request_api.domain.resume import NewResume
from request_api.storage import Repository
from results_api.domain.analysis import Analysis, StatusChange
from results_api.domain.errors import RequestDeleted
from results_api.storage import AppliedChange
from results_api.storage import Repository as Results

from tests.support import events
from tests.support.polling import eventually
from tests.support.servers.databases import migrate
from tests.support.stacks.adopted import LEGACY, SERVICES, load_schema_v1_1

CANARY = "Canary9Axolotl"
SENIOR = Principal(user_id=UUID("10000000-0000-4000-8000-000000000002"), role=Role.SENIOR_RECRUITER)
UNKNOWN = Principal(user_id=uuid4(), role=Role.SENIOR_RECRUITER)
JOB = JobText(title=CANARY, text=CANARY, language=None)
CANDIDATE = UUID("20000000-0000-4000-8000-000000000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """An adopted installation with the log of its server."""

    server: Postgres
    stream: StringIO

    def database(self, package: str) -> Database:
        address = DatabaseAddress(url=self.server.url(LEGACY, role=package))
        return Database(address=address, pool_size=3, application_name=package)

    async def execute(self, statement: str) -> None:
        superuser = await self.server.connect(LEGACY)
        try:
            await superuser.execute(statement)
        finally:
            await superuser.close()

    async def log(self) -> str:
        """Return everything that was logged until now."""
        mark = f"mark {uuid4()}"
        await self.execute(f"DO $$ BEGIN RAISE WARNING '{mark}'; END $$")

        async def is_logged() -> bool:
            return mark in self.stream.getvalue()

        await eventually(is_logged)
        return self.stream.getvalue()


@pytest_asyncio.fixture
async def logged(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Logged]:
    (port,), stream = free_ports(1), StringIO()
    folder = tmp_path_factory.mktemp("log")
    async with Postgres(data_dir=folder, port=port, durable=False, log=Log(stream=stream)) as server:
        await load_schema_v1_1(server)
        for package in SERVICES:
            await server.create_database(LEGACY, owner=LEGACY, login=package)
            await migrate(package, server.url(LEGACY))
        yield Logged(server=server, stream=stream)


def person(email: str | None = None) -> NewCandidate:
    return NewCandidate(
        first_name=CANARY,
        last_name=CANARY,
        email=email,
        phone=CANARY,
        current_company=None,
        current_position=None,
        years_experience=None,
    )


def _create_job(database: Database) -> CreateJob:
    return CreateJob(
        database=database,
        repository=Repository(),
        reader=DocumentReader(concurrency=1),
        extract=ExtractRequirements(),
        max_open=1,
    )


async def test_refused_rows_are_logged_without_personal_data_even_with_details(logged: Logged) -> None:
    """Test a server of another installation, which logs errors with their details by default."""
    await logged.execute(f"ALTER DATABASE {LEGACY} SET log_error_verbosity = 'default'")
    requests, results = logged.database("request_api"), logged.database("results_api")
    create = CreateCandidate(database=requests, repository=Repository())
    try:
        await create(SENIOR, person(f"{CANARY}@example.com"))
        for email in (f"{CANARY}@example.com", f"{CANARY}@EXAMPLE.com".upper()):
            with pytest.raises(EmailTaken):
                await create(SENIOR, person(email))
        with suppress(EmailTaken):
            await asyncio.gather(*(create(SENIOR, person(f"2{CANARY}@example.com")) for _ in range(3)))
        with pytest.raises(UserUnknown):
            await create(UNKNOWN, person())
        with pytest.raises(UserUnknown):
            async with requests.transaction() as connection:
                await Repository().resumes.add(
                    connection,
                    UNKNOWN,
                    NewResume(
                        id=uuid4(),
                        candidate_id=CANDIDATE,
                        file_name=f"{CANARY}.txt",
                        file_hash="a" * 64,
                        text=CANARY,
                        signals=events.signals(),
                        uploaded_at=datetime.now(UTC),
                    ),
                )
        with pytest.raises(UserUnknown):
            await _create_job(requests).from_text(UNKNOWN, JOB, idempotency_key=None)
        completed = AnalysisStatus.COMPLETED
        applied = AppliedChange(
            analysis=Analysis(analysis_id=uuid4(), status=completed, version=2),
            change=StatusChange(status=completed, occurred_at=datetime.now(UTC)),
            report=events.report(executive_summary=CANARY),
        )
        with pytest.raises(RequestDeleted):
            async with results.transaction() as connection:
                await Results().analyses.save(connection, [applied])
    finally:
        await requests.close()
        await results.close()
    log = await logged.log()
    assert "violates foreign key constraint" in log
    assert "DETAIL" in log
    assert CANARY.lower() not in log.lower()


async def test_refused_row_is_not_logged(logged: Logged) -> None:
    """Test a server as the local stack, docker compose and the chart set it up."""
    await logged.execute(f"ALTER TABLE candidates ADD CHECK (first_name <> '{CANARY}') NOT VALID")
    for is_told in (False, True):
        if is_told:
            await logged.execute(f"ALTER DATABASE {LEGACY} SET log_error_verbosity = 'default'")
        database = logged.database("request_api")
        try:
            with pytest.raises(asyncpg.CheckViolationError):
                await CreateCandidate(database=database, repository=Repository())(SENIOR, person())
        finally:
            await database.close()
        log = await logged.log()
        assert "violates check constraint" in log
        assert (CANARY in log) is is_told


async def test_logged_statements_have_no_values(logged: Logged) -> None:
    await logged.execute(f"ALTER DATABASE {LEGACY} SET log_min_duration_statement = 0")
    for is_told in (False, True):
        if is_told:
            await logged.execute(f"ALTER DATABASE {LEGACY} SET log_error_verbosity = 'default'")
        database = logged.database("request_api")
        try:
            await CreateCandidate(database=database, repository=Repository())(SENIOR, person())
        finally:
            await database.close()
        log = await logged.log()
        assert "INSERT INTO candidates" in log
        assert (CANARY in log) is is_told
