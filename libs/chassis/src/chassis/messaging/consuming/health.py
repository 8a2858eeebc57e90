"""Health and counters of a subscriber."""

import time
from dataclasses import dataclass

from chassis.messaging.error_summary import summarize_error

# A failure is reported for this long, so that a probe every ten seconds sees it.
REMEMBER_SECONDS = 15


@dataclass(slots=True)
class SubscriberCounters:
    """Totals since the process started."""

    started: int = 0
    """Attempts at records."""
    finished: int = 0
    """Records done, including dead letters."""
    retried: int = 0
    """Attempts that another one follows."""
    dead: int = 0
    """Records that became dead letters."""
    duplicates: int = 0
    """Records that were delivered again after they were done."""
    abandoned: int = 0
    """Records that a stop left to other members of the group."""
    superseded: int = 0
    """Records whose work was cancelled, which makes them done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriberHealth:
    """State of a subscriber at one moment."""

    running: bool
    joined: bool
    """True while it is a member of its group; False during a rebalance."""
    fetching: bool
    """True while the fetch loop and the consumer's background tasks run."""
    committing: bool
    """True while the committer runs."""
    at_work: int
    """Number of running handlers."""
    in_flight: int
    """Number of open records: being handled, waiting or in a backoff."""
    oldest_seconds: float
    """Age of the oldest open record."""
    stuck_after_seconds: float
    commit_error: str | None
    """Reason of a recent failure to commit."""
    dead_letter_error: str | None
    """Reason of a current failure to write a dead letter."""

    @property
    def broken(self) -> str | None:
        """One sentence if only a restart can help, else None; for services that work without Kafka."""
        if self.running and not self.fetching:
            return "The fetch loop has ended."
        if self.running and not self.committing:
            return "The committer has ended."
        return None

    @property
    def problem(self) -> str | None:
        """One sentence if anything is wrong, also with Kafka, else None; for services that only consume."""
        problems = (
            (not self.running, "The subscriber is not running."),
            (self.broken is not None, self.broken or ""),
            (not self.joined, "The consumer has no place in its group."),
            (self.commit_error is not None, f"Commits fail: {self.commit_error}."),
            (self.dead_letter_error is not None, f"Dead letters fail: {self.dead_letter_error}."),
            (
                self.oldest_seconds > self.stuck_after_seconds,
                f"A record is open for {self.oldest_seconds:.0f} s.",
            ),
        )
        return next((sentence for applies, sentence in problems if applies), None)


class RecentFailure:
    """Reason of the last failure, until a success or until it is old."""

    __slots__ = ("_reason", "_until")

    def __init__(self) -> None:
        self._reason: str | None = None
        self._until = 0.0

    def note(self, error: BaseException) -> None:
        """Record a failure."""
        self._reason = summarize_error(error)
        self._until = time.monotonic() + REMEMBER_SECONDS

    def clear(self) -> None:
        """Record a success."""
        self._reason = None

    @property
    def reason(self) -> str | None:
        """Return the reason of a recent failure, else None."""
        return self._reason if time.monotonic() < self._until else None
