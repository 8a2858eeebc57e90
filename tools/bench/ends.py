"""Hears when analyses have ended: PostgreSQL tells it in the commit that lets it be read."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import asyncpg


class Ends:
    """What ended when, on the monotonic clock of this machine."""

    def __init__(self) -> None:
        self.at: dict[str, float] = {}
        self.completed = 0
        self._missing: set[str] = set()
        self._all_ended = asyncio.Event()

    def hear(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        analysis_id, _, status = str(payload).partition(" ")
        if analysis_id not in self.at:
            self.at[analysis_id] = time.monotonic()
            self.completed += status == "completed"
            self._missing.discard(analysis_id)
            if not self._missing:
                self._all_ended.set()

    async def of(self, ids: Sequence[str], *, seconds: float) -> list[float]:
        """When each ended; asked by one at a time.

        Raises:
            TimeoutError: some did not in time.
        """
        self._missing = set(ids) - self.at.keys()
        self._all_ended.clear()
        if self._missing:
            async with asyncio.timeout(seconds):
                await self._all_ended.wait()
        return [self.at[one] for one in ids]


@asynccontextmanager
async def hearing(connection: asyncpg.Connection) -> AsyncIterator[Ends]:
    """Listen on a connection, and close it after."""
    ends = Ends()
    await connection.add_listener("bench_ended", ends.hear)
    try:
        yield ends
    finally:
        await connection.close()
