"""Which records of a partition were handled, in the words of a committed offset and its metadata."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

# What brokers take as the metadata of a commit unless told otherwise (offset.metadata.max.bytes).
MAX_METADATA_BYTES = 4096

_RANGES = re.compile(r"\d+(-\d+)?(,\d+(-\d+)?)*")


class TooManyGaps(ValueError):
    """What was handled lies in more pieces than a commit can say; nothing was marked."""

    def __init__(self) -> None:
        super().__init__(
            "too many letters were left out in between to keep a record of; handle the oldest ones first"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """Everything below `low`, and above it the `ranges`: first and last offset, ascending, apart."""

    low: int
    ranges: tuple[tuple[int, int], ...] = ()

    def __contains__(self, offset: int) -> bool:
        return offset < self.low or any(first <= offset <= last for first, last in self.ranges)

    def with_offsets(self, offsets: Iterable[int]) -> Self:
        """The same, and these; what touches `low` raises it."""
        low, ranges = self.low, list[tuple[int, int]]()
        for first, last in sorted([*self.ranges, *((offset, offset) for offset in offsets)]):
            if first <= low:
                low = max(low, last + 1)
            elif ranges and first <= ranges[-1][1] + 1:
                ranges[-1] = ranges[-1][0], max(ranges[-1][1], last)
            else:
                ranges.append((first, last))
        return type(self)(low=low, ranges=tuple(ranges))

    def not_before(self, offset: int) -> Self:
        """The same where everything below an offset is gone anyway."""
        return type(self)(low=max(self.low, offset), ranges=self.ranges).with_offsets(())

    def metadata(self) -> str:
        """The ranges, as in `3-5,9`. Raises TooManyGaps."""
        text = ",".join(str(first) if first == last else f"{first}-{last}" for first, last in self.ranges)
        if len(text) > MAX_METADATA_BYTES:
            raise TooManyGaps
        return text

    @classmethod
    def parse(cls, *, low: int, metadata: str) -> Self:
        """What was committed; metadata of another kind says nothing."""
        if not _RANGES.fullmatch(metadata):
            return cls(low=low)
        pieces = [piece.partition("-") for piece in metadata.split(",")]
        ranges = ((int(first), int(last or first)) for first, _, last in pieces)
        return cls(low=low, ranges=tuple(ranges)).with_offsets(())
