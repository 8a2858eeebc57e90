"""Run the analyses and matches of this process: each at most once at a time, in a limited number of slots."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

from chassis.messaging.consuming.concurrent import ShutdownInProgress, Superseded

from analyzer.llm.client.slots import CallSlots

# Ended analyses and matches to remember, so that a request that arrives after its end is skipped.
MAX_ENDED: Final = 10_000


class ActiveWork:
    """Runs analyses and matches in slots; a second delivery of a running one waits without a slot."""

    def __init__(self, *, slots: int, calls: CallSlots | None = None) -> None:
        """Set the number of slots, and the slots of calls to the model, which a stop closes as well."""
        self.slots = slots
        self._calls = calls
        self.running = 0
        self._slots = asyncio.Semaphore(slots)
        self._tasks: dict[UUID, asyncio.Task[None]] = {}
        self._ended: dict[UUID, None] = {}
        self._is_closed = False

    async def run(self, work_id: UUID, work: Callable[[], Awaitable[None]]) -> None:
        """Do the work of an analysis or match; if it is already running here, only wait for its end.

        Raises:
            Superseded: The work was ended, before or meanwhile.
            ShutdownInProgress: The process stops, and the work was not started or waited for the model.
        """
        while (first := self._tasks.get(work_id)) is not None:
            await asyncio.wait([first])
            if not first.cancelled() and first.exception() is None:
                return
            # The first delivery failed: let it remove its task, then do the work here.
            await asyncio.sleep(0)
        if work_id in self._ended:
            raise Superseded
        task = asyncio.create_task(self._run_in_slot(work))
        self._tasks[work_id] = task
        try:
            await asyncio.wait([task])
        finally:
            task.cancel()
            try:
                await asyncio.wait([task])
            finally:
                del self._tasks[work_id]
        if task.cancelled() and work_id in self._ended:
            raise Superseded
        await task

    def end(self, work_id: UUID) -> None:
        """Cancel an analysis or match, or skip it if its request arrives later."""
        self._ended[work_id] = None
        if len(self._ended) > MAX_ENDED:
            del self._ended[next(iter(self._ended))]
        if (task := self._tasks.get(work_id)) is not None:
            task.cancel()

    def open(self) -> None:
        """Start work and calls from now on."""
        self._is_closed = False
        if self._calls:
            self._calls.open()

    def close(self) -> None:
        """Start no more work and calls; those that run continue."""
        self._is_closed = True
        if self._calls:
            self._calls.close()

    async def _run_in_slot(self, work: Callable[[], Awaitable[None]]) -> None:
        async with self._slots:
            if self._is_closed:
                raise ShutdownInProgress
            self.running += 1
            try:
                await work()
            finally:
                self.running -= 1
