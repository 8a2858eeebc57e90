"""Queues many analyses and measures the drain: losses, rate and growth of memory."""

import json
import time
from typing import Final

from local_stack.ports import LOOPBACK

from tools.bench.bars import Bar
from tools.bench.load_generator import Job, generate
from tools.bench.measurements.completions import listen_for_completions
from tools.bench.measurements.http_requests import submissions
from tools.bench.measurements.memory import sample_memory
from tools.bench.statistics import growth
from tools.bench.testbed import Testbed

# The allowed growth of a service after a quarter of the drain: buffers for another batch, but no leak.
FLAT_MB: Final = 20
SERVICES: Final = ("request-api", "results-api", "analyzer")


async def drain(testbed: Testbed, count: int) -> list[Bar]:
    """Queue analyses while the analyzer is stopped, then start it and measure."""
    await testbed.stack.stop("analyzer")
    job = Job(
        host=LOOPBACK,
        port=testbed.requests_port,
        requests=submissions(testbed),
        expect=202,
        count=count,
        connections=16,
        keep_bodies=True,
    )
    async with listen_for_completions(await testbed.database("results_api")) as completions:
        ids = [json.loads(body)["analysis_id"] for body in (await generate(job)).bodies]
        await testbed.settle()
        await testbed.stack.start("analyzer")
        began = time.monotonic()
        async with sample_memory({name: testbed.pid(name) for name in SERVICES}) as memory:
            ended = await completions.wait_for(ids, seconds=60 + count / 10)
    rate = count / (max(ended) - began)
    grown = {name: growth(series) for name, series in memory.items()}
    ends_at = {name: (series[len(series) // 4], series[-1]) for name, series in memory.items()}
    seen = "; ".join(f"{name} {at:.0f} to {end:.0f} MB" for name, (at, end) in ends_at.items())
    return [
        Bar(
            what=f"{count:,} analyses queued: completed",
            measured=await _completed(testbed, ids),
            direction="at least",
            limit=count,
        ),
        Bar(
            what=f"{count:,} analyses queued: rate",
            measured=rate,
            direction="at least",
            limit=100,
            unit="/s",
        ),
        Bar(
            what=f"{count:,} analyses queued: growth of the service that grows most",
            measured=max(grown.values()),
            direction="at most",
            limit=FLAT_MB,
            unit=" MB",
            seen=seen,
        ),
    ]


async def _completed(testbed: Testbed, ids: list[str]) -> int:
    """Count the analyses that are completed and have a result."""
    connection = await testbed.database("results_api")
    try:
        found = await connection.fetchval(
            "SELECT count(*) FROM analysis_views JOIN review_results ON review_request_id = analysis_id "
            "WHERE status = 'completed' AND analysis_id = ANY($1::uuid[])",
            ids,
        )
        return int(found)
    finally:
        await connection.close()
