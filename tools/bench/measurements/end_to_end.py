"""Measures the time from an accepted request to a readable report, on an idle and on a loaded system."""

import asyncio
import json
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Final

from local_stack.ports import LOOPBACK

from tests.support.http.raw_request import raw_request
from tools.bench.bars import Bar
from tools.bench.baselines.celery_stack import DATABASE, run_celery
from tools.bench.load_generator import Job, generate
from tools.bench.measurements.completions import Completions, listen_for_completions
from tools.bench.measurements.http_requests import BODY, submissions
from tools.bench.measurements.meter import Meter
from tools.bench.statistics import Spread, percentile, ratios
from tools.bench.testbed import Testbed

# The pause between two analyses, so that the system is idle for each.
_PAUSE_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The amount of measurements."""

    idle: int = 40
    rounds: int = 2
    burst: int = 250
    steady_seconds: float = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two systems that are compared."""

    name: str
    port: int
    requests: Sequence[str]
    completions: Completions


async def idle_bars(testbed: Testbed, plan: Plan) -> list[Bar]:
    """Measure from the 202 to a status of completed, requested as soon as the database notifies of it."""
    found: list[float] = []
    async with (
        listen_for_completions(await testbed.database("results_api")) as completions,
        testbed.client(testbed.requests_port) as request_api,
        testbed.client(testbed.results_port) as results_api,
    ):
        for n in range(plan.idle + 10):
            path = f"/api/v1/analysis/resumes/{testbed.resumes[n % len(testbed.resumes)]}/analyze"
            answer = await request_api.post(path, json=BODY)
            accepted = time.monotonic()
            analysis_id = answer.raise_for_status().json()["analysis_id"]
            await completions.wait_for([analysis_id], seconds=20)
            status = await results_api.get(f"/api/v1/analysis/analysis/{analysis_id}/status")
            seen = time.monotonic()
            if status.json()["status"] != "completed":
                raise RuntimeError(f"an analysis has ended, and its status is {status.json()['status']}")
            # The first ten are a warm-up.
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


async def sustained_bars(testbed: Testbed, plan: Plan) -> list[Bar]:
    """Compare with Celery: alternating bursts, then both at the same steady rate."""
    rates: dict[str, list[float]] = {"ours": [], "celery": []}
    latencies: dict[str, list[float]] = {}
    async with AsyncExitStack() as stack:
        celery_port = await stack.enter_async_context(run_celery(testbed))
        celery_requests = [raw_request("POST", f"/analyze/{each}", body=BODY) for each in testbed.resumes]
        sides = [
            Side(
                name="ours",
                port=testbed.requests_port,
                requests=submissions(testbed),
                completions=await stack.enter_async_context(
                    listen_for_completions(await testbed.database("results_api"))
                ),
            ),
            Side(
                name="celery",
                port=celery_port,
                requests=celery_requests,
                completions=await stack.enter_async_context(
                    listen_for_completions(await testbed.database(DATABASE))
                ),
            ),
        ]
        for side in sides:
            await run_burst(side, 50)
        for _ in range(plan.rounds):
            for side in sides:
                rates[side.name].append(await run_burst(side, plan.burst))
                await testbed.settle()
        # A rate that both sustain easily.
        offered = min(min(found) for found in rates.values()) / 2
        for side in sides:
            latencies[side.name] = await _steady(side, rate=offered, seconds=plan.steady_seconds)
            await testbed.settle()
    ratio = ratios(rates["ours"], rates["celery"])
    ours, celery = (percentile(latencies[name], 99) for name in ("ours", "celery"))
    return [
        Bar(
            what="sustained end to end, rules: throughput, of Celery's",
            measured=ratio.median,
            direction="at least",
            limit=1,
            seen=f"{Spread.of(rates['ours'])}/s to {Spread.of(rates['celery'])}/s",
        ),
        Bar(
            what="sustained end to end, rules: p99, of Celery's",
            measured=ours / celery,
            direction="at most",
            limit=1.5,
            seen=f"{ours:.0f} ms to {celery:.0f} ms, both at {offered:.0f}/s; "
            f"p50 {percentile(latencies['ours'], 50):.0f} to {percentile(latencies['celery'], 50):.0f} ms",
        ),
    ]


async def run_burst(side: Side, count: int) -> float:
    """Run a burst and return analyses per second, from the first request to the last completion."""
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
    ended = await side.completions.wait_for(_ids(outcome.bodies), seconds=120)
    return count / (max(ended) - min(outcome.due))


async def _steady(side: Side, *, rate: float, seconds: float) -> list[float]:
    """Run a steady load and return milliseconds from when each request was due to its completion."""
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
    ended = await side.completions.wait_for(_ids(outcome.bodies), seconds=60)
    return [(end - due) * 1000 for end, due in zip(ended, outcome.due, strict=True)]


def _ids(bodies: Sequence[str]) -> list[str]:
    return [json.loads(body)["analysis_id"] for body in bodies]


async def cost(testbed: Testbed, count: int) -> tuple[Bar, list[str]]:
    """Measure CPU, rows and records per analysis over a burst; return a bar and a Markdown table."""
    meter = await Meter.start(testbed)
    async with listen_for_completions(await testbed.database("results_api")) as completions:
        side = Side(
            name="ours", port=testbed.requests_port, requests=submissions(testbed), completions=completions
        )
        rate = await run_burst(side, count)
    found = await meter.read(count)
    bar = Bar(
        what="CPU for one analysis, all parts, at saturation",
        measured=sum(found.cpu_ms.values()),
        direction="at most",
        limit=27,
        unit=" ms",
        seen=f"a burst of {count} at {rate:.0f}/s",
    )
    return bar, found.lines(f"One analysis, over a burst of {count} at {rate:.0f}/s:")
