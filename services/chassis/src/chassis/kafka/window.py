"""When a subscriber stops taking records on, and when it begins again: pure, but for the event to wait on."""

import asyncio
from collections.abc import Collection, Hashable
from typing import Generic, TypeVar

Partition = TypeVar("Partition", bound=Hashable)


class Gate:
    """Closes when a level reaches `high`, opens when it is down at `low`; in between it stays as it is."""

    __slots__ = ("_high", "_low", "closed")

    def __init__(self, *, high: int, low: int) -> None:
        if not 0 <= low < high:
            message = f"a gate needs 0 <= low < high, not {low} and {high}"
            raise ValueError(message)
        self._high = high
        self._low = low
        self.closed = False

    def update(self, level: int) -> bool:
        """Set the level; True when the gate moved."""
        before = self.closed
        self.closed = level > self._low if self.closed else level >= self._high
        return self.closed != before


class Window(Generic[Partition]):
    """Bounds the records taken on, by number and size, and how far a partition runs ahead of its oldest."""

    def __init__(self, *, records: int, resume_at: int, size: int, span: int) -> None:
        self.room = asyncio.Event()
        self.room.set()
        self._records = Gate(high=records, low=resume_at)
        # A quarter of hysteresis: enough that a partition is not paused again with the next record.
        self._size = Gate(high=size, low=size * 3 // 4)
        self._span = span
        self._spans: dict[Partition, Gate] = {}

    def update(self, partition: Partition, *, records: int, size: int, span: int) -> bool:
        """Say how things are, with the span of one partition; True when something is to pause or resume."""
        gate = self._spans.get(partition)
        if gate is None:
            gate = self._spans[partition] = Gate(high=self._span, low=self._span * 3 // 4)
        moved = [self._records.update(records), self._size.update(size), gate.update(span)]
        if self._records.closed or self._size.closed:
            self.room.clear()
        else:
            self.room.set()
        return any(moved)

    def is_open(self, partition: Partition) -> bool:
        """Whether more of this partition may be taken on."""
        gate = self._spans.get(partition)
        return self.room.is_set() and (gate is None or not gate.closed)

    def forget(self, partitions: Collection[Partition]) -> None:
        """These begin anew: their spans are not known."""
        for partition in partitions:
            self._spans.pop(partition, None)
