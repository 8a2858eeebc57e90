"""Alembic as the services use it: its own version table for each, one run at a time, short locks."""

import asyncio
from importlib.resources import files

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.address import DatabaseAddress

# A migration that has to wait longer for a lock would make everybody behind it wait too: it gives up.
LOCK_TIMEOUT = "5s"


def upgrade(*, package: str, address: DatabaseAddress) -> None:
    """Bring the database to the newest version that `package` has in its `migrations` folder."""
    config = Config()
    config.set_main_option("script_location", str(files(package) / "migrations"))
    config.attributes["address"] = address
    command.upgrade(config, "head")


def run_environment(*, metadata: MetaData, version_table: str) -> None:
    """What an `env.py` calls."""
    asyncio.run(_run(context.config.attributes["address"], metadata, version_table))


async def _run(address: DatabaseAddress, metadata: MetaData, version_table: str) -> None:
    engine = create_async_engine(address.url, connect_args={"ssl": address.tls})
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_migrate, metadata, version_table)
            await connection.commit()
    finally:
        await engine.dispose()


def _migrate(connection: Connection, metadata: MetaData, version_table: str) -> None:
    context.configure(connection=connection, target_metadata=metadata, version_table=version_table)
    with context.begin_transaction():
        # Two pods that start together take turns; the second finds nothing left to do.
        connection.execute(
            text("SELECT pg_advisory_xact_lock(hashtext(:table))").bindparams(table=version_table)
        )
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
        context.run_migrations()
