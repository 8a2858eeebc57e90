"""Databases of the services, on whichever server the tests have."""

import asyncio
import os
import sys
from dataclasses import dataclass

import asyncpg

# How many wait for somebody's lock.
WAITING = """
    SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
"""


@dataclass(frozen=True, slots=True)
class Database:
    """A service's database, migrated; `url` as the service is told it."""

    url: str

    @property
    def dsn(self) -> str:
        """As asyncpg itself takes it."""
        return self.url.replace("postgresql+asyncpg://", "postgresql://", 1)

    async def fetch(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        """Ask the database itself."""
        connection = await asyncpg.connect(self.dsn)
        try:
            rows: list[asyncpg.Record] = await connection.fetch(query, *arguments)
            return rows
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


async def migrate(package: str, database_url: str, **settings: object) -> None:
    """Run the service's own command, as a deployment does; further settings come without their prefix."""
    told = {"database_url": database_url, **settings}
    environment = {f"{package}_{name}".upper(): str(value) for name, value in told.items()}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"{package}.migrate", env={**os.environ, **environment}
    )
    assert await process.wait() == 0
