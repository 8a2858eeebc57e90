"""Leaves a provider alone that does not answer, and tries again with one call later."""

import time
from collections.abc import Callable


class Breaker:
    """Opens after `failures` in a row; after `seconds` lets one call through, whose outcome decides.

    Ask `allows` before each call, and report every call that it allowed by `succeeded`, `failed` or, when the
    call ended without telling anything of the provider, `abandoned`.
    """

    def __init__(self, *, failures: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = failures
        self._seconds = seconds
        self._clock = clock
        self._failed = 0
        self._opened_at: float | None = None
        self._is_trying = False

    @property
    def is_open(self) -> bool:
        """Whether the provider is left alone, but for one call that tries it."""
        return self._opened_at is not None

    def allows(self) -> bool:
        """Whether a call may be made now."""
        if self._opened_at is None:
            return True
        if self._is_trying or self._clock() - self._opened_at < self._seconds:
            return False
        self._is_trying = True
        return True

    def succeeded(self) -> None:
        self._failed = 0
        self._opened_at = None
        self._is_trying = False

    def failed(self) -> None:
        self._failed += 1
        self._is_trying = False
        if self._failed >= self._limit:
            self._opened_at = self._clock()

    def abandoned(self) -> None:
        self._is_trying = False
