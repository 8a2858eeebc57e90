"""A stop with a delay: callers that keep connections lose no request."""

import asyncio
import signal
import time

import httpx2
import pytest

from tests.integration.chassis.http.http_process import http_process

DELAY_SECONDS = 1.0


async def test_process_serves_on_as_not_ready_and_closes_connections_after_responses() -> None:
    async with http_process(shutdown_delay_seconds=DELAY_SECONDS) as (port, process):
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as kept:
            assert "connection" not in (await kept.get("/length")).headers
            assert (await kept.get("/health/serving")).status_code == 200
            signalled = time.monotonic()
            process.send_signal(signal.SIGTERM)
            await asyncio.sleep(DELAY_SECONDS / 4)
            answer = await kept.get("/length")
            assert (answer.status_code, answer.headers["connection"]) == (200, "close")
            for probe in ("ready", "serving"):
                answer = await kept.get(f"/health/{probe}")
                assert answer.status_code == 503
                assert answer.json()["checks"] == {"shutdown": "the process is stopping"}
            assert (await kept.get("/health/live")).status_code == 200
        assert await asyncio.wait_for(process.wait(), 10) == 0
        assert DELAY_SECONDS <= time.monotonic() - signalled < DELAY_SECONDS + 2


async def test_no_request_on_a_kept_connection_is_lost() -> None:
    async with http_process(shutdown_delay_seconds=DELAY_SECONDS) as (port, process):
        statuses: list[int] = []

        async def call(client: httpx2.AsyncClient) -> None:
            # Requests end before the delay does: what comes later belongs to other replicas.
            while time.monotonic() < signalled + DELAY_SECONDS - 0.3:
                statuses.append((await client.get("/length")).status_code)
                await asyncio.sleep(0.02)

        signalled = time.monotonic()
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            process.send_signal(signal.SIGTERM)
            await asyncio.gather(*(call(client) for _ in range(8)))
        assert len(statuses) > 100
        assert set(statuses) == {200}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_second_signal_ends_the_delay(number: signal.Signals) -> None:
    async with http_process(shutdown_delay_seconds=30) as (_, process):
        process.send_signal(number)
        await asyncio.sleep(0.3)
        process.send_signal(number)
        assert await asyncio.wait_for(process.wait(), 10) == 0


async def test_request_that_a_stop_interrupts_is_answered_as_unavailable() -> None:
    async with http_process() as (port, process):
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=15) as client:
            request = asyncio.create_task(client.get("/slow"))
            await asyncio.sleep(0.3)
            process.send_signal(signal.SIGTERM)
            answer = await request
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"] == "The service is restarting; try again."
        assert await asyncio.wait_for(process.wait(), 10) == 0
