"""HTTP clients against hostile servers in place of the model, the issuer and another service."""

import asyncio
import sys
import time

import pytest

from tests.support.fakes.raw_server import RawResponse, chunked_body, fake_raw_server, gzip_bomb
from tests.support.http.service_clients import CLIENTS

MEGABYTE = 1 << 20
# The error of a client for a response that it refuses. The model client has more errors.
REFUSED = {"issuer": "unavailable", "request-api": "unavailable"}
# An analysis asks the model two questions. None of them is asked again.
REQUESTS = {"model": 2}
# A limit with its read-ahead; the interpreter's own noise is about 2 MB.
MAY_GROW = 24 * MEGABYTE


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    ("answer", "reason"), [(gzip_bomb(256), "encoded"), (chunked_body(256), "too_large")]
)
async def test_response_of_a_quarter_gigabyte_takes_no_memory(
    client: str, answer: RawResponse, reason: str
) -> None:
    async with fake_raw_server(answer) as server:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.support.http.service_clients",
            client,
            server.url,
            stdout=asyncio.subprocess.PIPE,
        )
        output, _ = await process.communicate()
        requests = REQUESTS.get(client, 1)
        assert len(server.requests) == requests
        # The socket's buffers hold a few megabytes beyond the bytes that were read.
        assert server.bytes_sent < 16 * MEGABYTE * requests
    outcome, grown = output.decode().split()[-2:]
    assert outcome == REFUSED.get(client, reason)
    assert int(grown) < MAY_GROW


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
async def test_redirects_are_not_followed(client: str, status: str) -> None:
    async with fake_raw_server(RawResponse()) as elsewhere:
        head = (f"HTTP/1.1 {status}", f"location: {elsewhere.url}/", "content-length: 0")
        async with fake_raw_server(RawResponse(head=head)) as server:
            assert await CLIENTS[client](server.url) == REFUSED.get(client, "redirected")
            assert len(server.requests) == REQUESTS.get(client, 1)
        assert elsewhere.requests == []


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (RawResponse(head=("HTTP/1.1 200 OK", f"content-length: {10**15}")), "too_large"),
        (RawResponse(head=("HTTP/1.1 200 OK", f"content-length: {'9' * 4000}")), "unreachable"),
        (RawResponse(head=("HTTP/1.1 500 No", "content-encoding: br"), piece=b"x"), "encoded"),
        (RawResponse(head=("HTTP/1.1 200 OK", f"x: {'y' * MEGABYTE}")), "unreachable"),
        (RawResponse(head=("HTTP/1.1 200 OK", *[f"x-{n}: y" for n in range(100_000)])), "unreachable"),
        (RawResponse(piece=b"[" * 50_000), "server_error"),
        (RawResponse(piece=b'{"keys": 5, "choices": [5]}'), "server_error"),
        (
            RawResponse(
                head=("HTTP/1.1 400 Bad", "content-length: 27"), piece=b'{"error": {"param": [[5]]}}'
            ),
            "rejected",
        ),
    ],
    ids=["length", "digits", "error", "header", "headers", "depth", "kind", "parameter"],
)
async def test_invalid_response_is_an_error_of_the_server(
    client: str, answer: RawResponse, reason: str
) -> None:
    async with fake_raw_server(answer) as server:
        assert await CLIENTS[client](server.url) == REFUSED.get(client, reason)


@pytest.mark.parametrize("client", CLIENTS)
async def test_slow_server_times_out(client: str) -> None:
    started = time.monotonic()
    async with fake_raw_server(RawResponse(piece=b" ", times=1000, pause=0.2)) as server:
        assert await CLIENTS[client](server.url) == REFUSED.get(client, "timeout")
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("client", CLIENTS)
async def test_proxies_of_the_environment_are_ignored(client: str, monkeypatch: pytest.MonkeyPatch) -> None:
    head = ("HTTP/1.1 500 No", "content-length: 0", "connection: close", "set-cookie: a=canary; path=/")
    async with fake_raw_server(RawResponse()) as proxy, fake_raw_server(RawResponse(head=head)) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        await CLIENTS[client](server.url)
        assert proxy.requests == []
        for request in server.requests:
            assert b"accept-encoding: identity" in request.lower()
            assert b"canary;" not in request
            assert b"cookie:" not in request.lower()
    assert server.requests
