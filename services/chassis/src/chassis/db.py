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
_AWAY = (
    OSError,
    TimeoutError,
    exc.TimeoutError,
    exc.InterfaceError,
    exc.OperationalError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InterfaceError,
)


class DatabaseAway(Unavailable):
    """The database cannot be used now; whether a commit under way took effect is unknown."""

    def __init__(self) -> None:
        super().__init__("The service is busy or restarting; try again.", retry_after=RETRY_AFTER_SECONDS)


def is_away(error: BaseException) -> bool:
    """Whether an error says that the database is out of reach, rather than that a statement was wrong."""
    if isinstance(error, exc.DBAPIError) and isinstance(error.orig, BaseException):
        cause = error.orig.__cause__
        return error.connection_invalidated or isinstance(error, _AWAY) or isinstance(cause, _AWAY)
    return isinstance(error, _AWAY)


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
        except DatabaseAway:
            return "the database does not answer"
        return None

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()
