"""A queue that shares its places fairly among users."""

from collections import Counter, OrderedDict, deque
from typing import Generic, TypeVar
from uuid import UUID

Item = TypeVar("Item")


class FairQueue(Generic[Item]):
    """A queue in which users take turns. One user never occupies all of several places."""

    def __init__(self, *, places: int) -> None:
        self._places = places
        self._per_user = max(1, places - 1)
        # Users in the order of their turns, each with their items in the order of arrival.
        self._waiting: OrderedDict[UUID, deque[Item]] = OrderedDict()
        self._started: Counter[UUID] = Counter()

    def put(self, user_id: UUID, item: Item) -> None:
        """Add an item behind the user's others. A user without items queues behind all other users."""
        self._waiting.setdefault(user_id, deque()).append(item)

    def start(self) -> Item | None:
        """Remove and return the next item, or None if no place is free for any waiting user."""
        if self._started.total() >= self._places:
            return None
        user_id = next((user for user in self._waiting if not self.is_at_limit(user)), None)
        if user_id is None:
            return None
        items = self._waiting[user_id]
        item = items.popleft()
        if items:
            self._waiting.move_to_end(user_id)
        else:
            del self._waiting[user_id]
        self._started[user_id] += 1
        return item

    def finish(self, user_id: UUID) -> None:
        """Free the place of one of the user's started items."""
        self._started[user_id] -= 1
        if not self._started[user_id]:
            del self._started[user_id]

    def withdraw(self, user_id: UUID, item: Item) -> None:
        """Remove an item that was not started."""
        items = self._waiting[user_id]
        items.remove(item)
        if not items:
            del self._waiting[user_id]

    def is_at_limit(self, user_id: UUID) -> bool:
        """Return True if the user occupies as many places as one user may."""
        return self._started[user_id] >= self._per_user
