"""Measures what the parts of the system take for each analysis or match."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Self

from tests.support.telemetry.process_usage import cpu_seconds
from tools.bench.testbed import Testbed


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """The cost of one analysis or match by part: milliseconds of CPU, and bytes on disk."""

    cpu_ms: dict[str, float]
    size: dict[str, float]

    @classmethod
    def mean(cls, costs: Sequence[Self]) -> Self:
        """Return the mean of several measurements."""
        return cls(
            cpu_ms={name: mean(each.cpu_ms[name] for each in costs) for name in costs[0].cpu_ms},
            size={name: mean(each.size[name] for each in costs) for name in costs[0].size},
        )

    def lines(self, title: str) -> list[str]:
        """Return a Markdown table."""
        rows = [f"| {name} | {milliseconds:.1f} ms CPU |" for name, milliseconds in self.cpu_ms.items()]
        rows += [f"| {name} | {size / 1000:.1f} kB |" for name, size in self.size.items()]
        return [title, "", "| part | takes |", "|---|---|", *rows]


class Meter:
    """Counts from its start on."""

    def __init__(self, testbed: Testbed, cpu: dict[str, float], sizes: dict[str, int]) -> None:
        self._testbed = testbed
        self._cpu = cpu
        self._sizes = sizes

    @classmethod
    async def start(cls, testbed: Testbed) -> Self:
        """Start once earlier work has ended, so that the counters do not include it."""
        await testbed.settle()
        sizes = await testbed.sizes()
        return cls(testbed, {name: cpu_seconds(pid) for name, pid in testbed.pids().items()}, sizes)

    async def read(self, count: int) -> Cost:
        """Return the cost of each of `count` analyses or matches, once all work has ended."""
        await self._testbed.settle()
        cpu = {name: cpu_seconds(pid) - self._cpu[name] for name, pid in self._testbed.pids().items()}
        sizes = await self._testbed.sizes()
        return Cost(
            cpu_ms={name: seconds * 1000 / count for name, seconds in cpu.items()},
            size={name: (size - self._sizes[name]) / count for name, size in sizes.items()},
        )
