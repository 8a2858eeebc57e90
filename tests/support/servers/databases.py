"""Databases of the services, on whichever server the tests have."""

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
    """A service's database, migrated: `url` as the service is told it, `owner_url` as its migration is.

    The tests ask as the owner; where one needs no service, a single role does.
    """

    url: str
    owner_url: str

    @property
    def dsn(self) -> str:
        """The owner's, as asyncpg itself takes it."""
        return self.owner_url.replace("postgresql+asyncpg://", "postgresql://", 1)

    async def fetch(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        """Ask the database itself, as its owner."""
        connection = await asyncpg.connect(self.dsn)
        try:
            rows: list[asyncpg.Record] = await connection.fetch(query, *arguments)
            return rows
        finally:
            await connection.close()

    async def waiting(self) -> int:
        """How many of the service's connections wait for a lock; only its own login can see that."""
        connection = await asyncpg.connect(self.url.replace("postgresql+asyncpg://", "postgresql://", 1))
        try:
            return int(await connection.fetchval(_WAITING))
        finally:
            await connection.close()

    async def counts(self) -> dict[str, int]:
        """Rows of every table: what "leaves nothing behind" is judged by."""
        tables = await self.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        counts = {}
        for (table,) in tables:
            ((count,),) = await self.fetch(f'SELECT count(*) FROM "{table}"')  # noqa: S608 - our own tables
            counts[table] = count
        return counts

    async def contents(self) -> dict[str, str]:
        """A digest of each table: what "changes nothing" is judged by; counting would miss an update."""
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
    """The service's database as the chart and the local stack have it."""
    return Database(
        url=postgres.url(package, role=package), owner_url=postgres.url(package, role=owner_of(package))
    )


async def create_service_database(postgres: PostgresServer, package: str) -> Database:
    """The same, made and migrated: its owner, and a login that owns nothing."""
    await postgres.create_database(package, owner=owner_of(package), login=package)
    database = service_database(postgres, package)
    await migrate(package, database.owner_url)
    return database


async def migrate(package: str, database_url: str, **settings: object) -> None:
    """Run the service's own command, as a deployment does; further settings come without their prefix.

    `database_url` is the owner's; the service's login, named like the package, is granted what it needs.
    """
    told = {"database_url": database_url, "database_role": package, **settings}
    environment = {f"{package}_{name}".upper(): str(value) for name, value in told.items()}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"{package}.migrate", env={**os.environ, **environment}
    )
    assert await process.wait() == 0
