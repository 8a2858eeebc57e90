"""Something small that a service does every few seconds in the background, from start to stop."""

import asyncio
from collections.abc import Awaitable, Callable

from chassis.db.database import DatabaseUnavailable
from chassis.telemetry.logs import get_logger

log = get_logger(__name__)


class PeriodicTask:
    """Calls `act` every `seconds`, whatever it raises; it may be cancelled at any await."""

    def __init__(self, *, name: str, act: Callable[[], Awaitable[None]], seconds: float) -> None:
        self._name = name
        self._act = act
        self._seconds = seconds
        self._task: asyncio.Task[None] | None = None

    async def check(self) -> str | None:
        """For readiness: one that fails, and will be tried again, is well."""
        running = self._task is not None and not self._task.done()
        return None if running else f"the {self._name} has died"

    async def start(self) -> None:
        """Start in the background, with the first call at once."""
        self._task = asyncio.create_task(self._run(), name=self._name)

    async def stop(self) -> None:
        """End a round that is under way, and begin no other."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                await self._act()
            except Exception as error:
                expected = isinstance(error, DatabaseUnavailable)
                log.warning(
                    "periodic task failed, retrying",
                    name=self._name,
                    error=type(error).__name__,
                    exc_info=None if expected else error,
                )
            await asyncio.sleep(self._seconds)
