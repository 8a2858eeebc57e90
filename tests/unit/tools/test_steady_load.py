"""The steady load counts what was accepted, completed, lost and refused."""

import asyncio
import itertools
from collections.abc import Iterator

import httpx2

from tests.support.http.api_client import ApiClient
from tests.support.http.steady_load import Figures, under_load


def _client(statuses: Iterator[int], failed: set[str], enough: asyncio.Event) -> ApiClient:
    """Return a client of an API whose POSTs get these statuses; `failed` analyses do not complete."""
    numbers = itertools.count()

    def handle(request: httpx2.Request) -> httpx2.Response:
        if request.method == "POST":
            assert request.headers["idempotency-key"]
            status = next(statuses, None)
            if status is None:
                enough.set()
                raise httpx2.ConnectError("closed")
            number = next(numbers)
            return httpx2.Response(
                status, json={"analysis_id": f"{number}"}, headers={"location": f"/analysis/{number}/status"}
            )
        analysis_id = request.url.path.split("/")[-2]
        return httpx2.Response(200, json={"status": "failed" if analysis_id in failed else "completed"})

    caller = ApiClient(url="http://api", token="t")
    caller.http = httpx2.AsyncClient(base_url="http://api", transport=httpx2.MockTransport(handle))
    return caller


async def test_lost_and_unavailable_requests_are_counted() -> None:
    enough = asyncio.Event()
    caller = _client(iter([202, 503, 202, 202, 429]), {"2"}, enough)

    figures = await under_load(caller, "r", enough.wait(), per_second=200)
    await caller.close()

    assert (figures.accepted, figures.completed, figures.lost) == (3, 2, 1)
    refused = figures.outcomes["ConnectError"]
    assert figures.unavailable == 1 + refused
    assert figures.unexpected == 2 + refused
    assert figures.line("x") == f"x: accepted=3 completed=2 lost=1 unavailable={1 + refused}"


def test_percentiles_of_latencies_are_in_milliseconds() -> None:
    figures = Figures(accepted=0, completed=0, seconds=tuple(number / 100 for number in range(100)))

    assert [figures.percentile(percent) for percent in (50, 99, 100)] == [500, 990, 990]
    assert Figures(accepted=0, completed=0).percentile(50) == 0
