"""What a subscriber tells of itself to readiness."""

import time
from dataclasses import dataclass

from chassis.messaging.error_summary import summarize_error

# A failure is told for this long, so that a probe every ten seconds sees it.
REMEMBER_SECONDS = 15


@dataclass(slots=True)
class SubscriberCounters:
    """What happened since the process began; only `running` goes down again."""

    started: int = 0
    """Attempts at records."""
    finished: int = 0
    """Records done, dead letters among them."""
    retried: int = 0
    """Attempts that are to be followed by another."""
    dead: int = 0
    """Records that went to the dead letters."""
    duplicates: int = 0
    """Records delivered again that were done here."""
    abandoned: int = 0
    """Records that a stop left to others."""
    superseded: int = 0
    """Records whose work was cancelled; they are done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriberHealth:
    """Facts of one moment."""

    running: bool
    joined: bool
    """It has a place in its group; False while the group rebalances."""
    fetching: bool
    """The fetch loop and the consumer's own background tasks live."""
    committing: bool
    """The committer lives."""
    at_work: int
    """Handlers at work now."""
    in_flight: int
    """Records taken on and not done: at work, waiting or backing off."""
    oldest_seconds: float
    """Age of the oldest of them."""
    stuck_after_seconds: float
    commit_error: str | None
    """What it failed with, if lately; the same for the next."""
    dead_letter_error: str | None

    @property
    def broken(self) -> str | None:
        """One sentence when only a new start can help, else None; Kafka being away breaks nothing.

        For who serves requests also without Kafka, and must not be taken out of service with it.
        """
        if self.running and not self.fetching:
            return "The fetch loop has ended."
        if self.running and not self.committing:
            return "The committer has ended."
        return None

    @property
    def problem(self) -> str | None:
        """One sentence when something is wrong, be it Kafka, else None. For who does nothing but consume."""
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
    """The last failure, until there was a success or it is old."""

    __slots__ = ("_reason", "_until")

    def __init__(self) -> None:
        self._reason: str | None = None
        self._until = 0.0

    def note(self, error: BaseException) -> None:
        """It failed with this."""
        self._reason = summarize_error(error)
        self._until = time.monotonic() + REMEMBER_SECONDS

    def clear(self) -> None:
        """It went well."""
        self._reason = None

    @property
    def reason(self) -> str | None:
        """What may be told of it."""
        return self._reason if time.monotonic() < self._until else None
