"""Limit the open requests of one kind in this process, in total and for each user."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from uuid import UUID

from chassis.errors import Problem


class ConcurrencyLimit:
    """Slots that requests hold while they are open. A request beyond a limit is refused.

    With `hold_in_turn` a request first waits for up to `wait_seconds`, unless `waiting_per_user` requests of
    its user are waiting. Waiting requests get slots in order, except for users who hold as many as allowed.
    """

    def __init__(
        self,
        *,
        in_all: int,
        per_user: int,
        all_taken: Callable[[], Problem],
        own_taken: Callable[[], Problem],
        wait_seconds: float = 0,
        waiting_per_user: int = 0,
    ) -> None:
        self._in_all = in_all
        self._per_user = per_user
        self._all_taken = all_taken
        self._own_taken = own_taken
        self._wait_seconds = wait_seconds
        self._waiting_per_user = waiting_per_user
        self._held: Counter[UUID] = Counter()
        self._waiting: list[tuple[UUID, asyncio.Event]] = []

    @contextmanager
    def hold(self, user_id: UUID) -> Iterator[None]:
        """Hold a slot for the length of the block.

        Raises:
            Problem: `own_taken` if the user holds as many as allowed, `all_taken` if none is free.
        """
        if not self._has_room(user_id):
            raise self._refusal(user_id)
        self._held[user_id] += 1
        try:
            yield
        finally:
            self._free(user_id)

    @asynccontextmanager
    async def hold_in_turn(self, user_id: UUID) -> AsyncIterator[None]:
        """Wait for a slot and hold it for the length of the block.

        Raises:
            Problem: as `hold`, if no slot was free in time.
        """
        if self._has_room(user_id):
            self._held[user_id] += 1
        else:
            await self._turn(user_id)
        try:
            yield
        finally:
            self._free(user_id)

    def _has_room(self, user_id: UUID) -> bool:
        return self._held[user_id] < self._per_user and self._held.total() < self._in_all

    def _refusal(self, user_id: UUID) -> Problem:
        return self._own_taken() if self._held[user_id] >= self._per_user else self._all_taken()

    def _free(self, user_id: UUID) -> None:
        """Release the slot, and hand it to the first waiting request that may have it."""
        self._held[user_id] -= 1
        if not self._held[user_id]:
            del self._held[user_id]
        for turn in self._waiting:
            if self._has_room(turn[0]):
                self._waiting.remove(turn)
                self._held[turn[0]] += 1
                turn[1].set()
                return

    async def _turn(self, user_id: UUID) -> None:
        """Wait until `_free` hands over a slot."""
        if sum(user == user_id for user, _ in self._waiting) >= self._waiting_per_user:
            raise self._refusal(user_id)
        turn = user_id, asyncio.Event()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(self._wait_seconds):
                await turn[1].wait()
        except BaseException as error:
            # The slot may have been handed over in the moment of the timeout or cancellation.
            if turn[1].is_set():
                self._free(user_id)
            else:
                self._waiting.remove(turn)
            if isinstance(error, TimeoutError):
                raise self._refusal(user_id) from None
            raise
