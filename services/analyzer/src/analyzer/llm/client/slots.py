"""Limit how many calls a model server gets at the same time. A call's time starts when it has its slot."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from analyzer.llm.client.refusals import ModelFailed
from analyzer.llm.responses import FailureReason


class CallsClosed(Exception):
    """The process stops, and the call was not sent."""


class CallSlots:
    """Slots for calls; those beyond the limit wait in order."""

    def __init__(
        self, *, count: int, wait_seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Create the slots; a call that waits longer than `wait_seconds` in all fails as busy."""
        self.waiting = 0
        self._free = asyncio.Semaphore(count)
        self._wait_seconds = wait_seconds
        self._clock = clock
        self._waits: set[asyncio.Timeout] = set()
        self._is_closed = False

    def open(self) -> None:
        """Hand out slots from now on."""
        self._is_closed = False

    def close(self) -> None:
        """Hand out no more slots: calls that wait for one end, those that have one continue."""
        self._is_closed = True
        now = asyncio.get_running_loop().time()
        for wait in self._waits:
            if not wait.expired():
                wait.reschedule(now)

    @asynccontextmanager
    async def take(self, *, seconds: float) -> AsyncIterator["Call"]:
        """Wait for a slot and hold it for one call, which may then take `seconds`.

        Raises:
            ModelFailed: No slot became free in time.
            CallsClosed: The slots were closed before the call had one.
        """
        call = Call(self, seconds=seconds, wait_seconds=self._wait_seconds, clock=self._clock)
        await call.acquire()
        try:
            yield call
        finally:
            call.release()

    async def acquire(self, *, seconds: float) -> None:
        """Wait for a slot for at most `seconds`."""
        if self._is_closed:
            raise CallsClosed
        self.waiting += 1
        try:
            async with asyncio.timeout(max(0.0, seconds)) as wait:
                self._waits.add(wait)
                try:
                    await self._free.acquire()
                finally:
                    self._waits.discard(wait)
        except TimeoutError:
            if self._is_closed:
                raise CallsClosed from None
            raise ModelFailed(FailureReason.BUSY) from None
        finally:
            self.waiting -= 1

    def release(self) -> None:
        """Give a slot back."""
        self._free.release()


class Call:
    """A call with its slot and its remaining time, which does not run while it waits for a slot."""

    def __init__(
        self, slots: CallSlots, *, seconds: float, wait_seconds: float, clock: Callable[[], float]
    ) -> None:
        self._slots = slots
        self._clock = clock
        self._deadline = clock() + seconds
        self._wait_seconds = wait_seconds
        self._has_slot = False

    @property
    def seconds_left(self) -> float:
        """Return the seconds until the deadline; negative after it."""
        return self._deadline - self._clock()

    async def acquire(self) -> None:
        """Wait for a slot; the deadline moves by the time of the wait."""
        started = self._clock()
        try:
            await self._slots.acquire(seconds=self._wait_seconds)
            self._has_slot = True
        finally:
            waited = self._clock() - started
            self._wait_seconds -= waited
            self._deadline += waited

    def release(self) -> None:
        """Give the slot back if the call has it."""
        if self._has_slot:
            self._has_slot = False
            self._slots.release()

    async def rest(self, seconds: float) -> None:
        """Leave the slot to other calls for `seconds`, which count as time of this call."""
        self.release()
        await asyncio.sleep(seconds)
        await self.acquire()
