"""Alembic migrations with a version table for each service, one run at a time and short locks."""

import asyncio
import sys
import time
from argparse import ArgumentParser
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from typing import Protocol

import asyncpg
from alembic import command, context, op
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Table, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from chassis.db.adoption import CannotMigrate, WrongOrder, can_adopt
from chassis.db.database import Connection as SessionConnection
from chassis.settings import DatabaseAddress, MigrationSettings
from chassis.telemetry.logs import configure_logs, get_logger

log = get_logger(__name__)

# Statements queue behind a migration that waits for a lock, so it gives up after this time.
LOCK_TIMEOUT = "5s"
_LOCK_NOT_AVAILABLE = "55P03"

# Privileges of the service by table, in the syntax of GRANT.
Grants = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """State of the database and the actions of `Repair`, a line each."""

    found: Sequence[str]
    would_do: Sequence[str] = ()


class Examine(Protocol):
    """Examines the rows of a database and changes nothing. Raises CannotMigrate."""

    async def __call__(self, connection: SessionConnection, /) -> Findings: ...


class Repair(Protocol):
    """Changes rows once the tables are up to date. Idempotent."""

    async def __call__(self, connection: SessionConnection, /) -> None: ...


def main(
    *,
    package: str,
    settings: MigrationSettings,
    examine: Examine | None = None,
    repair: Repair | None = None,
) -> None:
    """Bring the database to the newest version in the `storage/migrations` folder of `package`.

    With `--check` on the command line, print the state and the planned changes, and change nothing. The role
    in the settings gets the privileges of `package.storage.tables.GRANTS`. Nothing is revoked, because the
    previous version may still run and need it. Exits with 1 if the tables do not fit or are locked.
    """
    parser = ArgumentParser(prog=f"python -m {package}.migrate", description="Bring the database up to date.")
    parser.add_argument("--check", action="store_true", help="print what would be done, and change nothing")
    is_check = parser.parse_args().check
    configure_logs(service=f"{package}.migrate", log_format="console")
    migration = Migration(
        package=package,
        address=settings.database_address(),
        role=settings.database_role,
        examine=examine,
        repair=repair,
    )
    try:
        if is_check:
            print("\n".join(migration.plan()))  # noqa: T201 - the command's answer
        else:
            migration.run()
    except CannotMigrate as error:
        sys.exit(f"{package}: {error}")
    except (DBAPIError, asyncpg.LockNotAvailableError) as error:
        if getattr(getattr(error, "orig", error), "sqlstate", None) != _LOCK_NOT_AVAILABLE:
            raise
        sys.exit(
            f"{package}: gave up after waiting {LOCK_TIMEOUT} for another transaction to end,"
            " because other queries wait behind the migration; run it again"
        )


def alembic_config(package: str, address: DatabaseAddress) -> Config:
    """Return Alembic's configuration for a service's `storage/migrations` folder."""
    config = Config()
    config.set_main_option("script_location", str(files(package) / "storage" / "migrations"))
    config.attributes["address"] = address
    config.attributes["version_table"] = f"{package}_alembic_version"
    return config


class Migration:
    """A migration of one service's tables."""

    def __init__(
        self,
        *,
        package: str,
        address: DatabaseAddress,
        role: str | None = None,
        examine: Examine | None = None,
        repair: Repair | None = None,
    ) -> None:
        self._package = package
        self._address = address
        self._role = role
        self._examine_rows = examine
        self._repair = repair
        self._tables = import_module(f"{package}.storage.tables")
        self._config = alembic_config(package, address)

    def run(self) -> None:
        """Examine, upgrade, repair and grant. Raises CannotMigrate before the first change."""
        _, _, first = asyncio.run(self._examine())
        if first is not None:
            raise first
        command.upgrade(self._config, "head")
        asyncio.run(self._finish())

    def plan(self) -> Iterator[str]:
        """Return the state and the changes that `run` would make, a line each. Raises CannotMigrate."""
        version, findings, first = asyncio.run(self._examine())
        yield f"{self._package}: this is a check, nothing is changed"
        yield "found:"
        yield f"  - version {version or 'none, the database is to be set up or adopted'}"
        yield from (f"  - {line}" for line in findings.found)
        yield "would do:"
        if first is not None:
            yield f"  - refuse: {first}"
            return
        script = ScriptDirectory.from_config(self._config)
        steps = [*script.iterate_revisions("head", version or "base")]
        yield from (f"  - {step.revision}: {step.doc}" for step in reversed(steps))
        if not steps:
            yield "  - no change of tables"
        yield from (f"  - {line}" for line in findings.would_do)
        if self._role is not None:
            rights = "; ".join(f"{table}: {said}" for table, said in self._tables.GRANTS.items())
            yield f"  - grant to {self._role}, for existing tables: {rights}"

    async def _examine(self) -> tuple[str | None, Findings, WrongOrder | None]:
        """Return the version, the findings and why another migration is first. Raises CannotMigrate."""
        engine = _engine(self._address)
        try:
            async with engine.connect() as connection:
                version, found = await connection.run_sync(self._fits)
        finally:
            await engine.dispose()
        if self._examine_rows is None:
            return version, Findings(found=found), None
        async with self._session(is_read_only=True) as session:
            try:
                rows = await self._examine_rows(session)
            except WrongOrder as error:
                return version, Findings(found=[*found, *error.found]), error
        return version, Findings(found=[*found, *rows.found], would_do=rows.would_do), None

    def _fits(self, connection: Connection) -> tuple[str | None, list[str]]:
        version_table = self._config.attributes["version_table"]
        _wait_for_turn(connection, version_table)
        connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
        options = {"version_table": version_table}
        version = MigrationContext.configure(connection, opts=options).get_current_revision()
        adopted: Sequence[Table] = self._tables.SCHEMA_V1_1
        if version is not None:
            # An interrupted run may have created some of them; the next steps create the others.
            adopted = [table for table in adopted if inspect(connection).has_table(table.name)]
        if not can_adopt(connection, adopted, values=self._tables.WRITTEN):
            return version, []
        names = ", ".join(table.name for table in adopted)
        return version, [f"the tables of Schema v1.1 exist and fit: {names}"]

    async def _finish(self) -> None:
        if self._repair is not None:
            async with self._session(is_read_only=False) as session:
                await self._repair(session)
        if self._role is not None:
            await _grant(self._address, self._role, self._tables.GRANTS)

    @asynccontextmanager
    async def _session(self, *, is_read_only: bool) -> AsyncIterator[SessionConnection]:
        # Without the time limits of a service, because a repair may take long.
        driver = await asyncpg.connect(
            self._address.dsn,
            ssl=self._address.tls,
            server_settings={
                "application_name": f"{self._package}.migrate",
                "lock_timeout": LOCK_TIMEOUT,
                "default_transaction_read_only": "on" if is_read_only else "off",
            },
        )
        try:
            yield SessionConnection(driver)
        finally:
            await driver.close()


def run_environment(*, metadata: MetaData) -> None:
    """Run the migrations of an Alembic `env.py`."""
    attributes = context.config.attributes
    asyncio.run(_run(attributes["address"], metadata, attributes["version_table"]))


async def _run(address: DatabaseAddress, metadata: MetaData, version_table: str) -> None:
    engine = _engine(address)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_migrate, metadata, version_table)
            await connection.commit()
    finally:
        await engine.dispose()


def _engine(address: DatabaseAddress) -> AsyncEngine:
    return create_async_engine(address.url, connect_args={"ssl": address.tls})


def _migrate(connection: Connection, metadata: MetaData, version_table: str) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        version_table=version_table,
        transaction_per_migration=True,
    )
    _wait_for_turn(connection, version_table)
    connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.commit()
    with context.begin_transaction():
        context.run_migrations()


def _wait_for_turn(connection: Connection, version_table: str) -> None:
    """Wait for the lock that makes pods which start together take turns; the second has nothing left to do.

    The lock belongs to the session, because CREATE INDEX CONCURRENTLY ends the transaction around it. It is
    polled, because such an index waits for sessions that wait inside a statement.
    """
    asked = text("SELECT pg_try_advisory_lock(hashtext(:table))").bindparams(table=version_table)
    while not connection.scalar(asked):
        connection.rollback()
        time.sleep(0.2)


def create_index_concurrently(
    name: str, *, table: str, columns: Sequence[str], where: str | None = None
) -> None:
    """Create an index of the rows `where`, in a migration, without blocking writers."""
    condition = f" WHERE {where}" if where else ""
    with op.get_context().autocommit_block():
        # An interrupted attempt leaves an invalid index behind.
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        op.execute(f"CREATE INDEX CONCURRENTLY {name} ON {table} ({', '.join(columns)}){condition}")


async def _grant(address: DatabaseAddress, role: str, grants: Grants) -> None:
    engine = _engine(address)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_grant_all, role, grants)
    finally:
        await engine.dispose()


def _grant_all(connection: Connection, role: str, grants: Grants) -> None:
    # Concurrent grants on the same table or database fail each other.
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('chassis.grants'))"))
    quote = connection.dialect.identifier_preparer.quote
    database = connection.scalar(text("SELECT current_database()"))
    connection.execute(text(f"GRANT CONNECT ON DATABASE {quote(database)} TO {quote(role)}"))
    connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {quote(role)}"))
    inspector = inspect(connection)
    there = {*inspector.get_table_names(), *inspector.get_view_names()}
    for table, rights in grants.items():
        # Tables of the legacy backend exist only in its own database.
        if table in there:
            connection.execute(text(f"GRANT {rights} ON {quote(table)} TO {quote(role)}"))
    log.info("granted", role=role)
