"""Database of a service: an asyncpg pool owns every connection and every transaction.

A statement raises `asyncpg.PostgresError` if the server refused it, or `DatabaseUnavailable` if the database
cannot be used now. Rows are asyncpg's.
"""

import asyncio
import json
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from chassis.errors import Unavailable
from chassis.settings import DatabaseAddress

# Includes waiting for a free connection. Fails before the gateway (9 s) and the frontend (10 s) give up.
BLOCK_TIMEOUT_SECONDS = 8
CONNECT_TIMEOUT_SECONDS = 3
# The server ends a slow statement first; only a server that does not answer costs the connection.
STATEMENT_TIMEOUT_SECONDS = 5
ANSWER_TIMEOUT_SECONDS = 6
# A server process whose client vanished must not keep its locks.
IDLE_IN_TRANSACTION_SECONDS = 10
# Readiness has to answer before the probe gives up.
CHECK_TIMEOUT_SECONDS = 1.5
RETRY_AFTER_SECONDS = 2
# A pool whose connections are all in use is slow, not unavailable, if one succeeded within this time.
RECENT_SECONDS = 3

# SQLSTATE classes of an unavailable database: connection, authorization, no such database, serialization
# failure, resources, operator intervention, system; "read only" of a replica; transaction timeouts.
_UNAVAILABLE_STATES = ("08", "28", "3D", "40", "53", "57", "58", "25006", "25P03", "25P04")
# States after which the connection itself is unusable: connection, shutdown, idle in transaction.
_LOST_STATES = ("08", "57P", "25P03", "25P04")

Row = Mapping[str, Any]
Answer = TypeVar("Answer")


class DatabaseUnavailable(Unavailable):
    """The database cannot be used now. After a failed commit it is unknown if the commit took effect."""

    def __init__(self) -> None:
        super().__init__("The service is busy or restarting; try again.", retry_after=RETRY_AFTER_SECONDS)


class Connection:
    """A connection of one block.

    It is discarded when a statement ends without an answer of the server: after a timeout, a cancellation or
    a protocol error, the server may still be executing the statement.
    """

    __slots__ = ("_driver", "answered_at", "is_discarded")

    def __init__(self, driver: PoolConnectionProxy | asyncpg.Connection) -> None:
        self._driver = driver
        self.is_discarded = False
        self.answered_at: float | None = None
        """Time of the last successful statement, by the monotonic clock."""

    async def fetch(self, query: str, *arguments: object) -> Sequence[Row]:
        """Return every row."""
        return await self._answer(self._driver.fetch(query, *arguments))

    async def fetchrow(self, query: str, *arguments: object) -> Row | None:
        """Return the first row, or None without one."""
        return await self._answer(self._driver.fetchrow(query, *arguments))

    async def fetchval(self, query: str, *arguments: object) -> Any:  # noqa: ANN401 - any column's type
        """Return the first column of the first row, or None without one."""
        return await self._answer(self._driver.fetchval(query, *arguments))

    async def execute(self, query: str, *arguments: object) -> str:
        """Run a statement for its effect; returns PostgreSQL's command tag, such as "UPDATE 1"."""
        return await self._answer(self._driver.execute(query, *arguments))

    async def executemany(self, query: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement once for each row of arguments, in one round trip."""
        await self._answer(self._driver.executemany(query, rows))

    def is_in_transaction(self) -> bool:
        """Return the transaction state of the server's latest answer; False without a connection."""
        try:
            return bool(self._driver.is_in_transaction())
        except asyncpg.InterfaceError:
            # The connection is closed and has left the pool.
            return False

    def discard(self) -> None:
        """Close the connection at once, without waiting for the server. The pool replaces it when needed."""
        self.is_discarded = True
        # asyncpg closes a connection itself if it cannot cancel a statement.
        with suppress(asyncpg.InterfaceError):
            self._driver.terminate()

    def _is_open(self) -> bool:
        try:
            return not self._driver.is_closed()
        except asyncpg.InterfaceError:
            return False

    async def _answer(self, statement: Awaitable[Answer]) -> Answer:
        try:
            answer = await statement
        except asyncpg.PostgresError as error:
            if str(error.sqlstate).startswith(_LOST_STATES):
                self.discard()
            if is_unavailable(error):
                raise DatabaseUnavailable from error
            raise
        except BaseException as error:
            was_open = self._is_open()
            self.discard()
            # An InterfaceError of an open connection is a bug, such as a wrong number of arguments.
            if is_unavailable(error) and not (was_open and isinstance(error, asyncpg.InterfaceError)):
                raise DatabaseUnavailable from error
            raise
        self.answered_at = time.monotonic()
        return answer


class Database:
    """Transactions on one database."""

    def __init__(self, *, address: DatabaseAddress, pool_size: int, application_name: str) -> None:
        self.address = address
        self._pool_size = pool_size
        self._application_name = application_name
        self._pool: asyncpg.Pool | None = None
        self._answered_at: float | None = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Run a transaction: commit at the end of the block, roll back if it raises.

        Raises:
            DatabaseUnavailable: the database cannot be reached, or did not confirm the commit.
        """
        async with self.autocommit() as connection:
            await connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
            try:
                yield connection
                tag = await connection.execute("COMMIT")
            except BaseException as error:
                await _roll_back(connection, error)
                raise
            # PostgreSQL answers COMMIT with ROLLBACK if a statement had failed and the block continued.
            if tag != "COMMIT":
                raise RuntimeError("an error was swallowed inside a transaction, which was rolled back")

    @asynccontextmanager
    async def autocommit(self) -> AsyncIterator[Connection]:
        """Commit each statement by itself: for reads, and for writes of a single statement.

        Raises:
            DatabaseUnavailable: the database cannot be reached, or became unavailable in the block.
        """
        pool = await self._open()
        ends = asyncio.get_running_loop().time() + BLOCK_TIMEOUT_SECONDS
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_SECONDS) as limit:
                driver = await _acquire(pool)
                limit.reschedule(ends)
                connection = Connection(driver)
                try:
                    yield connection
                finally:
                    if connection.answered_at is not None:
                        self._answered_at = connection.answered_at
                    if connection.is_in_transaction():
                        connection.discard()
                    await pool.release(driver, timeout=CONNECT_TIMEOUT_SECONDS)
        except TimeoutError as error:
            if limit.expired():
                raise DatabaseUnavailable from error
            raise

    async def check(self) -> str | None:
        """Check readiness. Returns why the database is not usable, or None."""
        try:
            async with asyncio.timeout(CHECK_TIMEOUT_SECONDS), self.autocommit() as connection:
                await connection.execute("SELECT 1")
        except (DatabaseUnavailable, TimeoutError) as error:
            is_recent = (
                self._answered_at is not None and time.monotonic() - self._answered_at < RECENT_SECONDS
            )
            # A pool that is fully in use makes answers slow, which is no reason to send callers elsewhere.
            return None if is_recent else unavailability_reason(error.__cause__)
        return None

    async def close(self) -> None:
        """Close all connections."""
        if self._pool is not None:
            try:
                async with asyncio.timeout(CONNECT_TIMEOUT_SECONDS):
                    await self._pool.close()
            except TimeoutError:
                self._pool.terminate()

    async def _open(self) -> asyncpg.Pool:
        """Create the pool in the event loop that uses it. Connections are opened when they are needed."""
        if self._pool is None:
            self._pool = asyncpg.create_pool(
                self.address.dsn,
                ssl=self.address.tls,
                min_size=0,
                max_size=self._pool_size,
                max_inactive_connection_lifetime=300,
                timeout=CONNECT_TIMEOUT_SECONDS,
                command_timeout=ANSWER_TIMEOUT_SECONDS,
                init=_decode_json,
                reset=_prove_idle,
                server_settings={
                    "application_name": self._application_name,
                    "jit": "off",
                    "statement_timeout": f"{STATEMENT_TIMEOUT_SECONDS}s",
                    "idle_in_transaction_session_timeout": f"{IDLE_IN_TRANSACTION_SECONDS}s",
                },
            )
            await self._pool
        return self._pool


async def _acquire(pool: asyncpg.Pool) -> PoolConnectionProxy:
    try:
        return await pool.acquire()
    except Exception as error:
        if is_unavailable(error):
            raise DatabaseUnavailable from error
        raise


def is_unavailable(error: BaseException) -> bool:
    """Return True if the database cannot work now, and False if the statement was wrong."""
    if isinstance(error, asyncpg.PostgresError):
        # A migration changed a table of a prepared statement; the next attempt prepares it again.
        is_outdated = isinstance(error, asyncpg.InvalidCachedStatementError)
        return is_outdated or str(error.sqlstate).startswith(_UNAVAILABLE_STATES)
    return isinstance(error, OSError | TimeoutError | asyncpg.InterfaceError | asyncpg.InternalClientError)


def unavailability_reason(error: BaseException | None) -> str:
    """Return one sentence for on-call, without passwords and parameters."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the database's certificate is not accepted: {error.verify_message}"
    if isinstance(error, asyncpg.InvalidPasswordError):
        return "the database refuses the password"
    if isinstance(error, asyncpg.InvalidAuthorizationSpecificationError):
        return "the database does not let this user in, or not without TLS or a certificate"
    return "the database does not answer"


async def _roll_back(connection: Connection, error: BaseException) -> None:
    if connection.is_discarded:
        return
    if not isinstance(error, Exception):
        # Do not wait for the server after a cancellation.
        connection.discard()
        return
    with suppress(asyncpg.PostgresError, DatabaseUnavailable):
        await connection.execute("ROLLBACK")


async def _decode_json(driver: asyncpg.Connection) -> None:
    for name in ("json", "jsonb"):
        await driver.set_type_codec(name, schema="pg_catalog", encoder=_unchanged, decoder=read_json)


def read_json(text: str) -> Any:  # noqa: ANN401 - any JSON
    """Parse JSON. Returns None for JSON that PostgreSQL can store and Python cannot read.

    Examples are about a thousand levels of nesting, or an integer of thousands of digits.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _unchanged(text: str) -> str:
    """Return JSON as the text that `Statement` encoded."""
    return text


async def _prove_idle(driver: asyncpg.Connection) -> None:
    """Raise if a returned connection has an open transaction, which makes asyncpg close it."""
    if driver.is_in_transaction():
        raise asyncpg.InternalClientError("a connection came back with an open transaction")
