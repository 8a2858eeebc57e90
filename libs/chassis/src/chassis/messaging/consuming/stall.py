"""Detect a stalled consumer by the broker's numbers: its offsets do not move while records wait."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

# Longer than a rebalance, a restart of the broker and the backoff of a retry.
STALLED_SECONDS = 30

Partition = TypeVar("Partition")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionOffsets:
    """Offsets of a partition: `end` and `committed` by the broker, `done` by the consumer.

    `committed` is None before the group's first commit and before this consumer has finished a record.
    """

    end: int
    done: int
    committed: int | None

    @property
    def claims_more(self) -> bool:
        """True if the consumer counts records as done that the broker would deliver again."""
        return self.committed is not None and self.committed < self.done

    @property
    def waits(self) -> bool:
        """True if the partition has records that are not done."""
        return self.done < self.end


class StallDetector(Generic[Partition]):
    """Compares the offsets of each refresh with the last ones at which a partition had moved."""

    def __init__(self) -> None:
        self.problem: str | None = None
        """One sentence for on-call while a partition is stalled, else None."""
        self._moved: dict[Partition, tuple[PartitionOffsets, float]] = {}

    def update(self, partitions: Mapping[Partition, PartitionOffsets], *, in_flight: int, now: float) -> None:
        """Judge the assigned partitions. `in_flight` is the number of open records of all partitions."""
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

    def reset(self) -> None:
        """Forget all offsets, as during a rebalance or without an answer of the broker."""
        self.problem = None
        self._moved = {}
