"""Performance bars, and the table that shows which of them are reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A measured value that has to be at least, or at most, `limit`."""

    what: str
    measured: float
    direction: Literal["at least", "at most"]
    limit: float
    unit: str = ""
    seen: str = ""
    """The underlying figures."""

    @property
    def is_reached(self) -> bool:
        if self.direction == "at least":
            return self.measured >= self.limit
        return self.measured <= self.limit


def table(bars: Sequence[Bar]) -> str:
    """Return the bars as a Markdown table."""
    lines = ["| what | bar | measured | | figures |", "|---|---|---|---|---|"]
    lines += [
        f"| {bar.what} | {bar.direction} {_text(bar.limit)}{bar.unit} | {_text(bar.measured)}{bar.unit} "
        f"| {'yes' if bar.is_reached else '**no**'} | {bar.seen} |"
        for bar in bars
    ]
    return "\n".join(lines)


def verdict(bars: Sequence[Bar]) -> str:
    """Return the last line of a run."""
    return f"bench: {sum(bar.is_reached for bar in bars)} of {len(bars)} bars reached"


def _text(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
