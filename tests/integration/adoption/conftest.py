"""The legacy backend's database, before and after its adoption."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import asyncpg
import pytest_asyncio
from chassis.db.database import Database as RunningDatabase
from chassis.principal import Principal, Role
from chassis.settings import DatabaseAddress
from contracts.events import PublicEvent
from contracts.vocabulary import Depth, ReviewType
from request_api.commands.copy_statuses import CopyStatuses
from request_api.commands.matches.erase_matches import EraseMatches
from request_api.commands.submit_analysis import SubmitAnalysis
from request_api.domain.analysis import AnalysisOptions
from request_api.events import create_outbox
from request_api.metrics import accepted_counter
from request_api.storage import Repository
from request_api.storage.legacy.industries import LegacyBackendCache

from tests.support.servers.databases import Database
from tests.support.servers.migrations import run_migration
from tests.support.servers.provision import PostgresServer
from tests.support.stacks.adopted import LEGACY, load_schema_v1_1

# One line for each column, constraint, index, trigger and view of a schema.
_SHAPE = """
    SELECT 'column', c.table_name || '.' || c.column_name || ' ' || c.data_type || ' '
        || coalesce(c.character_maximum_length::text, '') || ' ' || c.is_nullable || ' '
        || coalesce(c.column_default, '')
    FROM information_schema.columns c WHERE c.table_schema = 'public'
    UNION ALL SELECT 'constraint', conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'index', indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'trigger', pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'view', viewname || definition FROM pg_views WHERE schemaname = 'public'
"""
LEGACY_TABLES = (
    "users", "candidates", "user_candidate_assignments", "resumes", "resume_sections", "review_requests",
    "review_results", "review_feedback_items", "prompts", "activity_logs",
)  # fmt: skip
_JUNIOR = UUID("10000000-0000-4000-8000-000000000001")
_RESUME = UUID("30000000-0000-4000-8000-000000000001")


class Legacy(Database):
    """The legacy backend's database, accessed as its owner."""

    async def execute(self, script: str) -> None:
        """Execute several statements, like a migration of the legacy backend does."""
        connection = await asyncpg.connect(self.dsn)
        try:
            await connection.execute(script)
        finally:
            await connection.close()

    async def target_industry(self, analysis_id: UUID) -> str:
        """Return the industry of an analysis as the legacy backend reads it."""
        (row,) = await self.fetch("SELECT target_industry FROM review_requests WHERE id = $1", analysis_id)
        return str(row["target_industry"])

    async def copy_status(self, event: PublicEvent) -> bool:
        """Copy a status to the legacy table by the use case of request-api."""
        database = self._running()
        try:
            return bool(await CopyStatuses(database=database, repository=Repository())([event]))
        finally:
            await database.close()

    async def erase_matches(self) -> None:
        """Erase matches whose job, resume or requester was deleted, like the watchdog of request-api."""
        database = self._running()
        try:
            await EraseMatches(database=database, repository=Repository(), outbox=create_outbox())()
        finally:
            await database.close()

    def _running(self) -> RunningDatabase:
        return RunningDatabase(
            address=DatabaseAddress(url=self.url), pool_size=1, application_name="request-api"
        )

    @asynccontextmanager
    async def submitting(self) -> AsyncIterator[Callable[[str], Awaitable[UUID]]]:
        """Yield a function that requests an analysis of an existing resume for an industry."""
        database, repository = self._running(), Repository()
        submit = SubmitAnalysis(
            database=database,
            repository=repository,
            outbox=create_outbox(),
            legacy_backend=LegacyBackendCache(database=database, industries=repository.legacy_industries),
            report_language=None,
            daily_limit=500,
            accepted=accepted_counter(),
        )

        async def submit_for(industry: str) -> UUID:
            return await submit(
                Principal(user_id=_JUNIOR, role=Role.JUNIOR_RECRUITER),
                resume_id=_RESUME,
                options=AnalysisOptions(
                    industry=industry,
                    depth=Depth.QUICK,
                    review_type=ReviewType.COMPREHENSIVE,
                    compare_to_market=False,
                    focus_areas=(),
                    report_language=None,
                ),
                idempotency_key=None,
            )

        try:
            yield submit_for
        finally:
            await database.close()

    async def shape(self) -> set[tuple[str, str]]:
        return {(row[0], row[1]) for row in await self.fetch(_SHAPE)}

    async def rows(self) -> dict[str, list[str]]:
        """Return the existing rows of the legacy backend's tables."""
        return {
            table: [row[0] for row in await self.fetch(f"SELECT t::text FROM {table} t ORDER BY 1")]  # noqa: S608
            for table in LEGACY_TABLES
        }

    async def migrate_successfully(self, package: str) -> None:
        """Run the migration command of a service, which has to succeed."""
        status, output = await self.migrate(package)
        assert status == 0, output

    async def migrate(self, package: str, *arguments: str) -> tuple[int, str]:
        """Run the migration command of a service, and return its exit status and output."""
        prefix = package.upper()
        environment = {f"{prefix}_DATABASE_URL": self.url, f"{prefix}_DATABASE_ROLE": package}
        return await run_migration(package, *arguments, environment=environment)


@pytest_asyncio.fixture
async def legacy(
    postgres: PostgresServer, request_database: Database, results_database: Database
) -> AsyncIterator[Legacy]:
    """Create a database with Schema v1.1 for one test. The roles are those of the other fixtures."""
    name = f"legacy_{uuid4().hex[:8]}"
    await load_schema_v1_1(postgres, name)
    url = postgres.url(name, role=LEGACY)
    yield Legacy(url=url, owner_url=url)
    connection = await postgres.connect()
    await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await connection.close()
