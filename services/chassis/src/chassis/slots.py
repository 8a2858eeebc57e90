"""Bounds how many requests of one kind are open in this process: in all, and for each user."""

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from uuid import UUID

from chassis.problems import Problem


class Slots:
    """Slots that requests hold while they are open. A request beyond a limit is refused.

    With `hold_in_turn` a request beyond its user's limit first waits for up to `wait_seconds`, unless
    `waiting_per_user` others of that user wait already.
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
        self._waiting: defaultdict[UUID, deque[asyncio.Event]] = defaultdict(deque)

    @contextmanager
    def hold(self, user_id: UUID) -> Iterator[None]:
        """Hold a slot for the length of the block.

        Raises:
            Problem: `own_taken` where the user holds as many as allowed, `all_taken` where none is free.
        """
        self._take(user_id)
        try:
            yield
        finally:
            self._free(user_id)

    @asynccontextmanager
    async def hold_in_turn(self, user_id: UUID) -> AsyncIterator[None]:
        """Hold a slot for the length of the block; wait for one of the user's own, first come first served.

        Raises:
            Problem: `own_taken` where none of the user's own was free in time; `all_taken` where none is.
        """
        if self._held[user_id] < self._per_user:
            self._take(user_id)
        else:
            await self._turn(user_id)
        try:
            yield
        finally:
            self._free(user_id)

    def _take(self, user_id: UUID) -> None:
        if self._held[user_id] >= self._per_user:
            raise self._own_taken()
        if self._held.total() >= self._in_all:
            raise self._all_taken()
        self._held[user_id] += 1

    def _free(self, user_id: UUID) -> None:
        """Give the slot to the user's next request in turn, if any."""
        if user_id in self._waiting:
            turn = self._waiting[user_id].popleft()
            self._forget_if_none_wait(user_id)
            turn.set()
            return
        self._held[user_id] -= 1
        if not self._held[user_id]:
            del self._held[user_id]

    async def _turn(self, user_id: UUID) -> None:
        """Wait until one of the user's slots is handed over."""
        if len(self._waiting[user_id]) >= self._waiting_per_user:
            self._forget_if_none_wait(user_id)
            raise self._own_taken()
        turn = asyncio.Event()
        self._waiting[user_id].append(turn)
        try:
            async with asyncio.timeout(self._wait_seconds):
                await turn.wait()
        except BaseException as error:
            # A turn may come in the very moment in which it is given up.
            if turn.is_set():
                self._free(user_id)
            else:
                self._waiting[user_id].remove(turn)
                self._forget_if_none_wait(user_id)
            if isinstance(error, TimeoutError):
                raise self._own_taken() from None
            raise

    def _forget_if_none_wait(self, user_id: UUID) -> None:
        if not self._waiting[user_id]:
            del self._waiting[user_id]
