"""Which offsets may be committed, and what was delivered before: pure bookkeeping, no I/O and no clock.

Kafka commits one number for each partition, and means by it that everything below is done. Jobs that run
side by side end in any order, so for each partition a lane remembers which delivered offsets are still open;
what may be committed is the lowest of them.
"""

from collections.abc import Collection, Hashable, Iterator, Mapping
from typing import Generic, TypeVar

Partition = TypeVar("Partition", bound=Hashable)


class Lane:
    """One assigned partition. Offsets come in rising order, and may have gaps.

    Always: `committed <= low_water <= next_offset`, and every offset delivered below `low_water` is finished.
    """

    __slots__ = ("_open", "_start", "acknowledged", "committed", "next_offset")

    def __init__(self, start: int) -> None:
        # A dict for its order: offsets are opened in rising order, so the first key is the lowest.
        self._open: dict[int, None] = {}
        self._start = start
        self.next_offset = start
        # Nothing below the first record is to be committed by us, though the group may stand further back: it
        # does where retention or compaction left a gap. So what the broker told us is kept apart.
        self.committed = start
        self.acknowledged = 0

    def deliver(self, offset: int) -> bool:
        """Open an offset; False when it is open or finished here already, and must not be started again."""
        if offset < self.next_offset:
            return False
        self._open[offset] = None
        self.next_offset = offset + 1
        return True

    def finish(self, offset: int) -> None:
        """Close an offset whose effect is durable. One that is not open (any more) is ignored."""
        self._open.pop(offset, None)

    @property
    def open_offsets(self) -> Collection[int]:
        """What was delivered and is not finished, in rising order."""
        return self._open.keys()

    @property
    def low_water(self) -> int:
        """What may be committed."""
        return next(iter(self._open), self.next_offset)

    @property
    def has_finished(self) -> bool:
        """There is, or was, something for this consumer to commit."""
        return self.low_water > self._start

    @property
    def span(self) -> int:
        """How many offsets a crash would read again."""
        return self.next_offset - self.low_water

    def acknowledge(self, offset: int) -> None:
        """The broker holds this commit."""
        self.committed = max(self.committed, offset)
        self.acknowledged = max(self.acknowledged, offset)

    def move_up(self, committed: int) -> list[int]:
        """The group went on without us up to here: forget what lies below; returns what of it was open."""
        overtaken = [offset for offset in self._open if offset < committed]
        for offset in overtaken:
            del self._open[offset]
        self.next_offset = max(self.next_offset, committed)
        self.committed = max(self.committed, committed)
        self.acknowledged = max(self.acknowledged, committed)
        return overtaken


class Lanes(Generic[Partition]):
    """The lanes of all partitions that a consumer has, across the generations of its group."""

    __slots__ = ("_lanes",)

    def __init__(self) -> None:
        self._lanes: dict[Partition, Lane] = {}

    def __iter__(self) -> Iterator[Partition]:
        return iter(self._lanes)

    def __len__(self) -> int:
        return len(self._lanes)

    def get(self, partition: Partition) -> Lane | None:
        """The lane of a partition of which something was delivered."""
        return self._lanes.get(partition)

    def next_of(self, partition: Partition) -> int | None:
        """The lowest offset that is not finished; None before a record of the partition came."""
        lane = self._lanes.get(partition)
        return None if lane is None else lane.low_water

    def has_finished(self, partition: Partition) -> bool:
        """There is, or was, something of the partition to commit."""
        lane = self._lanes.get(partition)
        return lane is not None and lane.has_finished

    def deliver(self, partition: Partition, offset: int) -> Lane | None:
        """Open an offset; None when it was delivered before. A partition's first record starts its lane."""
        lane = self._lanes.get(partition)
        if lane is None:
            lane = self._lanes[partition] = Lane(offset)
        return lane if lane.deliver(offset) else None

    def committable(self, owned: Collection[Partition]) -> dict[Partition, int]:
        """What may be committed now and is not yet, of the partitions that are owned."""
        return {
            partition: lane.low_water
            for partition, lane in self._lanes.items()
            if partition in owned and lane.low_water > lane.committed
        }

    def acknowledge(self, commits: Mapping[Partition, int]) -> None:
        """The broker holds these commits."""
        for partition, offset in commits.items():
            if lane := self._lanes.get(partition):
                lane.acknowledge(offset)

    def reassign(
        self, assigned: Collection[Partition], committed: Mapping[Partition, int | None]
    ) -> list[tuple[Partition, int]]:
        """Begin a new generation of the group; returns the open offsets whose jobs are not ours any more.

        A lane of a partition that is kept lives on, so nothing in it starts twice. `committed` is what the
        group has committed for the kept partitions; None where nothing is known. Ahead of the lane, another
        member went on while we were away. Behind what we committed, somebody set the group back to have it
        all done again.
        """
        abandoned: list[tuple[Partition, int]] = []
        for partition, lane in list(self._lanes.items()):
            mark = committed.get(partition)
            if partition not in assigned or (mark is not None and mark < lane.acknowledged):
                abandoned += [(partition, offset) for offset in lane.open_offsets]
                del self._lanes[partition]
            elif mark is not None:
                abandoned += [(partition, offset) for offset in lane.move_up(mark)]
        return abandoned

    def clear(self) -> None:
        """Forget everything."""
        self._lanes.clear()
