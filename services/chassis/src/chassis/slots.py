"""Bounds how many requests of one kind are open in this process: in all, and for each user."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from chassis.problems import Problem


class Slots:
    """Slots that requests hold while they are open. A request beyond a limit is refused and never waits."""

    def __init__(
        self,
        *,
        in_all: int,
        per_user: int,
        all_taken: Callable[[], Problem],
        own_taken: Callable[[], Problem],
    ) -> None:
        self._in_all = in_all
        self._per_user = per_user
        self._all_taken = all_taken
        self._own_taken = own_taken
        self._held: Counter[UUID] = Counter()

    @contextmanager
    def hold(self, user_id: UUID) -> Iterator[None]:
        """Hold a slot for the length of the block.

        Raises:
            Problem: `own_taken` where the user holds as many as allowed, `all_taken` where none is free.
        """
        if self._held[user_id] >= self._per_user:
            raise self._own_taken()
        if self._held.total() >= self._in_all:
            raise self._all_taken()
        self._held[user_id] += 1
        try:
            yield
        finally:
            self._held[user_id] -= 1
            if not self._held[user_id]:
                del self._held[user_id]
