"""The generator against a server that answers as slowly as it is told."""

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio

from tests.support.http.raw_request import raw_request
from tools.bench.generator import UNIQUE, Job, generate_here


class Server:
    """Answers one request at a time, all connections together."""

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
            # In two pieces, as it may come over a network.
            writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\n\r\nhe")
            await writer.drain()
            writer.write(b"llo")


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Server]:
    played = Server()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await played.serve(reader, writer)
        except asyncio.IncompleteReadError:
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    played.port = listening.sockets[0].getsockname()[1]
    try:
        yield played
    finally:
        listening.close()


def job(server: Server, **changes: object) -> Job:
    asked = [raw_request("POST", "/", headers=[f"key: {UNIQUE}"])]
    return Job(**{"host": "127.0.0.1", "port": server.port, "requests": asked, "expect": 202, **changes})  # type: ignore[arg-type]


async def test_counts_and_keeps_every_answer(server: Server) -> None:
    outcome = await generate_here(job(server, count=20, connections=3, keep_bodies=True))
    assert outcome.bodies == ["hello"] * 20
    assert len(outcome.milliseconds) == 20
    assert len(set(server.keys)) == 20


async def test_an_unexpected_answer_is_an_error(server: Server) -> None:
    assert (await generate_here(job(server, count=4, connections=2, expect=200))).errors == 4


async def test_an_open_loop_sees_what_queues(server: Server) -> None:
    # Ten fall due within a tenth of a second; one at a time takes half a second.
    server.seconds = 0.05
    outcome = await generate_here(job(server, count=10, connections=1, rate=100))
    assert max(outcome.milliseconds) > 300


async def test_a_closed_loop_waits_for_answers(server: Server) -> None:
    server.seconds = 0.05
    outcome = await generate_here(job(server, count=5, connections=1))
    assert max(outcome.milliseconds) < 300
