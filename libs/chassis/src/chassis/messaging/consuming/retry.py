"""The one table of failures: what is tried again, how often and when, and what goes to the dead letters."""

import random
from dataclasses import dataclass
from enum import Enum

from aiokafka.errors import KafkaError

from chassis.messaging.consuming.records import PoisonRecord


class FailureKind(Enum):
    """What a handler's exception means for its record."""

    POISON = "poison"
    """Trying again cannot help: dead letter at once."""
    TRANSIENT = "transient"
    """The infrastructure fails, not the record: again and again, for ever. Good data is never given up."""
    UNKNOWN = "unknown"
    """A bug or the record, nobody knows: a few attempts, then dead letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How a subscriber answers exceptions. Delays are seconds."""

    transient: tuple[type[Exception], ...] = (OSError, TimeoutError, KafkaError)
    poison: tuple[type[Exception], ...] = (PoisonRecord,)
    # Attempts that end in an unknown exception; with the delays below they span four to eight seconds.
    max_attempts: int = 5
    base_delay: float = 0.5
    # Long enough to spare what is down, short enough to go on soon after it is back.
    max_delay: float = 30.0

    def classify(self, error: BaseException) -> FailureKind:
        """Poison before transient, so that a poison class may derive from a transient one."""
        if isinstance(error, self.poison):
            return FailureKind.POISON
        if isinstance(error, self.transient):
            return FailureKind.TRANSIENT
        return FailureKind.UNKNOWN

    def delay(self, attempt: int) -> float:
        """How long to wait after this attempt (from 1): doubling, capped, half of it jitter."""
        # The exponent is capped too: after a thousand attempts 2**n is no float any more.
        full = min(self.max_delay, self.base_delay * 2.0 ** min(attempt - 1, 30))
        return full * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, not a secret
