"""Small background work that a service repeats every few seconds."""

import asyncio
from collections.abc import Awaitable, Callable

from chassis.db.database import DatabaseUnavailable
from chassis.telemetry.logs import get_logger

log = get_logger(__name__)


class PeriodicTask:
    """Awaits `act` every `seconds`, also after an error. `act` may be cancelled at any await."""

    def __init__(self, *, name: str, act: Callable[[], Awaitable[None]], seconds: float) -> None:
        self._name = name
        self._act = act
        self._seconds = seconds
        self._task: asyncio.Task[None] | None = None

    async def check(self) -> str | None:
        """Check readiness. A task whose last call failed is ready, because it is retried."""
        running = self._task is not None and not self._task.done()
        return None if running else f"the {self._name} has died"

    async def start(self) -> None:
        """Start in the background, with the first call at once."""
        self._task = asyncio.create_task(self._run(), name=self._name)

    async def stop(self) -> None:
        """Cancel the running call and start no other."""
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
