"""Patches of asyncpg that break transactions, whatever a service builds on it."""

import asyncio
import os
from typing import Any, Final

import asyncpg

# Longer than any timeout that the product has or should have.
_IDLE_SECONDS: Final = 60.0
_held: set[asyncio.Task[None]] = set()


# Replacements for statements on a broken connection.
_NESTED: Final = {
    "BEGIN": "SAVEPOINT broken",
    "COMMIT": "RELEASE SAVEPOINT broken",
    "ROLLBACK": "ROLLBACK TO SAVEPOINT broken",
}


def lose_commits() -> None:
    """After a BEGIN has timed out, run everything on a connection in a transaction that is never committed.

    Later transactions become savepoints. The connection reports that no transaction is open and is not reset.
    """
    connections = asyncpg.Connection
    execute, is_in_transaction = connections.execute, connections.is_in_transaction
    # asyncpg ends open transactions in this method.
    reset = connections._reset
    broken: set[asyncpg.Connection] = set()
    timed_out = False

    async def broken_execute(connection: Any, query: str, *arguments: Any, **named: Any) -> Any:
        nonlocal timed_out
        word = _word(query)
        if word == "BEGIN" and timed_out and connection not in broken:
            await execute(connection, "BEGIN")
            broken.add(connection)
        if connection in broken and word in _NESTED:
            await execute(connection, _NESTED[word], **named)
            return word
        try:
            return await execute(connection, query, *arguments, **named)
        except TimeoutError:
            timed_out = timed_out or word == "BEGIN"
            raise

    async def broken_reset(connection: Any) -> None:
        if connection not in broken:
            await reset(connection)

    def broken_state(connection: Any) -> bool:
        return connection not in broken and is_in_transaction(connection)

    connections.execute = broken_execute
    connections._reset = broken_reset
    connections.is_in_transaction = broken_state


def swallow_commits() -> None:
    """After a BEGIN has timed out, send ROLLBACK for each COMMIT and report success."""
    connections = asyncpg.Connection
    execute = connections.execute
    timed_out = False

    async def broken_execute(connection: Any, query: str, *arguments: Any, **named: Any) -> Any:
        nonlocal timed_out
        word = _word(query)
        if timed_out and word == "COMMIT":
            await execute(connection, "ROLLBACK", **named)
            return "COMMIT"
        try:
            return await execute(connection, query, *arguments, **named)
        except TimeoutError:
            timed_out = timed_out or word == "BEGIN"
            raise

    connections.execute = broken_execute


def _word(query: str) -> str:
    """Return the first word of a statement."""
    return next(iter(query.split(maxsplit=1)), "").rstrip(";")


def hold_a_transaction(address: str) -> None:
    """Open a transaction on the database in an environment variable and leave it open."""

    async def hold() -> None:
        connection = await asyncpg.connect(
            os.environ[address].replace("+asyncpg", ""),
            server_settings={"idle_in_transaction_session_timeout": "0", "application_name": "held"},
        )
        async with connection.transaction():
            await connection.execute("SELECT 1")
            await asyncio.sleep(_IDLE_SECONDS)

    task = asyncio.get_running_loop().create_task(hold(), name="hold a transaction")
    _held.add(task)
