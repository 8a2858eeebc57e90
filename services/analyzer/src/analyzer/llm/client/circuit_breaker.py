"""A circuit breaker for the model's provider."""

import time
from collections.abc import Callable


class CircuitBreaker:
    """Opens after `failures` in a row and lets one trial call through after `seconds`.

    Check `allows` before each call. Report the outcome of every allowed call with `succeeded`, `failed` or,
    if the call says nothing about the provider, `abandoned`.
    """

    def __init__(self, *, failures: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._max_failures = failures
        self._seconds = seconds
        self._clock = clock
        self._failures = 0
        self._opened_at: float | None = None
        self._is_trying = False

    @property
    def is_open(self) -> bool:
        """Tell whether calls are held back; a trial call may be under way."""
        return self._opened_at is not None

    def allows(self) -> bool:
        """Tell whether a call may be made now; the trial call is counted as made."""
        if self._opened_at is None:
            return True
        if self._is_trying or self._clock() - self._opened_at < self._seconds:
            return False
        self._is_trying = True
        return True

    def succeeded(self) -> None:
        """Close the breaker."""
        self._failures = 0
        self._opened_at = None
        self._is_trying = False

    def failed(self) -> None:
        """Count a failure and open the breaker at the limit."""
        self._failures += 1
        self._is_trying = False
        if self._failures >= self._max_failures:
            self._opened_at = self._clock()

    def abandoned(self) -> None:
        """Allow another trial call."""
        self._is_trying = False
