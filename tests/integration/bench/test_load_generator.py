"""The load generator against a fake server with adjustable latency."""

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio

from tests.support.http.raw_request import raw_request
from tools.bench.load_generator import UNIQUE, Job, generate_here


class FakeServer:
    """Answer one request at a time over all connections."""

    def __init__(self) -> None:
        self.port = 0
        self.seconds = 0.0
        self.keys: list[str] = []
        self._turn = asyncio.Lock()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            self.keys.append(head.decode().partition("key: ")[2].partition("\r")[0])
            async with self._turn:
                await asyncio.sleep(self.seconds)
            # In two pieces, as over a network.
            writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\n\r\nhe")
            await writer.drain()
            writer.write(b"llo")


@pytest_asyncio.fixture
async def server() -> AsyncIterator[FakeServer]:
    fake = FakeServer()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await fake.serve(reader, writer)
        except asyncio.IncompleteReadError:
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    fake.port = listening.sockets[0].getsockname()[1]
    try:
        yield fake
    finally:
        listening.close()


def job(server: FakeServer, **changes: object) -> Job:
    asked = [raw_request("POST", "/", headers=[f"key: {UNIQUE}"])]
    return Job(**{"host": "127.0.0.1", "port": server.port, "requests": asked, "expect": 202, **changes})  # type: ignore[arg-type]


async def test_every_response_is_counted_and_kept(server: FakeServer) -> None:
    outcome = await generate_here(job(server, count=20, connections=3, keep_bodies=True))
    assert outcome.bodies == ["hello"] * 20
    assert len(outcome.milliseconds) == 20
    assert len(set(server.keys)) == 20


async def test_unexpected_status_is_an_error(server: FakeServer) -> None:
    assert (await generate_here(job(server, count=4, connections=2, expect=200))).errors == 4


async def test_open_loop_latency_includes_queueing(server: FakeServer) -> None:
    # Ten requests are due within a tenth of a second, but take half a second one after another.
    server.seconds = 0.05
    outcome = await generate_here(job(server, count=10, connections=1, rate=100))
    assert max(outcome.milliseconds) > 300


async def test_closed_loop_waits_for_responses(server: FakeServer) -> None:
    server.seconds = 0.05
    outcome = await generate_here(job(server, count=5, connections=1))
    assert max(outcome.milliseconds) < 300
