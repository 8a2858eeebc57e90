"""Measures the peak throughput of each API, and latencies at half of that."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aiokafka import AIOKafkaProducer
from contract_tools.files import event_schema
from contracts.envelope import encode
from contracts.events import AnalysisContext, AnalysisSucceeded
from local_stack.ports import LOOPBACK

from tests.support.http.raw_request import raw_request
from tests.support.largest_values import largest_value
from tests.support.polling import eventually
from tools.bench.bars import Bar
from tools.bench.load_generator import UNIQUE, Job, Outcome, generate
from tools.bench.statistics import Spread, percentile, ratios
from tools.bench.testbed import Testbed

# The number of analyses whose status is requested in turn.
KNOWN: Final = 200
BODY: Final = {"industry": "strategy_tech", "analysis_depth": "quick"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The duration of measurements."""

    rounds: int = 3
    seconds: float = 3
    warm_up: float = 1
    half_seconds: float = 6


def submissions(testbed: Testbed) -> list[str]:
    """Return raw requests for analyses, spread over users and resumes, each with a unique key."""
    return [
        raw_request(
            "POST",
            f"/api/v1/analysis/resumes/{testbed.resumes[n % len(testbed.resumes)]}/analyze",
            token=token,
            body=BODY,
            headers=[f"idempotency-key: {UNIQUE}"],
        )
        for n, token in enumerate(testbed.tokens)
    ]


async def post_bars(testbed: Testbed, plan: Plan) -> list[Bar]:
    """Compare POST analyze with the bare application, while analyzer and results-api are stopped."""
    bare = [
        raw_request("POST", f"/analyze/{each}", body=BODY, headers=[f"idempotency-key: {UNIQUE}"])
        for each in testbed.resumes
    ]
    ours = Job(host=LOOPBACK, port=testbed.requests_port, requests=submissions(testbed), expect=202)
    return await _compare(
        "POST analyze",
        ours,
        Job(host=LOOPBACK, port=testbed.bare_port, requests=bare, expect=202),
        plan,
        share=0.6,
        p99=100,
    )


async def status_bars(testbed: Testbed, plan: Plan, known: Sequence[str]) -> list[Bar]:
    """Compare GET status of unfinished analyses with a bare select of the same row."""
    await _copy_views(testbed)
    ours = [
        raw_request(
            "GET", f"/api/v1/analysis/analysis/{each}/status", token=testbed.tokens[n % len(testbed.tokens)]
        )
        for n, each in enumerate(known)
    ]
    bare = [raw_request("GET", f"/status/{each}") for each in known]
    return await _compare(
        "GET status",
        Job(host=LOOPBACK, port=testbed.results_port, requests=ours, expect=200),
        Job(host=LOOPBACK, port=testbed.bare_port, requests=bare, expect=200),
        plan,
        share=0.6,
        p99=50,
    )


async def result_bars(testbed: Testbed, plan: Plan, analysis_id: str) -> list[Bar]:
    """Measure GET result of the largest report that the contracts allow."""
    size = await store_largest(testbed, analysis_id)
    job = Job(
        host=LOOPBACK,
        port=testbed.results_port,
        requests=[raw_request("GET", f"/api/v1/analysis/analysis/{analysis_id}", token=testbed.tokens[0])],
        expect=200,
        connections=8,
    )
    peak = await generate(_with(job, plan.seconds, plan.warm_up))
    half = await generate(_with(job, plan.half_seconds, 1, rate=peak.rate / 2))
    seen = f"{size / 1000:,.0f} kB; peak {peak.rate:.0f}/s; p50 {percentile(half.milliseconds, 50):.0f} ms"
    return [
        Bar(
            what="GET result, the largest report: p99 at half of its peak",
            measured=percentile(half.milliseconds, 99),
            direction="at most",
            limit=50,
            unit=" ms",
            seen=seen,
        )
    ]


async def _compare(what: str, ours: Job, bare: Job, plan: Plan, *, share: float, p99: float) -> list[Bar]:
    rates: tuple[list[float], list[float]] = ([], [])
    for _ in range(plan.rounds):
        for job, found in zip((ours, bare), rates, strict=True):
            found.append((await generate(_with(job, plan.seconds, plan.warm_up))).rate)
    ratio, peak, limit = ratios(*rates), Spread.of(rates[0]), Spread.of(rates[1])
    half = await generate(_with(ours, plan.half_seconds, 1, rate=peak.median / 2))
    return [
        Bar(
            what=f"{what}: throughput, of a bare handler's",
            measured=ratio.median,
            direction="at least",
            limit=share,
            seen=f"{peak}/s to {limit}/s; ratio {ratio}",
        ),
        Bar(
            what=f"{what}: p99 at half of its peak",
            measured=percentile(half.milliseconds, 99),
            direction="at most",
            limit=p99,
            unit=" ms",
            seen=_latencies(half),
        ),
    ]


def _latencies(outcome: Outcome) -> str:
    found = outcome.milliseconds
    return f"{outcome.rate:.0f}/s; p50 {percentile(found, 50):.1f} ms, p95 {percentile(found, 95):.1f} ms"


def _with(job: Job, seconds: float, warm_up: float, *, rate: float | None = None) -> Job:
    return Job(
        host=job.host,
        port=job.port,
        requests=job.requests,
        expect=job.expect,
        connections=job.connections,
        seconds=seconds,
        warm_up=warm_up,
        rate=rate,
    )


async def make_known(testbed: Testbed) -> list[str]:
    """Create pending analyses and wait until results-api knows them; the analyzer is stopped."""
    job = Job(
        host=LOOPBACK,
        port=testbed.requests_port,
        requests=submissions(testbed),
        expect=202,
        count=KNOWN,
        connections=4,
        keep_bodies=True,
    )
    ids = [json.loads(body)["analysis_id"] for body in (await generate(job)).bodies]
    connection = await testbed.database("results_api")
    try:

        async def are_known() -> bool:
            return bool(await connection.fetchval("SELECT count(*) FROM analysis_views") >= len(ids))

        await eventually(are_known, deadline_seconds=60)
    finally:
        await connection.close()
    return ids


async def _copy_views(testbed: Testbed) -> None:
    ours, bare = await testbed.database("results_api"), await testbed.database("bare_results_api")
    try:
        rows = await ours.fetch("SELECT * FROM analysis_views")
        await bare.execute("TRUNCATE analysis_views")
        await bare.copy_records_to_table("analysis_views", records=[tuple(row) for row in rows])
    finally:
        await asyncio.gather(ours.close(), bare.close())


async def store_largest(testbed: Testbed, analysis_id: str, *, words: str = "\x01") -> int:
    """Publish the largest report for an analysis and return the size of its response.

    Its texts repeat `words`, by default a character that JSON escapes to six bytes.
    """
    value = largest_value(event_schema(AnalysisSucceeded), words=words)
    largest = AnalysisSucceeded.model_validate(value)
    ids = {"analysis_id": analysis_id, "resume_id": testbed.resumes[0]}
    context = AnalysisContext.model_validate({**value["analysis"], **ids})
    message = encode(largest.model_copy(update={"analysis": context}), source="/bench", traceparent=None)
    producer = AIOKafkaProducer(
        bootstrap_servers=testbed.stack.kafka.bootstrap_servers,
        max_request_size=3_000_000,
        compression_type="lz4",
    )
    await producer.start()
    try:
        headers = [(name, text.encode()) for name, text in message.headers.items()]
        await producer.send_and_wait(
            message.topic, message.value.encode(), key=message.key.encode(), headers=headers
        )
    finally:
        await producer.stop()
    async with testbed.client(testbed.results_port) as http:

        async def answer() -> int:
            found = await http.get(f"/api/v1/analysis/analysis/{analysis_id}")
            return len(found.content) if found.status_code == 200 else 0

        return await eventually(answer, deadline_seconds=30)
