"""Measures the system against its performance bars: `make bench` (about 6 minutes).

It prints one table; the last line says how many bars are reached, and the exit code is 1 if one is missed.
Everything that is compared runs on this machine in the same run, in alternating rounds. Options: `make bench
ARGS=--help`.
"""

import argparse
import sys
from collections.abc import Awaitable, Callable
from typing import Final

from chassis.telemetry.logs import configure_logs
from local_stack.processes.lock import exclusive
from local_stack.processes.run import run

from tools.bench import performance_page
from tools.bench.bars import Bar, table, verdict
from tools.bench.baselines import celery_stack
from tools.bench.measurements import backlog, end_to_end, http_requests, matches, reports, slow_model
from tools.bench.testbed import DATA, Testbed, run_testbed

QUEUED: Final = 2_000
QUEUED_LONG: Final = 10_000
# As many as one request may have.
MATCHES: Final = 500


class Bench:
    """The parts of the bench in their order; each leaves everything running and nothing queued."""

    def __init__(self, testbed: Testbed, *, short: bool, long: bool) -> None:
        self._testbed = testbed
        self._requests = (
            http_requests.Plan(rounds=1, seconds=2, half_seconds=3) if short else http_requests.Plan()
        )
        self._end_to_end = (
            end_to_end.Plan(idle=20, rounds=1, burst=150, steady_seconds=4) if short else end_to_end.Plan()
        )
        self._queued = 300 if short else QUEUED_LONG if long else QUEUED
        self._matches, self._match_rounds = (100, 1) if short else (MATCHES, 3)
        self.notes: list[str] = []
        self.parts: dict[str, Callable[[], Awaitable[list[Bar]]]] = {
            "reads": self._reads,
            "writes": self._writes,
            "idle": self._idle,
            "sustained": self._sustained,
            "cost": self._cost,
            "queued": self._drain,
            "waiting": self._waiting,
            "reports": self._reports,
            "matches": self._match,
        }

    async def _reads(self) -> list[Bar]:
        await self._testbed.stack.stop("analyzer")
        known = await http_requests.make_known(self._testbed)
        found = await http_requests.status_bars(self._testbed, self._requests, known[1:])
        found += await http_requests.result_bars(self._testbed, self._requests, known[0])
        await self._restart("analyzer")
        return found

    async def _writes(self) -> list[Bar]:
        await self._testbed.stack.stop("analyzer", "results-api")
        found = await http_requests.post_bars(self._testbed, self._requests)
        await self._restart("results-api", "analyzer")
        return found

    async def _idle(self) -> list[Bar]:
        return await end_to_end.idle_bars(self._testbed, self._end_to_end)

    async def _sustained(self) -> list[Bar]:
        if celery_stack.find_redis() is None:
            self.notes.append(
                "Celery was not compared: there is no redis-server (apt-get install redis-server)."
            )
            return []
        return await end_to_end.sustained_bars(self._testbed, self._end_to_end)

    async def _cost(self) -> list[Bar]:
        bar, lines = await end_to_end.cost(self._testbed, self._end_to_end.burst)
        self.notes += lines
        return [bar]

    async def _drain(self) -> list[Bar]:
        return await backlog.drain(self._testbed, self._queued)

    async def _waiting(self) -> list[Bar]:
        return await slow_model.waiting_bars(self._testbed)

    async def _reports(self) -> list[Bar]:
        return await reports.report_bars(self._testbed, burst=self._end_to_end.burst)

    async def _match(self) -> list[Bar]:
        bars, lines = await matches.match_bars(self._testbed, count=self._matches, rounds=self._match_rounds)
        self.notes += lines
        return bars

    async def _restart(self, *services: str) -> None:
        """Start services with empty topics."""
        await self._testbed.settle()
        await self._testbed.stack.stop("analyzer")
        await self._testbed.empty_topics()
        await self._testbed.stack.start(*services)


async def bench(arguments: argparse.Namespace) -> int:
    """Run the bench and return the exit code."""
    configure_logs(service="bench", level="WARNING", log_format="console")
    bars: list[Bar] = []
    broken: list[str] = []
    with exclusive(DATA):
        async with run_testbed({}) as testbed:
            work = Bench(testbed, short=arguments.short, long=arguments.long)
            for name, part in work.parts.items():
                if arguments.only and name not in arguments.only:
                    continue
                try:
                    found = await part()
                except (RuntimeError, AssertionError, TimeoutError, OSError) as error:
                    broken.append(f"`{name}` could not be measured: {type(error).__name__}: {error}")
                    print_progress(broken[-1])
                    continue
                bars += found
                for bar in found:
                    sign = "reached" if bar.is_reached else "MISSED "
                    print_progress(f"{sign} {bar.what}: {bar.measured:.3g}{bar.unit} | {bar.seen}")
    report = "\n".join([table(bars), "", *work.notes, *broken])
    print(f"\n{report}\n\n{verdict(bars)}")
    if arguments.write:
        performance_page.write(report, verdict(bars))
    return 0 if not broken and all(bar.is_reached for bar in bars) else 1


def print_progress(line: str) -> None:
    """Print a line to standard error, apart from the table."""
    print(line, file=sys.stderr, flush=True)


def parse() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    parser.add_argument("--long", action="store_true", help=f"queue {QUEUED_LONG:,} analyses, not {QUEUED:,}")
    parser.add_argument("--short", action="store_true", help="one short round, to try the bench itself")
    parser.add_argument(
        "--only",
        nargs="+",
        metavar="PART",
        help="some of: reads writes idle sustained cost queued waiting reports matches",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(run(bench(parse())))
