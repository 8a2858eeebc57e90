"""Migrations create the tables that the code expects, and can run again."""

import asyncio
import importlib
from uuid import uuid4

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from chassis.db.migrations import alembic_config
from chassis.settings import DatabaseAddress
from local_stack.postgres import owner_of
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from tests.support.servers.databases import Database, migrate
from tests.support.servers.provision import PostgresServer

PACKAGES = ("request_api", "results_api", "analyzer")


@pytest.fixture
def databases(
    request_database: Database, results_database: Database, analyzer_database: Database
) -> dict[str, Database]:
    return dict(zip(PACKAGES, (request_database, results_database, analyzer_database), strict=True))


@pytest.mark.parametrize("package", PACKAGES)
async def test_migrated_tables_equal_the_tables_of_the_code(
    package: str, databases: dict[str, Database]
) -> None:
    database = databases[package]
    metadata = importlib.import_module(f"{package}.storage.tables").metadata

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


async def test_idempotency_keys_of_erased_analyses_are_deleted(
    postgres: PostgresServer, request_database: Database
) -> None:
    owner = owner_of("request_api")
    name = f"before_{uuid4().hex[:8]}"
    await postgres.create_database(name, owner=owner)
    url = postgres.url(name, role=owner)
    database = Database(url=url, owner_url=url)
    config = alembic_config("request_api", DatabaseAddress(url=url))
    await asyncio.to_thread(command.upgrade, config, "r0004")
    ids = {key: uuid4() for key in ("candidate", "resume", "kept", "erased")}
    await database.fetch(
        "INSERT INTO candidates (id, first_name, last_name, created_by_user_id) VALUES ($1, 'A', 'B', $1)",
        ids["candidate"],
    )
    await database.fetch(
        "INSERT INTO resumes (id, candidate_id, uploaded_by_user_id, original_filename, stored_filename,"
        " file_hash, file_size, mime_type) VALUES ($1, $2, $2, 'a', 'a', '', 1, '')",
        ids["resume"],
        ids["candidate"],
    )
    await database.fetch(
        "INSERT INTO review_requests (id, resume_id, requested_by_user_id) VALUES ($1, $2, $3)",
        ids["kept"],
        ids["resume"],
        ids["candidate"],
    )

    # The form that every version writes.
    remember = (
        "INSERT INTO idempotency_keys (user_id, key, fingerprint, answer)"
        " VALUES ($1, $2, '', jsonb_build_object('analysis_id', $3::uuid))"
    )
    for key in ("kept", "erased"):
        await database.fetch(remember, ids["candidate"], key, ids[key])
    for _ in range(2):
        await migrate("request_api", url)
    assert [row["key"] for row in await database.fetch("SELECT key FROM idempotency_keys")] == ["kept"]
    await database.fetch("DELETE FROM resumes")
    assert (await database.counts())["idempotency_keys"] == 0


@pytest.mark.parametrize("reached", ["s0001", "s0004", "s0009"])
async def test_interrupted_migration_is_continued(
    postgres: PostgresServer, results_database: Database, reached: str
) -> None:
    owner = owner_of("results_api")
    name = f"cut_off_{uuid4().hex[:8]}"
    await postgres.create_database(name, owner=owner)
    url = postgres.url(name, role=owner)
    config = alembic_config("results_api", DatabaseAddress(url=url))
    await asyncio.to_thread(command.upgrade, config, reached)
    await migrate("results_api", url)
    assert (await Database(url=url, owner_url=url).counts()).keys() == (
        await results_database.counts()
    ).keys()
