"""One span of time that several steps share."""

import time


class Deadline:
    """Begins when it is made."""

    def __init__(self, *, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    @property
    def seconds_left(self) -> float:
        """Never less than nothing."""
        return max(0.0, self._ends - time.monotonic())
