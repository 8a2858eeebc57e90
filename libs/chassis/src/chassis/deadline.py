"""A time limit that several steps share."""

import time


class Deadline:
    """A time limit that begins with its creation."""

    def __init__(self, *, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    @property
    def seconds_left(self) -> float:
        """Return the remaining seconds, at least 0."""
        return max(0.0, self._ends - time.monotonic())
