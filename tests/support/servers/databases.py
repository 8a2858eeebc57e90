"""Databases of the services on the PostgreSQL server of the tests."""

import asyncio
import os
import sys
from dataclasses import dataclass
from typing import Protocol

import asyncpg
from local_stack.postgres import owner_of

from tests.support.servers.provision import PostgresServer

_WAITING = """
    SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
"""


@dataclass(frozen=True, slots=True)
class Database:
    """A service's migrated database: `url` for the service, `owner_url` for its migration.

    Tests query it as the owner. Tests without a service use one role for both.
    """

    url: str
    owner_url: str

    @property
    def dsn(self) -> str:
        """Return the owner's URL in the form that asyncpg takes."""
        return self.owner_url.replace("postgresql+asyncpg://", "postgresql://", 1)

    async def fetch(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        """Run a query as the owner."""
        connection = await asyncpg.connect(self.dsn)
        try:
            rows: list[asyncpg.Record] = await connection.fetch(query, *arguments)
            return rows
        finally:
            await connection.close()

    async def lock_waiters(self) -> int:
        """Count the service's connections that wait for a lock; only its own login can see them."""
        connection = await asyncpg.connect(self.url.replace("postgresql+asyncpg://", "postgresql://", 1))
        try:
            return int(await connection.fetchval(_WAITING))
        finally:
            await connection.close()

    async def counts(self) -> dict[str, int]:
        """Return the number of rows of each table.

        An outbox counts the rows ever written, since the relay deletes them at any moment.
        """
        tables = await self.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        counts = {}
        for (table,) in tables:
            ((counts[table],),) = await self.fetch(
                f"SELECT last_value FROM {table}_seq_seq"  # noqa: S608 - our own tables
                if table.endswith("_outbox")
                else f"SELECT count(*) FROM {table}"  # noqa: S608
            )
        return counts

    async def digests(self) -> dict[str, str]:
        """Return a digest of each table, which also changes with an update."""
        connection = await asyncpg.connect(self.dsn)
        try:
            tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            return {
                table: await connection.fetchval(
                    f'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t'  # noqa: S608 - our own tables
                )
                for (table,) in tables
            }
        finally:
            await connection.close()


class _HasUrls(Protocol):
    def url(self, database: str, *, role: str | None = None) -> str: ...


def service_database(postgres: _HasUrls, package: str) -> Database:
    """Return the service's database, named as in the chart and in the local stack."""
    return Database(
        url=postgres.url(package, role=package), owner_url=postgres.url(package, role=owner_of(package))
    )


async def create_service_database(postgres: PostgresServer, package: str) -> Database:
    """Create and migrate a service's database, with its owner and a login that owns nothing."""
    await postgres.create_database(package, owner=owner_of(package), login=package)
    database = service_database(postgres, package)
    await migrate(package, database.owner_url)
    return database


async def migrate(package: str, database_url: str, **settings: object) -> None:
    """Run a service's migration command, as a deployment does.

    `database_url` is the owner's. The service's login, named like the package, is granted what it needs.
    Further settings are named without their prefix.
    """
    values = {"database_url": database_url, "database_role": package, **settings}
    environment = {f"{package}_{name}".upper(): str(value) for name, value in values.items()}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"{package}.migrate", env={**os.environ, **environment}
    )
    assert await process.wait() == 0
