"""Judge a consumer by the broker's numbers, not by its own: do its offsets move while records wait?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

# Longer than a rebalance, a restart of the broker and the back-off of a retry; shorter than anybody waits.
STALLED_SECONDS = 30

Partition = TypeVar("Partition")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionOffsets:
    """One partition at one moment: `end` and `committed` as the broker has them, `done` as the consumer does.

    `committed` is None before the group's first commit, and before this consumer has finished anything.
    """

    end: int
    done: int
    committed: int | None

    @property
    def claims_more(self) -> bool:
        """The consumer counts records as done that the broker would deliver again."""
        return self.committed is not None and self.committed < self.done

    @property
    def waits(self) -> bool:
        """There are records that are not done."""
        return self.done < self.end


class StallDetector(Generic[Partition]):
    """Compares each look at the broker with the last one at which a partition had moved."""

    def __init__(self) -> None:
        self.problem: str | None = None
        """One sentence for on-call while a partition is stalled, else None."""
        self._moved: dict[Partition, tuple[PartitionOffsets, float]] = {}

    def see(self, partitions: Mapping[Partition, PartitionOffsets], *, in_flight: int, now: float) -> None:
        """Judge the partitions that are the consumer's now; `in_flight` counts the records at work in all."""
        moved: dict[Partition, tuple[PartitionOffsets, float]] = {}
        problem = None
        for partition, offsets in partitions.items():
            last, since = self._moved.get(partition, (offsets, now))
            has_moved = (offsets.done, offsets.committed) != (last.done, last.committed)
            if has_moved or not (last.claims_more or last.waits):
                last, since = offsets, now
            moved[partition] = (last, since)
            seconds = now - since
            if seconds < STALLED_SECONDS:
                continue
            if offsets.claims_more:
                problem = f"Commits have not reached the broker for {seconds:.0f} s."
            elif in_flight == 0:
                problem = f"Records wait, and none was taken on for {seconds:.0f} s."
        self._moved, self.problem = moved, problem

    def forget(self) -> None:
        """The broker cannot be asked, or the group rebalances: that is told elsewhere."""
        self.problem = None
        self._moved = {}
