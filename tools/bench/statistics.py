"""Statistics of measured values."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


def percentile(values: Sequence[float], percent: float) -> float:
    """Return a percentile by the nearest-rank method, which is always one of the values.

    Raises:
        ValueError: There are no values.
    """
    if not values:
        raise ValueError("there is no percentile of nothing")
    rank = max(1, math.ceil(len(values) * percent / 100))
    return sorted(values)[rank - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Lowest, median and highest value of several rounds."""

    low: float
    median: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Summarize values. Raises ValueError if there are none."""
        return cls(low=min(values), median=statistics.median(values), high=max(values))

    def __str__(self) -> str:
        return f"{_short(self.median)} ({_short(self.low)} to {_short(self.high)})"


def ratios(ours: Sequence[float], others: Sequence[float]) -> Spread:
    """Return the ratio of each round, because a disturbance affects both sides of its round.

    Raises:
        ValueError: The sides have different numbers of rounds, or none.
    """
    return Spread.of([one / other for one, other in zip(ours, others, strict=True)])


def growth(series: Sequence[float], *, settled: float = 0.25) -> float:
    """Return the median of the last tenth minus the median of the tenth after the first `settled` part.

    Raises:
        ValueError: There are fewer than 20 values.
    """
    if len(series) < 20:
        raise ValueError("too few values to tell a trend")
    tenth = len(series) // 10
    begin = int(len(series) * settled)
    return statistics.median(series[-tenth:]) - statistics.median(series[begin : begin + tenth])


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
