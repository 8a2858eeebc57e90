"""Token usage, its cost and the time budget of the calls to the model."""

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Prices in US dollars per million tokens."""

    input: float
    output: float

    def dollars(self, *, input_tokens: int, output_tokens: int) -> float:
        """Return the cost in US dollars."""
        return (input_tokens * self.input + output_tokens * self.output) / 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelUsage:
    """Requests and tokens that an analysis used; `cost_usd` is None where no prices are configured."""

    requests: int
    input_tokens: int
    output_tokens: int
    cost_usd: float | None


@dataclass(slots=True)
class CallBudget:
    """Time that is left for the calls of one analysis, and what they used so far.

    `deadline` is a time of the monotonic clock.
    """

    deadline: float
    prices: Prices | None = None
    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    @property
    def seconds_left(self) -> float:
        """Return the seconds until the deadline; negative after it."""
        return self.deadline - time.monotonic()

    def usage(self, *, is_cached: bool = False) -> ModelUsage:
        """Return the usage so far; a cached response costs nothing even where no prices are configured."""
        cost = 0.0 if is_cached else None
        if self.prices:
            dollars = self.prices.dollars(input_tokens=self.input_tokens, output_tokens=self.output_tokens)
            cost = round(dollars, 6)
        return ModelUsage(
            requests=self.requests,
            input_tokens=self.input_tokens,
            output_tokens=self.output_tokens,
            cost_usd=cost,
        )
