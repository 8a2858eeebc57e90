"""Measures report pages and their PDFs, and how much they slow down analyses."""

import asyncio
import time
from typing import Final
from uuid import uuid4

import pypdfium2
from httpx2 import AsyncClient

from tools.bench.bars import Bar
from tools.bench.measurements.completions import listen_for_completions
from tools.bench.measurements.end_to_end import Side, run_burst
from tools.bench.measurements.http_requests import BODY, store_largest, submissions
from tools.bench.statistics import Spread, ratios
from tools.bench.testbed import Testbed

PDFS: Final = 20
# As many as one user may have at the same time.
_AT_ONCE: Final = 4
_ROUNDS: Final = 3


async def report_bars(testbed: Testbed, *, burst: int) -> list[Bar]:
    """Measure the report of the testbed's resume, the largest report, and analyses beside PDFs."""
    async with (
        listen_for_completions(await testbed.database("results_api")) as completions,
        testbed.client(testbed.requests_port) as request_api,
        testbed.client(testbed.results_port) as results_api,
    ):
        answer = await request_api.post(f"/api/v1/analysis/resumes/{testbed.resumes[0]}/analyze", json=BODY)
        analysis_id = str(answer.raise_for_status().json()["analysis_id"])
        await completions.wait_for([analysis_id], seconds=20)
        largest = str(uuid4())
        await store_largest(testbed, largest, words="Led a team of ten. ")
        bars = [
            await _pdf_bar(results_api, analysis_id, what="report of a two-page resume as PDF", limit=2_000),
            await _pdf_bar(results_api, largest, what="the largest report as PDF", limit=15_000),
        ]
        side = Side(
            name="ours", port=testbed.requests_port, requests=submissions(testbed), completions=completions
        )
        alone, beside = [], []
        for _ in range(_ROUNDS):
            alone.append(await run_burst(side, burst))
            await testbed.settle()
            printing = asyncio.create_task(_print_many(results_api, analysis_id))
            beside.append(await run_burst(side, burst))
            await printing
            await testbed.settle()
        ratio = ratios(beside, alone)
        bars.append(
            Bar(
                what=f"analyses while {PDFS} PDFs are created: rate, of that without",
                measured=ratio.median,
                direction="at least",
                limit=0.8,
                seen=f"{Spread.of(alone)}/s to {Spread.of(beside)}/s",
            )
        )
    return bars


async def _pdf_bar(results_api: AsyncClient, analysis_id: str, *, what: str, limit: float) -> Bar:
    path = f"/api/v1/analysis/analysis/{analysis_id}/report"
    page, page_ms = await _timed(results_api, path)
    pdf, pdf_ms = await _timed(results_api, f"{path}?format=pdf")
    return Bar(
        what=what,
        measured=pdf_ms,
        direction="at most",
        limit=limit,
        unit=" ms",
        seen=f"{len(pypdfium2.PdfDocument(pdf))} pages, {len(pdf) / 1000:.0f} kB; "
        f"as HTML {len(page) / 1000:.0f} kB in {page_ms:.0f} ms",
    )


async def _timed(client: AsyncClient, path: str) -> tuple[bytes, float]:
    started = time.monotonic()
    answer = await client.get(path, timeout=60)
    return answer.raise_for_status().content, (time.monotonic() - started) * 1000


async def _print_many(results_api: AsyncClient, analysis_id: str) -> None:
    places = asyncio.Semaphore(_AT_ONCE)

    async def print_one() -> None:
        async with places:
            await _timed(results_api, f"/api/v1/analysis/analysis/{analysis_id}/report?format=pdf")

    await asyncio.gather(*(print_one() for _ in range(PDFS)))
