"""Transactions that are handled wrongly, made from outside by asyncpg, whatever a service builds on it."""

import asyncio
import os
from typing import Any, Final

import asyncpg
from asyncpg.transaction import Transaction

# Longer than any limit that the product has or should have.
_IDLE_SECONDS: Final = 60.0
_held: set[asyncio.Task[None]] = set()


def lose_commits() -> None:
    """For each BEGIN that times out a connection goes on inside a transaction that nobody commits.

    Every later transaction on it is a savepoint. The connection says that it is well, and is not reset.
    """
    start, reset, is_in_transaction = (
        Transaction.start,
        asyncpg.Connection.reset,
        asyncpg.Connection.is_in_transaction,
    )
    spoilt: set[asyncpg.Connection] = set()
    timed_out = 0

    async def broken_start(transaction: Any) -> None:
        nonlocal timed_out
        connection = transaction._connection
        if timed_out and connection not in spoilt and not is_in_transaction(connection):
            timed_out -= 1
            spoilt.add(connection)
            await start(connection.transaction(isolation="read_committed"))
        try:
            await start(transaction)
        except TimeoutError:
            timed_out += 1
            raise

    async def broken_reset(connection: Any, **named: Any) -> None:
        if connection not in spoilt:
            await reset(connection, **named)

    def broken_state(connection: Any) -> bool:
        return connection not in spoilt and is_in_transaction(connection)

    Transaction.start = broken_start
    asyncpg.Connection.reset = broken_reset
    asyncpg.Connection.is_in_transaction = broken_state


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
