"""The whole system on the legacy backend's database, which has Schema v1.1 and existing rows."""

from pathlib import Path

import asyncpg
from local_stack.postgres import owner_of
from local_stack.service import migrate
from local_stack.stack import Stack

from tests.support.fakes.legacy_backend import (
    BEFORE_OCTOBER_2025,
    RESTRICT_INDUSTRIES,
    SINCE_OCTOBER_2025,
    FakeLegacyBackend,
)
from tests.support.servers.provision import PostgresServer

SCHEMA_V1_1 = Path(__file__).with_name("schema-v1.1.sql")
# The legacy backend's database; its role of the same name owns the tables.
LEGACY = "legacy"
SERVICES = ("request_api", "results_api")


async def load_schema_v1_1(postgres: PostgresServer, name: str = LEGACY) -> None:
    """Create the legacy backend's database as production has it."""
    await postgres.create_database(name, owner=LEGACY)
    connection = await asyncpg.connect(postgres.url(name, role=LEGACY, scheme="postgresql"))
    try:
        await connection.execute(SCHEMA_V1_1.read_text(encoding="utf-8"))
    finally:
        await connection.close()


class AdoptedStack(Stack):
    """A stack whose request-api and results-api share the legacy database, each with its own role."""

    industries = BEFORE_OCTOBER_2025

    def legacy_backend(self) -> FakeLegacyBackend:
        """Return a legacy backend that works on the same database."""
        url = self.postgres.url(LEGACY, role=LEGACY, scheme="postgresql")
        return FakeLegacyBackend(url, industries=self.industries)

    async def _store(self) -> None:
        await self._timed(self.postgres)
        await load_schema_v1_1(self.postgres)
        await self._before_adoption()
        for package in SERVICES:
            await self.postgres.create_database(LEGACY, owner=LEGACY, login=package)
        await self.postgres.create_database("analyzer", owner=owner_of("analyzer"), login="analyzer")
        owners = {
            **dict.fromkeys(SERVICES, self.postgres.url(LEGACY)),
            "analyzer": self.postgres.url("analyzer", role=owner_of("analyzer")),
        }
        for package, owner_url in owners.items():
            await migrate(package=package, environment=self._environment(), owner_url=owner_url)

    async def _before_adoption(self) -> None:
        """Change the legacy database before the services adopt it; subclasses override this."""

    def _environment(self) -> dict[str, str]:
        urls = {
            f"{package.upper()}_DATABASE_URL": self.postgres.url(LEGACY, role=package) for package in SERVICES
        }
        return super()._environment() | urls


class RestrictedStack(AdoptedStack):
    """A stack on the database of a newer legacy backend, which restricts the industries by a constraint."""

    industries = SINCE_OCTOBER_2025

    async def _before_adoption(self) -> None:
        await self.legacy_backend().migrate(RESTRICT_INDUSTRIES)
