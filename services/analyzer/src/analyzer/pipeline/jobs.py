"""Runs the analyses of this process: each once, a limited number at a time, until one is ended."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

from chassis.messaging.consuming.concurrent import ShutdownInProgress, Superseded

# Ends that are remembered, so that a request that is read after them costs nothing.
MAX_ENDED: Final = 10_000


class Jobs:
    """Runs analyses in slots; what waits for a slot holds none."""

    def __init__(self, *, slots: int) -> None:
        self.slots = slots
        self.running = 0
        self._slots = asyncio.Semaphore(slots)
        self._running: dict[UUID, asyncio.Task[None]] = {}
        self._ended: dict[UUID, None] = {}
        self._is_closed = False

    async def run(self, analysis_id: UUID, work: Callable[[], Awaitable[None]]) -> None:
        """Do the work; of an analysis that is at work here, only wait for its end.

        Raises:
            Superseded: the analysis was ended, before or meanwhile.
            ShutdownInProgress: the process stops, and the work was not begun.
        """
        while (first := self._running.get(analysis_id)) is not None:
            await asyncio.wait([first])
            if not first.cancelled() and first.exception() is None:
                return
            # Let the first clear away; then it is up to this one.
            await asyncio.sleep(0)
        if analysis_id in self._ended:
            raise Superseded
        task = asyncio.create_task(self._in_slot(work))
        self._running[analysis_id] = task
        try:
            await asyncio.wait([task])
        finally:
            task.cancel()
            try:
                await asyncio.wait([task])
            finally:
                del self._running[analysis_id]
        if task.cancelled() and analysis_id in self._ended:
            raise Superseded
        await task

    def end(self, analysis_id: UUID) -> None:
        """End the analysis at once, or never begin it."""
        self._ended[analysis_id] = None
        if len(self._ended) > MAX_ENDED:
            del self._ended[next(iter(self._ended))]
        if (task := self._running.get(analysis_id)) is not None:
            task.cancel()

    def open(self) -> None:
        """Begin what comes from now on."""
        self._is_closed = False

    def close(self) -> None:
        """Begin nothing more."""
        self._is_closed = True

    async def _in_slot(self, work: Callable[[], Awaitable[None]]) -> None:
        async with self._slots:
            if self._is_closed:
                raise ShutdownInProgress
            self.running += 1
            try:
                await work()
            finally:
                self.running -= 1
