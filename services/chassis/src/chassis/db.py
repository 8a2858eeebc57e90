"""The service's database: one engine, and transactions that say when it is away."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy import exc, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from chassis.problems import Unavailable

# A statement that takes longer than this is broken, and the frontend has given up (10 s).
STATEMENT_TIMEOUT_SECONDS = 5
CONNECT_TIMEOUT_SECONDS = 3
RETRY_AFTER_SECONDS = 2

# What a database that is stopped, starting, full or out of reach looks like, from driver and pool.
_AWAY = (OSError, TimeoutError, exc.TimeoutError, exc.InterfaceError, asyncpg.InterfaceError)
# SQLSTATE classes of what is the database's trouble and not the statement's: connection, authorization,
# no such database, rolled back for others' sake, resources, intervention, system; a replica's "read only".
_AWAY_STATES = ("08", "28", "3D", "40", "53", "57", "58", "25006")


class DatabaseAway(Unavailable):
    """The database cannot be used now; whether a commit under way took effect is unknown."""

    def __init__(self) -> None:
        super().__init__("The service is busy or restarting; try again.", retry_after=RETRY_AFTER_SECONDS)


def is_away(error: BaseException) -> bool:
    """Whether the database cannot do its work now, rather than that a statement was wrong."""
    causes: list[BaseException | None] = [error]
    if isinstance(error, exc.DBAPIError):
        if error.connection_invalidated:
            return True
        causes += [error.orig, error.orig.__cause__ if error.orig else None]
    return any(
        isinstance(cause, _AWAY)
        or (isinstance(cause, asyncpg.PostgresError) and str(cause.sqlstate).startswith(_AWAY_STATES))
        for cause in causes
    )


def libpq_dsn(url: str) -> str:
    """The same address as asyncpg itself, without SQLAlchemy, takes it."""
    return url.replace("postgresql+asyncpg://", "postgresql://", 1)


class Database:
    """Transactions on one database; `url` as SQLAlchemy writes it, with asyncpg as its driver."""

    def __init__(self, *, url: str, pool_size: int, application_name: str) -> None:
        self._engine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=CONNECT_TIMEOUT_SECONDS,
            pool_pre_ping=True,
            pool_recycle=1800,
            # Parameters are people's resumes: they must not stand in messages of exceptions.
            hide_parameters=True,
            connect_args={
                "timeout": CONNECT_TIMEOUT_SECONDS,
                "command_timeout": STATEMENT_TIMEOUT_SECONDS,
                "server_settings": {"application_name": application_name, "jit": "off"},
            },
        )

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """Begin; commit at the end of the block, roll back where it raises.

        Raises:
            DatabaseAway: the database cannot be reached, or went away meanwhile.
        """
        try:
            async with self._engine.begin() as connection:
                yield connection
        except Exception as error:
            if is_away(error):
                raise DatabaseAway from error
            raise

    async def check(self) -> str | None:
        """For readiness."""
        try:
            async with self.transaction() as connection:
                await connection.execute(text("SELECT 1"))
        except DatabaseAway as error:
            # All connections at work is a reason to be slow, none to send callers elsewhere.
            if not isinstance(error.__cause__, exc.TimeoutError):
                return "the database does not answer"
        return None

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()
