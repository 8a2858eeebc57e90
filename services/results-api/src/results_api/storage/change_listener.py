"""Notifications about changed analyses and matches. PostgreSQL sends them to every process at each commit."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

import asyncpg
from chassis.db.database import DatabaseUnavailable
from chassis.periodic import PeriodicTask
from chassis.settings import DatabaseAddress

# Triggers on the tables notify the channels of the same names: with the id of the analysis, and with that of
# the job of a match.
CHANNELS: Final = ("analysis_views", "match_views")
RECONNECT_SECONDS: Final = 1.0
# Interval of the probe that detects a silently lost connection.
PROBE_SECONDS: Final = 10.0
_INTERRUPTIONS: Final = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


class ChangeListener:
    """Wakes the subscribers of an analysis or a job at each change. All share one database connection."""

    def __init__(self, *, address: DatabaseAddress) -> None:
        self._address = address
        self._subscribers: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._task = PeriodicTask(name="live updates", act=self._listen, seconds=RECONNECT_SECONDS)

    @contextmanager
    def subscribe(self, subject: UUID) -> Iterator[asyncio.Event]:
        """Yield an event that is set at each change of an analysis, or of a match of a job.

        Subscribers clear it before they read.
        """
        changed, key = asyncio.Event(), str(subject)
        self._subscribers[key].add(changed)
        try:
            yield changed
        finally:
            self._subscribers[key].discard(changed)
            if not self._subscribers[key]:
                del self._subscribers[key]

    async def start(self) -> None:
        """Start listening in the background."""
        await self._task.start()

    async def stop(self) -> None:
        """Stop listening."""
        await self._task.stop()

    async def _listen(self) -> None:
        """Listen until the connection is lost. Raises DatabaseUnavailable."""
        try:
            await self._listen_on_one_connection()
        except _INTERRUPTIONS as error:
            raise DatabaseUnavailable from error

    async def _listen_on_one_connection(self) -> None:
        connection = await asyncpg.connect(
            self._address.dsn,
            ssl=self._address.tls,
            timeout=5,
            command_timeout=5,
            server_settings={"application_name": "results-api-live"},
        )
        try:
            for channel in CHANNELS:
                await connection.add_listener(channel, self._notify)
            # Changes may have happened while no connection was listening.
            for subscribers in self._subscribers.values():
                _wake(subscribers)
            while True:
                await asyncio.sleep(PROBE_SECONDS)
                await connection.execute("SELECT 1")
        finally:
            with contextlib.suppress(*_INTERRUPTIONS):
                await connection.close(timeout=2)

    def _notify(self, _connection: object, _pid: int, _channel: str, subject: object) -> None:
        _wake(self._subscribers.get(str(subject), set()))


def _wake(subscribers: set[asyncio.Event]) -> None:
    for changed in subscribers:
        changed.set()
