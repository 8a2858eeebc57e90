"""The service's database: one engine, and transactions that say when it is away."""

import ssl
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import cast

import asyncpg
from sqlalchemy import Connection, event, exc, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from chassis.address import DatabaseAddress
from chassis.problems import Unavailable

# A statement that takes longer than this is broken, and the frontend has given up (10 s).
STATEMENT_TIMEOUT_SECONDS = 5
CONNECT_TIMEOUT_SECONDS = 3
RETRY_AFTER_SECONDS = 2
# A connection that was used this lately is taken for alive. To ask takes three round trips, more than most
# transactions; and one that the server has closed is known to be closed without asking.
TRUSTED_SECONDS = 0.5

# What a database that is stopped, starting, full or out of reach looks like, from driver and pool.
_AWAY = (
    *(OSError, TimeoutError, exc.TimeoutError, exc.InterfaceError, asyncpg.InterfaceError),
    # Of a connection that the server has just ended, and asyncpg has not seen closed yet.
    asyncpg.InternalClientError,
)
# SQLSTATE classes of what is the database's trouble and not the statement's: connection, authorization,
# no such database, rolled back for others' sake, resources, intervention, system; a replica's "read only".
_AWAY_STATES = ("08", "28", "3D", "40", "53", "57", "58", "25006")


class DatabaseAway(Unavailable):
    """The database cannot be used now; whether a commit under way took effect is unknown."""

    def __init__(self) -> None:
        super().__init__("The service is busy or restarting; try again.", retry_after=RETRY_AFTER_SECONDS)


def is_away(error: BaseException) -> bool:
    """Whether the database cannot do its work now, rather than that a statement was wrong."""
    if isinstance(error, exc.DBAPIError) and error.connection_invalidated:
        return True
    return any(
        isinstance(cause, _AWAY)
        or (isinstance(cause, asyncpg.PostgresError) and str(cause.sqlstate).startswith(_AWAY_STATES))
        for cause in _causes(error)
    )


def why_away(error: BaseException | None) -> str:
    """One sentence for on-call; neither passwords nor parameters are in it."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"the database's certificate is not accepted: {cause.verify_message}"
        if isinstance(cause, asyncpg.InvalidPasswordError):
            return "the database refuses the password"
        if isinstance(cause, asyncpg.InvalidAuthorizationSpecificationError):
            return "the database does not let this user in, or not without TLS or a certificate"
    return "the database does not answer"


def _causes(error: BaseException | None) -> list[BaseException | None]:
    """The error itself, and what SQLAlchemy wrapped: its adapter's error and, in that, the driver's."""
    if not isinstance(error, exc.DBAPIError):
        return [error]
    return [error, error.orig, error.orig.__cause__ if error.orig else None]


class Database:
    """Transactions on one database."""

    def __init__(self, *, address: DatabaseAddress, pool_size: int, application_name: str) -> None:
        self._engine = create_async_engine(
            address.url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=CONNECT_TIMEOUT_SECONDS,
            pool_recycle=1800,
            # Transactions are begun and ended here, on the driver, and not by SQLAlchemy: so statements of
            # either run in the same one. A statement alone needs none, which saves two round trips.
            isolation_level="AUTOCOMMIT",
            # Parameters are people's resumes: they must not stand in messages of exceptions.
            hide_parameters=True,
            connect_args={
                "ssl": address.tls,
                "timeout": CONNECT_TIMEOUT_SECONDS,
                "command_timeout": STATEMENT_TIMEOUT_SECONDS,
                "server_settings": {"application_name": application_name, "jit": "off"},
            },
        )
        _check_what_rested(self._engine)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """Begin; commit at the end of the block, roll back where it raises.

        Raises:
            DatabaseAway: the database cannot be reached, or went away meanwhile.
        """
        async with (
            self.autocommit() as connection,
            driver_of(connection).transaction(isolation="read_committed"),
        ):
            yield connection

    @asynccontextmanager
    async def autocommit(self) -> AsyncIterator[AsyncConnection]:
        """Each statement by itself: for reading, where each sees what is committed when it begins, in a
        transaction or not; and for what one statement writes.

        Raises:
            DatabaseAway: the database cannot be reached, or went away meanwhile.
        """
        with _away_is_said():
            connection = await self._engine.connect()
            driver = driver_of(connection)
            try:
                yield connection
            except BaseException as error:
                # What is under way on it must not meet the next statement.
                is_done = isinstance(error, Exception) and not isinstance(error, asyncpg.InternalClientError)
                if not is_done or driver.is_in_transaction():
                    await connection.invalidate()
                raise
            finally:
                await connection.close()

    async def check(self) -> str | None:
        """For readiness."""
        try:
            async with self.autocommit() as connection:
                await connection.execute(text("SELECT 1"))
        except DatabaseAway as error:
            # All connections at work is a reason to be slow, none to send callers elsewhere.
            if not isinstance(error.__cause__, exc.TimeoutError):
                return why_away(error.__cause__)
        return None

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()


def driver_of(connection: AsyncConnection) -> asyncpg.Connection:
    """What is beneath, for statements that SQLAlchemy would slow down."""
    pooled = cast("Connection", connection.sync_connection).connection
    return pooled.driver_connection


@contextmanager
def _away_is_said() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if is_away(error):
            raise DatabaseAway from error
        raise


def _check_what_rested(engine: AsyncEngine) -> None:
    """As `pool_pre_ping`, but only for connections that were not used a moment ago."""
    dialect = engine.dialect

    @event.listens_for(engine.sync_engine, "checkin")
    def returned(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        record.info["used"] = time.monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def taken(
        connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection
    ) -> None:
        used = record.info.get("used")
        if used is None:
            return  # new
        if connection.driver_connection.is_closed():
            raise exc.InvalidatePoolError
        if time.monotonic() - used < TRUSTED_SECONDS:
            return
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            raise exc.InvalidatePoolError from error
