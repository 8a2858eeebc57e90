"""Alembic as the services use it: its own version table for each, one run at a time, short locks."""

import asyncio
import sys
import time
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.resources import files

from alembic import command, context, op
from alembic.config import Config
from sqlalchemy import Connection, MetaData, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from chassis.address import DatabaseAddress
from chassis.adoption import CannotMigrate
from chassis.logs import configure_logs, get_logger

log = get_logger(__name__)

# A migration that has to wait longer for a lock would make everybody behind it wait too: it gives up.
LOCK_TIMEOUT = "5s"
_LOCK_NOT_AVAILABLE = "55P03"

# By table: what the service may do with it, as GRANT says it.
Grants = Mapping[str, str]


def upgrade(*, package: str, address: DatabaseAddress, role: str | None) -> None:
    """Bring the database to the newest version that `package` has in its `migrations` folder.

    `role` is whom the service will connect as, where that is not whoever migrates: it is granted what
    `package.tables.GRANTS` says. Nothing is revoked: the version before may still run, and need it. Exits
    with 1 where what stands does not fit, or is locked.
    """
    configure_logs(service=f"{package}.migrate", log_format="console")
    config = Config()
    config.set_main_option("script_location", str(files(package) / "migrations"))
    config.attributes["address"] = address
    try:
        command.upgrade(config, "head")
    except CannotMigrate as error:
        sys.exit(f"{package}: {error}")
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
            raise
        sys.exit(
            f"{package}: gave up after waiting {LOCK_TIMEOUT} for somebody's transaction to end,"
            " so that nobody has to wait behind this; run it again"
        )
    if role is not None:
        grants: Grants = import_module(f"{package}.tables").GRANTS
        asyncio.run(_grant(address, role, grants))


def run_environment(*, metadata: MetaData, version_table: str) -> None:
    """What an `env.py` calls."""
    asyncio.run(_run(context.config.attributes["address"], metadata, version_table))


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
    """Two pods that start together take turns; the second finds nothing left to do.

    The lock is the session's, since an index that is made concurrently ends the transaction around it; and it
    is asked for again and again, since such an index waits for whoever waits inside a statement.
    """
    asked = text("SELECT pg_try_advisory_lock(hashtext(:table))").bindparams(table=version_table)
    while not connection.scalar(asked):
        connection.rollback()
        time.sleep(0.2)


def create_index_concurrently(
    name: str, *, table: str, columns: Sequence[str], where: str | None = None
) -> None:
    """In a migration: an index on a table in use, of the rows `where`, without keeping writers out."""
    condition = f" WHERE {where}" if where else ""
    with op.get_context().autocommit_block():
        # An attempt that was cut off leaves an index behind that is not valid.
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
    # Two that grant on the same table, or on the database, at once would fail each other.
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('chassis.grants'))"))
    quote = connection.dialect.identifier_preparer.quote
    database = connection.scalar(text("SELECT current_database()"))
    connection.execute(text(f"GRANT CONNECT ON DATABASE {quote(database)} TO {quote(role)}"))
    connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {quote(role)}"))
    inspector = inspect(connection)
    there = {*inspector.get_table_names(), *inspector.get_view_names()}
    for table, rights in grants.items():
        # Those of the existing backend stand in its own database alone.
        if table in there:
            connection.execute(text(f"GRANT {rights} ON {quote(table)} TO {quote(role)}"))
    log.info("granted", role=role)
