"""Retry policy of subscribers: which failures are retried, when, and which become dead letters."""

import random
from dataclasses import dataclass
from enum import Enum

from aiokafka.errors import KafkaError

from chassis.messaging.consuming.records import PoisonRecord


class FailureKind(Enum):
    """Kind of a handler's exception, which decides about its record."""

    POISON = "poison"
    """Retrying cannot help: dead letter at once."""
    TRANSIENT = "transient"
    """The infrastructure fails, not the record: retry without limit, so that no good data is lost."""
    UNKNOWN = "unknown"
    """Either a bug or the record: a few attempts, then dead letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Classes of exceptions, numbers of attempts and delays in seconds."""

    transient: tuple[type[Exception], ...] = (OSError, TimeoutError, KafkaError)
    poison: tuple[type[Exception], ...] = (PoisonRecord,)
    # Attempts that end in an unknown exception. With the delays below they take four to eight seconds.
    max_attempts: int = 5
    base_delay: float = 0.5
    # Long enough to spare a dependency that is down, short enough to resume soon after it is back.
    max_delay: float = 30.0

    def classify(self, error: BaseException) -> FailureKind:
        """Return the kind of an error. A poison class may derive from a transient one."""
        if isinstance(error, self.poison):
            return FailureKind.POISON
        if isinstance(error, self.transient):
            return FailureKind.TRANSIENT
        return FailureKind.UNKNOWN

    def delay(self, attempt: int) -> float:
        """Return the seconds to wait after an attempt (from 1): doubling, capped, half of it jitter."""
        # The exponent is capped too, because 2.0**n overflows after a thousand attempts.
        full = min(self.max_delay, self.base_delay * 2.0 ** min(attempt - 1, 30))
        return full * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, not a secret
