"""The service's database: an asyncpg pool owns every connection and every transaction.

A statement raises one of two kinds of errors: `asyncpg.PostgresError`, where the server refused the statement
itself, or `DatabaseUnavailable`, where the database cannot be used now. Rows are asyncpg's.
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

# The frontend gives up after 10 s and the gateway after 9: what a caller waits for has failed before that.
# It includes waiting for a free connection.
BLOCK_TIMEOUT_SECONDS = 8
CONNECT_TIMEOUT_SECONDS = 3
# The server itself ends a statement first, so that only a server that does not answer costs the connection.
STATEMENT_TIMEOUT_SECONDS = 5
ANSWER_TIMEOUT_SECONDS = 6
# A backend whose client vanished without a word must not keep its locks.
IDLE_IN_TRANSACTION_SECONDS = 10
# Readiness has to answer before the probe gives up.
CHECK_TIMEOUT_SECONDS = 1.5
RETRY_AFTER_SECONDS = 2
# A pool whose connections are all at work is slow, not away, if one of them succeeded this lately.
RECENT_SECONDS = 3

# SQLSTATE classes of the database's own trouble: connection, authorization, no such database, rolled back for
# others' sake, resources, intervention, system; a replica's "read only"; a transaction that took too long.
_AWAY_STATES = ("08", "28", "3D", "40", "53", "57", "58", "25006", "25P03", "25P04")
# Those after which the connection itself is of no more use: connection, shutdown, idle in transaction.
_LOST_STATES = ("08", "57P", "25P03", "25P04")

Row = Mapping[str, Any]
Answer = TypeVar("Answer")


class DatabaseUnavailable(Unavailable):
    """The database cannot be used now. After a failed commit it is unknown whether that took effect."""

    def __init__(self) -> None:
        super().__init__("The service is busy or restarting; try again.", retry_after=RETRY_AFTER_SECONDS)


class Connection:
    """A connection for the time of one block.

    It is discarded as soon as a statement ends in anything but an answer of the server: after a timeout, a
    cancellation or a protocol error, the server may still be at work on it.
    """

    __slots__ = ("_driver", "answered_at", "is_discarded")

    def __init__(self, driver: PoolConnectionProxy | asyncpg.Connection) -> None:
        self._driver = driver
        self.is_discarded = False
        self.answered_at: float | None = None
        """When a statement last succeeded, by the monotonic clock."""

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
        """Return what the server said of it in its latest answer; False without a connection."""
        try:
            return bool(self._driver.is_in_transaction())
        except asyncpg.InterfaceError:
            # It is closed, and has left the pool.
            return False

    def discard(self) -> None:
        """Close it at once, without waiting for the server; the pool makes a new one when it needs one."""
        self.is_discarded = True
        # asyncpg has closed it itself where it could not ask the server to cancel a statement.
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
            # What asyncpg says of an open connection is our fault, such as a wrong number of arguments.
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
        """Begin; commit at the end of the block, roll back where it raises.

        Raises:
            DatabaseUnavailable: the database cannot be reached, or went away before it confirmed the commit.
        """
        async with self.autocommit() as connection:
            await connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
            try:
                yield connection
                tag = await connection.execute("COMMIT")
            except BaseException as error:
                await _roll_back(connection, error)
                raise
            # PostgreSQL answers COMMIT with ROLLBACK where a statement had failed and the block went on.
            if tag != "COMMIT":
                raise RuntimeError("an error was swallowed inside a transaction, which was rolled back")

    @asynccontextmanager
    async def autocommit(self) -> AsyncIterator[Connection]:
        """Run each statement by itself: for reads, and for writes of a single statement.

        Raises:
            DatabaseUnavailable: the database cannot be reached, or went away meanwhile.
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
        """Return why the database is not usable, for readiness; None where it is."""
        try:
            async with asyncio.timeout(CHECK_TIMEOUT_SECONDS), self.autocommit() as connection:
                await connection.execute("SELECT 1")
        except (DatabaseUnavailable, TimeoutError) as error:
            is_recent = (
                self._answered_at is not None and time.monotonic() - self._answered_at < RECENT_SECONDS
            )
            # All connections at work is a reason to be slow, none to send callers elsewhere.
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
        """Make the pool in the loop that uses it; no connection is made before one is needed."""
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
    """Tell whether the database cannot do its work now, rather than that a statement was wrong."""
    if isinstance(error, asyncpg.PostgresError):
        # A migration changed a table under a prepared statement; the next attempt prepares it anew.
        is_outdated = isinstance(error, asyncpg.InvalidCachedStatementError)
        return is_outdated or str(error.sqlstate).startswith(_AWAY_STATES)
    return isinstance(error, OSError | TimeoutError | asyncpg.InterfaceError | asyncpg.InternalClientError)


def unavailability_reason(error: BaseException | None) -> str:
    """Return one sentence for on-call; neither passwords nor parameters are in it."""
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
    """Return the value, or None where Python cannot read what PostgreSQL could store.

    That is what nests about a thousand levels deep, or an integer of thousands of digits.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _unchanged(text: str) -> str:
    """Pass JSON on as the text that `Statement` makes of it."""
    return text


async def _prove_idle(driver: asyncpg.Connection) -> None:
    """Let no connection back into the pool with an open transaction; asyncpg closes it where this raises."""
    if driver.is_in_transaction():
        raise asyncpg.InternalClientError("a connection came back with an open transaction")
