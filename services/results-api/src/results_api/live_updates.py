"""Wakes whoever watches an analysis when it changes. PostgreSQL tells of each commit, to every process."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import asyncpg
from chassis.db.database import DatabaseUnavailable
from chassis.http.concurrency import ConcurrencyLimit
from chassis.periodic import PeriodicTask
from chassis.settings import DatabaseAddress

from results_api.errors import TooManyOwnStreams, TooManyStreams

# A trigger on `analysis_views` notifies it, with the analysis's id.
CHANNEL = "analysis_views"
RECONNECT_SECONDS = 1.0
# How often to see whether the connection is alive: one that vanished without a word tells nothing.
PROBE_SECONDS = 10.0
_INTERRUPTIONS = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


class LiveUpdates:
    """One connection for all who watch in this process.

    `reads` bounds how many of them read at once: a change wakes all who watch its analysis, and a new
    connection wakes everybody.
    """

    def __init__(self, *, address: DatabaseAddress, in_all: int, per_user: int, reads: int) -> None:
        self._address = address
        self._slots = ConcurrencyLimit(
            in_all=in_all, per_user=per_user, all_taken=TooManyStreams, own_taken=TooManyOwnStreams
        )
        self.reads = asyncio.Semaphore(reads)
        self._watching: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._task = PeriodicTask(name="live updates", act=self._listen, seconds=RECONNECT_SECONDS)

    @contextmanager
    def watch(self, analysis_id: UUID, user_id: UUID) -> Iterator[asyncio.Event]:
        """An event that is set with each change from now on; whoever waits clears it, then reads.

        Raises:
            TooManyOwnStreams, TooManyStreams: as many watch already as may.
        """
        changed, key = asyncio.Event(), str(analysis_id)
        with self._slots.hold(user_id):
            self._watching[key].add(changed)
            try:
                yield changed
            finally:
                self._watching[key].discard(changed)
                if not self._watching[key]:
                    del self._watching[key]

    async def start(self) -> None:
        """Start in the background."""
        await self._task.start()

    async def stop(self) -> None:
        """End it."""
        await self._task.stop()

    async def _listen(self) -> None:
        """As long as the connection lives. Raises DatabaseUnavailable."""
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
            await connection.add_listener(CHANNEL, self._changed)
            # What happened while nobody listened.
            for watching in self._watching.values():
                _wake(watching)
            while True:
                await asyncio.sleep(PROBE_SECONDS)
                await connection.execute("SELECT 1")
        finally:
            with contextlib.suppress(*_INTERRUPTIONS):
                await connection.close(timeout=2)

    def _changed(self, _connection: object, _pid: int, _channel: str, analysis_id: object) -> None:
        _wake(self._watching.get(str(analysis_id), set()))


def _wake(watching: set[asyncio.Event]) -> None:
    for changed in watching:
        changed.set()
