"""From the accepted request to the report that can be read: on an idle system, and under all it bears."""

import asyncio
import json
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Final

from local_stack.ports import LOOPBACK

from tests.support.http.raw_request import raw_request
from tests.support.telemetry.process_usage import cpu_seconds
from tools.bench.bars import Bar
from tools.bench.ends import Ends, hearing
from tools.bench.generator import Job, generate
from tools.bench.numbers import Spread, percentile, ratios
from tools.bench.requests import BODY, submissions
from tools.bench.rival import DATABASE, a_rival
from tools.bench.site import Site

# Between two analyses of an idle system, so that none meets another.
_PAUSE_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much to measure."""

    idle: int = 40
    rounds: int = 2
    burst: int = 250
    steady_seconds: float = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two that are compared."""

    name: str
    port: int
    requests: Sequence[str]
    ends: Ends


async def idle_bars(site: Site, plan: Plan) -> list[Bar]:
    """From the 202 to the answer that says completed, asked for as soon as the database tells of it."""
    found: list[float] = []
    async with (
        hearing(await site.database("results_api")) as ends,
        site.client(site.requests_port) as ask,
        site.client(site.results_port) as read,
    ):
        for n in range(plan.idle + 10):
            path = f"/api/v1/analysis/resumes/{site.resumes[n % len(site.resumes)]}/analyze"
            answer = await ask.post(path, json=BODY)
            accepted = time.monotonic()
            analysis_id = answer.raise_for_status().json()["analysis_id"]
            await ends.of([analysis_id], seconds=20)
            status = await read.get(f"/api/v1/analysis/analysis/{analysis_id}/status")
            seen = time.monotonic()
            if status.json()["status"] != "completed":
                raise RuntimeError(f"an analysis has ended, and its status is {status.json()['status']}")
            # The first ones warm up.
            if n >= 10:
                found.append((seen - accepted) * 1000)
            await asyncio.sleep(_PAUSE_SECONDS)
    low, high = min(found), max(found)
    return [
        Bar(
            what=f"accepted to completed, idle, rules: {name}",
            measured=percentile(found, percent),
            direction="at most",
            limit=limit,
            unit=" ms",
            seen=f"{len(found)} analyses; {low:.0f} to {high:.0f} ms",
        )
        for name, percent, limit in (("median", 50, 30), ("p99", 99, 80))
    ]


async def sustained_bars(site: Site, plan: Plan) -> list[Bar]:
    """Against Celery and Redis: bursts in turns, then both at the same steady rate."""
    rates: dict[str, list[float]] = {"ours": [], "theirs": []}
    latencies: dict[str, list[float]] = {}
    async with AsyncExitStack() as stack:
        rival = await stack.enter_async_context(a_rival(site))
        theirs = [raw_request("POST", f"/analyze/{each}", body=BODY) for each in site.resumes]
        sides = [
            Side(
                name="ours",
                port=site.requests_port,
                requests=submissions(site),
                ends=await stack.enter_async_context(hearing(await site.database("results_api"))),
            ),
            Side(
                name="theirs",
                port=rival.port,
                requests=theirs,
                ends=await stack.enter_async_context(hearing(await site.database(DATABASE))),
            ),
        ]
        for side in sides:
            await _burst(side, 50)
        for _ in range(plan.rounds):
            for side in sides:
                rates[side.name].append(await _burst(side, plan.burst))
                await site.settle()
        # What both bear with ease.
        offered = min(min(found) for found in rates.values()) / 2
        for side in sides:
            latencies[side.name] = await _steady(side, rate=offered, seconds=plan.steady_seconds)
            await site.settle()
    ratio = ratios(rates["ours"], rates["theirs"])
    ours, celery = (percentile(latencies[name], 99) for name in ("ours", "theirs"))
    return [
        Bar(
            what="sustained end to end, rules: throughput, of Celery's",
            measured=ratio.median,
            direction="at least",
            limit=1,
            seen=f"{Spread.of(rates['ours'])}/s to {Spread.of(rates['theirs'])}/s",
        ),
        Bar(
            what="sustained end to end, rules: p99, of Celery's",
            measured=ours / celery,
            direction="at most",
            limit=1.5,
            seen=f"{ours:.0f} ms to {celery:.0f} ms, both at {offered:.0f}/s; "
            f"p50 {percentile(latencies['ours'], 50):.0f} to {percentile(latencies['theirs'], 50):.0f} ms",
        ),
    ]


async def _burst(side: Side, count: int) -> float:
    """Analyses a second, from the first request to the last end."""
    job = Job(
        host=LOOPBACK,
        port=side.port,
        requests=side.requests,
        expect=202,
        count=count,
        connections=16,
        keep_bodies=True,
    )
    outcome = await generate(job)
    ended = await side.ends.of(_ids(outcome.bodies), seconds=120)
    return count / (max(ended) - min(outcome.due))


async def _steady(side: Side, *, rate: float, seconds: float) -> list[float]:
    """Milliseconds from when each request fell due to the end of its analysis."""
    job = Job(
        host=LOOPBACK,
        port=side.port,
        requests=side.requests,
        expect=202,
        seconds=seconds,
        warm_up=1,
        rate=rate,
        keep_bodies=True,
    )
    outcome = await generate(job)
    ended = await side.ends.of(_ids(outcome.bodies), seconds=60)
    return [(end - due) * 1000 for end, due in zip(ended, outcome.due, strict=True)]


def _ids(bodies: Sequence[str]) -> list[str]:
    return [json.loads(body)["analysis_id"] for body in bodies]


async def cost(site: Site, count: int) -> tuple[Bar, list[str]]:
    """What one analysis takes, over a burst: CPU of each process, rows, records; in lines of Markdown."""
    pids = site.pids()
    # So that what the counters have not seen yet is of the burst alone.
    await site.settle()
    sizes, cpu = await site.sizes(), {name: cpu_seconds(pid) for name, pid in pids.items()}
    async with hearing(await site.database("results_api")) as ends:
        side = Side(name="ours", port=site.requests_port, requests=submissions(site), ends=ends)
        rate = await _burst(side, count)
        await site.settle()
    lines = [f"One analysis, over a burst of {count} at {rate:.0f}/s:", "", "| part | takes |", "|---|---|"]
    taken = {name: (cpu_seconds(pid) - cpu[name]) * 1000 / count for name, pid in pids.items()}
    lines += [f"| {name} | {milliseconds:.1f} ms CPU |" for name, milliseconds in taken.items()]
    for name, size in (await site.sizes()).items():
        lines.append(f"| {name} | {(size - sizes[name]) / count / 1000:.1f} kB |")
    bar = Bar(
        what="CPU for one analysis, all parts, at saturation",
        measured=sum(taken.values()),
        direction="at most",
        limit=27,
        unit=" ms",
        seen=f"a burst of {count} at {rate:.0f}/s",
    )
    return bar, lines
