"""Records when analyses and matches have ended, by notifications of PostgreSQL at the commit."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import asyncpg


class Completions:
    """The times at which analyses and matches ended, on the monotonic clock."""

    def __init__(self) -> None:
        self.at: dict[str, float] = {}
        self.completed = 0
        self._missing: set[str] = set()
        self._all_ended = asyncio.Event()

    def record(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        """Record a notification of PostgreSQL."""
        work_id, _, status = str(payload).partition(" ")
        if work_id not in self.at:
            self.at[work_id] = time.monotonic()
            self.completed += status == "completed"
            self._missing.discard(work_id)
            if not self._missing:
                self._all_ended.set()

    async def wait_for(self, ids: Sequence[str], *, seconds: float) -> list[float]:
        """Wait until these have ended and return the times; only one call may wait at a time.

        Raises:
            TimeoutError: Some did not end in time.
        """
        self._missing = set(ids) - self.at.keys()
        self._all_ended.clear()
        if self._missing:
            async with asyncio.timeout(seconds):
                await self._all_ended.wait()
        return [self.at[each] for each in ids]


@asynccontextmanager
async def listen_for_completions(connection: asyncpg.Connection) -> AsyncIterator[Completions]:
    """Listen on a connection during the block, then close it."""
    completions = Completions()
    await connection.add_listener("bench_ended", completions.record)
    try:
        yield completions
    finally:
        await connection.close()
