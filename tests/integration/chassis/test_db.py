"""Transactions of `Database`, in which SQLAlchemy's statements and asyncpg's own meet."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio
from chassis.address import DatabaseAddress
from chassis.db import Database, DatabaseAway
from chassis.statement import Statement
from sqlalchemy import Column, MetaData, Table, Text, bindparam, func, insert, select, text
from sqlalchemy.exc import IntegrityError

from tests.support.servers import PostgresServer

words = Table("words", MetaData(), Column("word", Text, primary_key=True))
ADD = Statement(insert(words).values(word=bindparam("word")))


@pytest_asyncio.fixture
async def database(postgres: PostgresServer) -> AsyncIterator[Database]:
    """With one connection, so that whoever comes next gets the same."""
    await postgres.create_database("transactions", owner="transactions")
    address = DatabaseAddress(url=postgres.url("transactions", role="transactions"))
    database = Database(address=address, pool_size=1, application_name="tested")
    async with database.transaction() as connection:
        await connection.execute(text("CREATE TABLE IF NOT EXISTS words (word text PRIMARY KEY)"))
        await connection.execute(text("TRUNCATE words"))
    yield database
    await database.close()


async def stored(database: Database) -> int:
    async with database.autocommit() as connection:
        return await connection.scalar(select(func.count()).select_from(words)) or 0


async def test_statements_of_both_kinds_become_true_together(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute(insert(words).values(word="one"))
        await ADD.first(connection, {"word": "two"})
        await ADD.each(connection, [{"word": "three"}, {"word": "four"}])
    assert await stored(database) == 4


async def add(database: Database, *kinds: str, then: BaseException | None = None) -> None:
    """The same word by statements of these kinds, in one transaction."""
    async with database.transaction() as connection:
        for kind in kinds:
            if kind == "asyncpg":
                await ADD.first(connection, {"word": "same"})
            else:
                await connection.execute(insert(words).values(word="same"))
        if then is not None:
            raise then


@pytest.mark.parametrize("error", [RuntimeError(), asyncio.CancelledError()], ids=repr)
@pytest.mark.parametrize("kind", ["asyncpg", "sqlalchemy"])
async def test_or_not_at_all(database: Database, kind: str, error: BaseException) -> None:
    with pytest.raises(type(error)):
        await add(database, kind, then=error)
    assert await stored(database) == 0


async def test_each_kind_raises_its_own_error_and_undoes_the_other(database: Database) -> None:
    with pytest.raises(asyncpg.UniqueViolationError):
        await add(database, "sqlalchemy", "asyncpg")
    with pytest.raises(IntegrityError):
        await add(database, "asyncpg", "sqlalchemy")
    assert await stored(database) == 0


async def test_who_is_cancelled_in_the_midst_of_a_statement_leaves_nothing_behind(database: Database) -> None:
    began = asyncio.Event()

    async def work() -> None:
        async with database.transaction() as connection:
            await ADD.first(connection, {"word": "one"})
            began.set()
            await Statement(select(func.pg_sleep(5))).first(connection, {})

    task = asyncio.create_task(work())
    await began.wait()
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(2):
        assert await stored(database) == 0


async def end_own_connection(database: Database, kind: str) -> None:
    end = select(func.pg_terminate_backend(func.pg_backend_pid()))
    async with database.transaction() as connection:
        await ADD.first(connection, {"word": "one"})
        if kind == "asyncpg":
            await Statement(end).first(connection, {})
        else:
            await connection.execute(end)


@pytest.mark.parametrize("kind", ["asyncpg", "sqlalchemy"])
async def test_a_connection_that_the_server_ends_is_away_once(database: Database, kind: str) -> None:
    with pytest.raises(DatabaseAway):
        await end_own_connection(database, kind)
    assert await stored(database) == 0


@pytest.mark.parametrize("kind", ["asyncpg", "sqlalchemy"])
async def test_one_that_was_ended_while_it_rested_is_away_or_made_anew(
    database: Database, postgres: PostgresServer, kind: str
) -> None:
    other = await postgres.connect("transactions")
    try:
        for turns in range(20):
            async with database.autocommit() as connection:
                pid = await connection.scalar(select(func.pg_backend_pid()))
            await other.fetchval("SELECT pg_terminate_backend($1)", pid)
            # The news of it arrives between any two turns of the loop.
            for _ in range(turns % 4):
                await asyncio.sleep(0)
            with contextlib.suppress(DatabaseAway, LookupError):
                await add(database, kind, then=LookupError())
    finally:
        await other.close()


async def test_a_transaction_is_read_committed_and_reading_needs_none(database: Database) -> None:
    began = Statement(
        select(func.now().label("at"), func.current_setting("transaction_isolation").label("level"))
    )
    async with database.transaction() as connection:
        first, second = await began.first(connection, {}), await began.first(connection, {})
        assert first is not None
        assert first["level"] == "read committed"
        assert first == second
    async with database.autocommit() as connection:
        assert await began.first(connection, {}) != await began.first(connection, {})
