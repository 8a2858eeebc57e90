"""A line of text in reading order, as the format readers return it."""

from collections.abc import Hashable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line or paragraph as a person reads it. Pages count from 0."""

    text: str
    page: int = 0
    gap_before: bool = False
    # Equal for lines in the same style; None if the format has no styles.
    style: Hashable = None
