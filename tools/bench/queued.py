"""Many analyses queued, and worked off: is any lost, and does memory stay?"""

import json
import time
from typing import Final

from local_stack.ports import LOOPBACK

from tools.bench.bars import Bar
from tools.bench.ends import hearing
from tools.bench.generator import Job, generate
from tools.bench.memory_samples import sample_memory
from tools.bench.numbers import growth
from tools.bench.requests import submissions
from tools.bench.site import Site

# What a service may grow by from a quarter of the way on: buffers of one more batch, not a leak that goes on.
FLAT_MB: Final = 20
SERVICES: Final = ("request-api", "results-api", "analyzer")


async def drain(site: Site, count: int) -> list[Bar]:
    """Queue them while the analyzer is stopped, then start it."""
    await site.stack.stop("analyzer")
    job = Job(
        host=LOOPBACK,
        port=site.requests_port,
        requests=submissions(site),
        expect=202,
        count=count,
        connections=16,
        keep_bodies=True,
    )
    async with hearing(await site.database("results_api")) as ends:
        ids = [json.loads(body)["analysis_id"] for body in (await generate(job)).bodies]
        await site.settle()
        await site.stack.start("analyzer")
        began = time.monotonic()
        async with sample_memory({name: site.pid(name) for name in SERVICES}) as memory:
            ended = await ends.of(ids, seconds=60 + count / 10)
    rate = count / (max(ended) - began)
    grown = {name: growth(series) for name, series in memory.items()}
    ends_at = {name: (series[len(series) // 4], series[-1]) for name, series in memory.items()}
    seen = "; ".join(f"{name} {at:.0f} to {end:.0f} MB" for name, (at, end) in ends_at.items())
    return [
        Bar(
            what=f"{count:,} analyses queued: completed",
            measured=await _completed(site, ids),
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


async def _completed(site: Site, ids: list[str]) -> int:
    """With a result to read."""
    connection = await site.database("results_api")
    try:
        found = await connection.fetchval(
            "SELECT count(*) FROM analysis_views JOIN review_results ON review_request_id = analysis_id "
            "WHERE status = 'completed' AND analysis_id = ANY($1::uuid[])",
            ids,
        )
        return int(found)
    finally:
        await connection.close()
