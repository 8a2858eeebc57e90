"""The migrations make what the code expects, and may be run again."""

import importlib

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from tests.support.databases import Database, migrate

PACKAGES = ("request_api", "results_api", "analyzer")


@pytest.fixture
def databases(
    request_database: Database, results_database: Database, analyzer_database: Database
) -> dict[str, Database]:
    return dict(zip(PACKAGES, (request_database, results_database, analyzer_database), strict=True))


@pytest.mark.parametrize("package", PACKAGES)
async def test_tables_are_as_the_code_has_them(package: str, databases: dict[str, Database]) -> None:
    database = databases[package]
    metadata = importlib.import_module(f"{package}.tables").metadata

    def differences(connection: Connection) -> list[object]:
        options = {"version_table": f"{package}_alembic_version", "compare_server_default": True}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))

    engine = create_async_engine(database.owner_url)
    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
    await engine.dispose()
    assert found == []


@pytest.mark.parametrize("package", PACKAGES)
async def test_migrating_again_changes_nothing(package: str, databases: dict[str, Database]) -> None:
    database = databases[package]
    before = await database.counts()
    await migrate(package, database.owner_url)
    assert (await database.counts()).keys() == before.keys()
