"""Limits of the request line and headers, which hold without a gateway too."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
import pytest_asyncio
from chassis.http.protocol import MAX_HEAD_BYTES

from tests.integration.chassis.http.http_process import http_process

TOO_MUCH = b"x" * (MAX_HEAD_BYTES + 1)
GET = b"GET /length HTTP/1.1\r\nhost: t\r\n"
POST = b"POST /length HTTP/1.1\r\nhost: t\r\n"
CHUNKED = POST + b"transfer-encoding: chunked\r\n\r\n"


@pytest_asyncio.fixture(scope="module")
async def port() -> AsyncIterator[int]:
    async with http_process() as (port, _):
        yield port


async def answer_to(port: int, request: bytes) -> tuple[bytes, bytes]:
    """Return head and body of a response, after which the connection ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        body = await reader.readexactly(int(length))
        assert await asyncio.wait_for(reader.read(), 10) == b""
        return head, body
    finally:
        writer.close()


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param(GET + b"a: " + TOO_MUCH + b"\r\n\r\n", id="a long header"),
        pytest.param(GET + b"a: 1\r\n" * 11_000 + b"\r\n", id="many headers"),
        pytest.param(b"GET /" + TOO_MUCH + b" HTTP/1.1\r\nhost: t\r\n\r\n", id="a long line"),
        pytest.param(POST + b"content-length: 1\r\na: " + TOO_MUCH + b"\r\n\r\nx", id="before a body"),
        pytest.param(GET + b"a: " + TOO_MUCH, id="a header without end"),
    ],
)
async def test_head_over_the_limit_is_refused_and_the_connection_closed(
    port: int, request_bytes: bytes
) -> None:
    head, body = await answer_to(port, request_bytes)
    assert head.startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")
    assert b"\r\ncontent-type: application/problem+json\r\n" in head
    problem = json.loads(body)
    assert (problem["status"], problem["detail"]) == (431, "The headers of the request are too large.")


@pytest.mark.parametrize(
    "beginning",
    [
        pytest.param(GET + b"a: ", id="a header"),
        pytest.param(b"GET /", id="a line"),
        pytest.param(CHUNKED + b"1\r\nx\r\n0\r\na: ", id="a trailer"),
        pytest.param(CHUNKED + b"1;", id="an extension of a chunk"),
    ],
)
async def test_endless_head_is_cut_off(port: int, beginning: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        async with asyncio.timeout(10):
            # The service closes the connection while more bytes arrive, so its response may be lost.
            with suppress(ConnectionError):
                writer.write(beginning)
                while not reader.at_eof():
                    writer.write(TOO_MUCH)
                    await writer.drain()
                    await asyncio.sleep(0)
    finally:
        writer.close()


@pytest.mark.parametrize(
    ("request_bytes", "length"),
    [
        pytest.param(GET + b"a: " + b"x" * 60_000 + b"\r\n\r\n", 0, id="a large head"),
        pytest.param(POST + b"content-length: 60000\r\n\r\n" + b"x" * 60_000, 60_000, id="a body"),
        # Chunk sizes count as little as the chunks themselves.
        pytest.param(CHUNKED + b"1\r\nx\r\n" * 20_000 + b"0\r\n\r\n", 20_000, id="a body in many chunks"),
    ],
)
async def test_heads_below_the_limit_are_accepted_repeatedly(
    port: int, request_bytes: bytes, length: int
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for _ in range(3):
            writer.write(request_bytes)
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
            assert head.startswith(b"HTTP/1.1 200 OK\r\n")
            assert await reader.readexactly(len(str(length))) == str(length).encode()
    finally:
        writer.close()
