"""Transactions of `Database` on a real server, with one connection that all callers share."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
from chassis.db import database as db
from chassis.db.database import Connection, Database, DatabaseUnavailable
from chassis.db.statement import Statement
from chassis.settings import DatabaseAddress
from sqlalchemy import Column, MetaData, Table, Text, bindparam, func, insert, select

from tests.support.polling import eventually
from tests.support.servers.provision import PostgresServer

words = Table("words", MetaData(), Column("word", Text, primary_key=True))
ADD = Statement(insert(words).values(word=bindparam("word")))
NAME = "tested"


@pytest_asyncio.fixture
async def database(postgres: PostgresServer) -> AsyncIterator[Database]:
    await postgres.create_database("transactions", owner="transactions")
    address = DatabaseAddress(url=postgres.url("transactions", role="transactions"))
    database = Database(address=address, pool_size=1, application_name=NAME)
    async with database.transaction() as connection:
        await connection.execute("CREATE TABLE IF NOT EXISTS words (word text PRIMARY KEY)")
        await connection.execute("TRUNCATE words")
    yield database
    await database.close()


@pytest_asyncio.fixture
async def other(postgres: PostgresServer) -> AsyncIterator[asyncpg.Connection]:
    """Open a session beside the pool, which reads only committed rows."""
    connection = await postgres.connect("transactions")
    yield connection
    await connection.close()


async def stored(other: asyncpg.Connection) -> list[str]:
    return [row["word"] for row in await other.fetch("SELECT word FROM words ORDER BY word")]


async def add(
    database: Database,
    word: str,
    *queries: str,
    began: asyncio.Event | None = None,
    then: BaseException | None = None,
) -> None:
    """Insert a word, run more queries in the same transaction, and raise `error` if given."""
    async with database.transaction() as connection:
        await ADD.run(connection, {"word": word})
        if began is not None:
            began.set()
        for query in queries:
            await connection.execute(query)
        if then is not None:
            raise then


async def test_statements_of_a_transaction_are_committed_together(
    database: Database, other: asyncpg.Connection
) -> None:
    async with database.transaction() as connection:
        assert await ADD.run(connection, {"word": "one"}) == 1
        await ADD.each(connection, [{"word": "two"}, {"word": "three"}])
        assert await stored(other) == []
    assert await stored(other) == ["one", "three", "two"]


@pytest.mark.parametrize("error", [RuntimeError(), TimeoutError(), asyncio.CancelledError()], ids=repr)
async def test_statements_of_a_failed_transaction_are_rolled_back(
    database: Database, other: asyncpg.Connection, error: BaseException
) -> None:
    with pytest.raises(type(error)):
        await add(database, "one", then=error)
    assert await stored(other) == []
    await add(database, "two")
    assert await stored(other) == ["two"]


async def test_error_of_the_caller_keeps_the_connection(database: Database) -> None:
    async with database.autocommit() as connection:
        before = await connection.fetchval("SELECT pg_backend_pid()")
    with pytest.raises(LookupError):
        await add(database, "one", then=LookupError())
    with pytest.raises(asyncpg.UniqueViolationError):
        async with database.transaction() as connection:
            await ADD.each(connection, [{"word": "same"}, {"word": "same"}])
    async with database.autocommit() as connection:
        assert await connection.fetchval("SELECT pg_backend_pid()") == before


async def test_swallowed_error_prevents_the_commit(database: Database, other: asyncpg.Connection) -> None:
    await add(database, "one")

    async def careless() -> None:
        async with database.transaction() as connection:
            await ADD.run(connection, {"word": "two"})
            with suppress(asyncpg.UniqueViolationError):
                await ADD.run(connection, {"word": "one"})

    with pytest.raises(RuntimeError, match="rolled back"):
        await careless()
    assert await stored(other) == ["one"]


async def test_argument_that_cannot_be_encoded_is_an_error_of_the_statement(database: Database) -> None:
    with pytest.raises(asyncpg.exceptions.DataError, match="int32"):
        async with database.autocommit() as connection:
            await connection.fetchval("SELECT $1::int", 2**31)


async def test_bug_in_the_block_is_not_reported_as_unavailability(database: Database) -> None:
    with pytest.raises(asyncpg.InterfaceError, match="argument"):
        async with database.autocommit() as connection:
            await connection.fetchval("SELECT $1::int")
    assert await database.check() is None


async def test_cancelled_statement_leaves_nothing_behind(
    database: Database, other: asyncpg.Connection
) -> None:
    began = asyncio.Event()
    task = asyncio.create_task(add(database, "one", "SELECT pg_sleep(3)", began=began))
    await began.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(2):
        await add(database, "two")
    assert await stored(other) == ["two"]


async def test_connection_that_the_server_closes_fails_once(
    database: Database, other: asyncpg.Connection
) -> None:
    with pytest.raises(DatabaseUnavailable):
        await add(database, "one", "SELECT pg_terminate_backend(pg_backend_pid())")
    await add(database, "two")
    assert await stored(other) == ["two"]


async def test_idle_connection_that_the_server_closes_fails_once_or_is_replaced(
    database: Database, other: asyncpg.Connection
) -> None:
    for turns in range(20):
        async with database.autocommit() as connection:
            pid = await connection.fetchval("SELECT pg_backend_pid()")
        await other.fetchval("SELECT pg_terminate_backend($1)", pid)
        # The notice of it may arrive at any iteration of the event loop.
        for _ in range(turns % 4):
            await asyncio.sleep(0)
        with suppress(DatabaseUnavailable):
            await add(database, str(turns))
        assert await none_idle_in_transaction(other)


async def test_transaction_is_read_committed_and_reads_need_none(database: Database) -> None:
    began = Statement(
        select(func.now().label("at"), func.current_setting("transaction_isolation").label("level"))
    )
    async with database.transaction() as connection:
        first, second = await began.one(connection), await began.one(connection)
        assert first["level"] == "read committed"
        assert first == second
    async with database.autocommit() as connection:
        assert await began.one(connection) != await began.one(connection)


async def test_block_that_takes_too_long_is_cancelled(
    database: Database, other: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "BLOCK_TIMEOUT_SECONDS", 0.2)
    with pytest.raises(DatabaseUnavailable):
        await add(database, "one", "SELECT pg_sleep(3)")
    assert await none_idle_in_transaction(other)
    assert await stored(other) == []


async def test_statement_timeout_of_the_server_keeps_the_connection(database: Database) -> None:
    async with database.autocommit() as connection:
        for name, value in (("idle_in_transaction_session_timeout", "10s"), ("statement_timeout", "5s")):
            assert await connection.fetchval("SELECT current_setting($1)", name) == value
        await connection.execute("SET statement_timeout = '100ms'")
        with pytest.raises(DatabaseUnavailable):
            await connection.execute("SELECT pg_sleep(2)")
        # The server answered cleanly, so the connection stays usable.
        assert await connection.fetchval("SELECT 1") == 1


async def none_idle_in_transaction(other: asyncpg.Connection) -> bool:
    """Wait until the backends of discarded connections have ended."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND state LIKE 'idle in%'"
    await eventually(lambda: other.fetchval(query, NAME), until=lambda count: count == 0, deadline_seconds=3)
    return True


def processes_of(postmaster: int) -> list[int]:
    """Return the postmaster and its children."""
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text(encoding="ascii")
    return [postmaster, *map(int, children.split())]


@contextmanager
def paused(postmaster: int) -> Iterator[None]:
    """Pause the server, with its connections open."""
    pids = processes_of(postmaster)
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


class Clients:
    """Clients that insert a word each and record the outcome that was reported to them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.acknowledged: set[str] = set()
        """Those that were reported as committed."""
        self.unexpected: list[Exception] = []
        self.last: dict[str, Exception | None] = {}

    async def insert(self, word: str, *, after: float = 0) -> None:
        await asyncio.sleep(after)
        try:
            await add(self._database, word)
        except DatabaseUnavailable as error:
            self.last[word] = error
        except Exception as error:  # noqa: BLE001 - collected for the test to see
            self.unexpected.append(error)
        else:
            self.acknowledged.add(word)


# Positions of a transaction when the server stops, with scaled-down time limits.
STALLS = (0.2, 0.35, 0.45, 0.55, 0.7, 0.9, 1.5)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reduce the time limits to a tenth, in the same order: connect, statement, block."""
    monkeypatch.setattr(db, "CONNECT_TIMEOUT_SECONDS", 0.3)
    monkeypatch.setattr(db, "ANSWER_TIMEOUT_SECONDS", 0.5)
    monkeypatch.setattr(db, "BLOCK_TIMEOUT_SECONDS", 0.8)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("pool_size", [1, 3])
@pytest.mark.parametrize("stall", STALLS)
async def test_reported_commits_are_stored_despite_stalls(
    postgres: PostgresServer, other: asyncpg.Connection, database: Database, stall: float, pool_size: int
) -> None:
    address = DatabaseAddress(url=postgres.url("transactions", role="transactions"))
    stalled = Database(address=address, pool_size=pool_size, application_name=NAME)
    clients = Clients(stalled)
    try:
        await clients.insert("before")
        async with asyncio.TaskGroup() as group:
            # Some transactions begin while the server is paused, some wait for a connection, some follow.
            for n in range(20):
                group.create_task(clients.insert(f"during {n}", after=n * stall / 10))
            with paused(await postmaster_of(other)):
                await asyncio.sleep(stall)
        for n in range(5):
            await clients.insert(f"after {n}")
        assert clients.unexpected == []
        assert clients.acknowledged <= {*await stored(other)}
        # The pool recovered by itself, and stored rows are kept.
        assert {f"after {n}" for n in range(1, 5)} <= clients.acknowledged
        assert await none_idle_in_transaction(other)
    finally:
        await stalled.close()
    assert clients.acknowledged <= {*await stored(other)}


async def postmaster_of(other: asyncpg.Connection) -> int:
    folder = await other.fetchval("SELECT current_setting('data_directory')")
    return int(Path(folder, "postmaster.pid").read_text(encoding="utf-8").split()[0])  # noqa: ASYNC240


async def test_readiness_fails_for_an_unavailable_database_and_not_for_a_busy_pool(
    database: Database, other: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await database.check() is None
    monkeypatch.setattr(db, "CONNECT_TIMEOUT_SECONDS", 0.2)
    async with database.transaction() as connection:
        await connection.fetchval("SELECT 1")
        # The only connection is in use and succeeded a moment ago.
        assert await database.check() is None
        monkeypatch.setattr(db, "RECENT_SECONDS", 0)
        assert await database.check() == "the database does not answer"
    assert await database.check() is None


def test_connection_exposes_no_transactions_of_asyncpg() -> None:
    """The rest of asyncpg is unreachable, because its transactions would be a second owner."""
    assert not hasattr(Connection, "transaction")
