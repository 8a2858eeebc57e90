"""`make bench`: measure against the bars, print one table, and say in the last line how many are reached.

The exit code is 1 where a bar is missed. All that is compared runs on this machine, in one run, in turns.
"""

import argparse
import sys
from collections.abc import Awaitable, Callable
from typing import Final

from chassis.telemetry.logs import configure_logs
from local_stack.processes.lock import exclusive
from local_stack.processes.run import run

from tools.bench import end_to_end, page, queued, requests, rival, waiting
from tools.bench.bars import Bar, table, verdict
from tools.bench.site import DATA, Site, a_site

QUEUED: Final = 2_000
QUEUED_LONG: Final = 10_000


class Bench:
    """Its parts in their order; each leaves the site as it found it: everything running, nothing queued."""

    def __init__(self, site: Site, *, short: bool, long: bool) -> None:
        self._site = site
        self._requests = requests.Plan(rounds=1, seconds=2, half_seconds=3) if short else requests.Plan()
        self._end_to_end = (
            end_to_end.Plan(idle=20, rounds=1, burst=150, steady_seconds=4) if short else end_to_end.Plan()
        )
        self._queued = 300 if short else QUEUED_LONG if long else QUEUED
        self.notes: list[str] = []
        self.parts: dict[str, Callable[[], Awaitable[list[Bar]]]] = {
            "reads": self._reads,
            "writes": self._writes,
            "idle": self._idle,
            "sustained": self._sustained,
            "cost": self._cost,
            "queued": self._drain,
            "waiting": self._waiting,
        }

    async def _reads(self) -> list[Bar]:
        await self._site.stack.stop("analyzer")
        known = await requests.make_known(self._site)
        found = await requests.status_bars(self._site, self._requests, known[1:])
        found += await requests.result_bars(self._site, self._requests, known[0])
        await self._again("analyzer")
        return found

    async def _writes(self) -> list[Bar]:
        await self._site.stack.stop("analyzer", "results-api")
        found = await requests.post_bars(self._site, self._requests)
        await self._again("results-api", "analyzer")
        return found

    async def _idle(self) -> list[Bar]:
        return await end_to_end.idle_bars(self._site, self._end_to_end)

    async def _sustained(self) -> list[Bar]:
        if rival.redis() is None:
            self.notes.append(
                "Celery was not compared: there is no redis-server (apt-get install redis-server)."
            )
            return []
        return await end_to_end.sustained_bars(self._site, self._end_to_end)

    async def _cost(self) -> list[Bar]:
        bar, lines = await end_to_end.cost(self._site, self._end_to_end.burst)
        self.notes += lines
        return [bar]

    async def _drain(self) -> list[Bar]:
        return await queued.drain(self._site, self._queued)

    async def _waiting(self) -> list[Bar]:
        return await waiting.waiting_bars(self._site)

    async def _again(self, *services: str) -> None:
        """Start them with nothing to do."""
        await self._site.settle()
        await self._site.stack.stop("analyzer")
        await self._site.empty_topics()
        await self._site.stack.start(*services)


async def bench(arguments: argparse.Namespace) -> int:
    """Returns the exit code."""
    configure_logs(service="bench", level="WARNING", log_format="console")
    bars: list[Bar] = []
    broken: list[str] = []
    with exclusive(DATA):
        async with a_site({}) as site:
            work = Bench(site, short=arguments.short, long=arguments.long)
            for name, part in work.parts.items():
                if arguments.only and name not in arguments.only:
                    continue
                try:
                    found = await part()
                except (RuntimeError, AssertionError, TimeoutError, OSError) as error:
                    broken.append(f"`{name}` could not be measured: {type(error).__name__}: {error}")
                    say(broken[-1])
                    continue
                bars += found
                for bar in found:
                    sign = "reached" if bar.is_reached else "MISSED "
                    say(f"{sign} {bar.what}: {bar.measured:.3g}{bar.unit} | {bar.seen}")
    report = "\n".join([table(bars), "", *work.notes, *broken])
    print(f"\n{report}\n\n{verdict(bars)}")
    if arguments.write:
        page.write(report, verdict(bars))
    return 0 if not broken and all(bar.is_reached for bar in bars) else 1


def say(line: str) -> None:
    """Progress, beside the table."""
    print(line, file=sys.stderr, flush=True)


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    parser.add_argument("--long", action="store_true", help=f"queue {QUEUED_LONG:,} analyses, not {QUEUED:,}")
    parser.add_argument("--short", action="store_true", help="one short round: to try the bench itself")
    parser.add_argument(
        "--only", nargs="+", metavar="PART", help="some of: reads writes idle sustained cost queued waiting"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(run(bench(parse())))
