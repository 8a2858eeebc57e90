"""A line of text in reading order, as the format readers return it and as it stands in the whole text."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line or paragraph as a person reads it. Pages count from 0."""

    text: str
    page: int = 0
    gap_before: bool = False
    # Equal for lines in the same style; None if the format has no styles.
    style: Hashable = None
    # The style of the first cell, for a line that is a row of cells.
    label_style: Hashable = None


class SourceLine(NamedTuple):
    """A line of the text, its offset in the text, and its styles (see `Line`)."""

    text: str
    start: int
    style: Hashable = None
    label_style: Hashable = None
