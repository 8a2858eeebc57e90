"""Transactions that are handled wrongly, made from outside by asyncpg, whatever a service builds on it."""

import asyncio
import os
from typing import Any, Final

import asyncpg

# Longer than any limit that the product has or should have.
_IDLE_SECONDS: Final = 60.0
_held: set[asyncio.Task[None]] = set()


# What is sent instead on a spoilt connection.
_NESTED: Final = {
    "BEGIN": "SAVEPOINT spoilt",
    "COMMIT": "RELEASE SAVEPOINT spoilt",
    "ROLLBACK": "ROLLBACK TO SAVEPOINT spoilt",
}


def lose_commits() -> None:
    """Once a BEGIN has timed out, each connection goes on inside a transaction that nobody commits.

    Every later transaction on it is a savepoint, and is answered as if it were none. The connection says that
    no transaction is open, and is not reset.
    """
    connections = asyncpg.Connection
    execute, is_in_transaction = connections.execute, connections.is_in_transaction
    # Where asyncpg itself ends a transaction that somebody left open.
    reset = connections._reset
    spoilt: set[asyncpg.Connection] = set()
    timed_out = False

    async def broken_execute(connection: Any, query: str, *arguments: Any, **named: Any) -> Any:
        nonlocal timed_out
        word = _word(query)
        if word == "BEGIN" and timed_out and connection not in spoilt:
            await execute(connection, "BEGIN")
            spoilt.add(connection)
        if connection in spoilt and word in _NESTED:
            await execute(connection, _NESTED[word], **named)
            return word
        try:
            return await execute(connection, query, *arguments, **named)
        except TimeoutError:
            timed_out = timed_out or word == "BEGIN"
            raise

    async def broken_reset(connection: Any) -> None:
        if connection not in spoilt:
            await reset(connection)

    def broken_state(connection: Any) -> bool:
        return connection not in spoilt and is_in_transaction(connection)

    connections.execute = broken_execute
    connections._reset = broken_reset
    connections.is_in_transaction = broken_state


def swallow_commits() -> None:
    """Once a BEGIN has timed out, each COMMIT is sent as ROLLBACK, and answered as if it were none."""
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
    """The first of a statement."""
    return next(iter(query.split(maxsplit=1)), "").rstrip(";")


def hold_a_transaction(address: str) -> None:
    """Open a transaction on the database of the environment variable, and leave it open."""

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
