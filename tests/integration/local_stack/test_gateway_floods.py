"""One client floods the gateway from one address, and others call from another."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
from local_stack.gateway.envoy import Envoy
from local_stack.paths import ENVOY_TEMPLATE

from tests.integration.local_stack.test_gateway_routes import Routed, before_played_services
from tests.support.auth.tokens import bearer
from tests.support.http.raw_request import raw_request
from tests.support.polling import eventually

_ATTACKER = "127.0.0.2"
_HEALTH = raw_request("GET", "/health")
_LOGIN = raw_request("POST", "/api/v1/auth/login", headers=["content-length: 2"]) + "{}"
_UNFINISHED_LOGIN = raw_request("POST", "/api/v1/auth/login", headers=["content-length: 65536"]) + "a" * 1000
_LIMITS = "/api/v1/analysis/config/limits"
_JOBS, _FORM = "/api/v1/jobs", "content-type: multipart/form-data; boundary=x"
_UPLOAD = f"/api/v1/resume_upload/candidates/{uuid4()}/resumes"


@dataclass(slots=True)
class Connection:
    """A connection of the attacker."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def status(self) -> int | None:
        """Return the status of the answer, or None if the connection was closed without one."""
        with suppress(ConnectionError):
            line = await self.reader.readline()
            return int(line.split()[1]) if line else None
        return None

    async def closed(self) -> bool:
        """Read until the connection is closed."""
        with suppress(ConnectionError):
            await self.reader.read()
        return True


class Attacker:
    """Opens connections to the gateway from its own address."""

    def __init__(self, url: str) -> None:
        self._port = httpx2.URL(url).port
        self.connections: list[Connection] = []

    async def open(self, content: str | bytes = b"") -> Connection:
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self._port, local_addr=(_ATTACKER, 0), limit=2**20
        )
        writer.write(content.encode() if isinstance(content, str) else content)
        made = Connection(reader, writer)
        self.connections.append(made)
        return made

    async def ask(self, content: str) -> int | None:
        return await (await self.open(content)).status()

    def close(self) -> None:
        for one in self.connections:
            one.writer.close()


@asynccontextmanager
async def flooded(folder: Path, **limits: Any) -> AsyncIterator[tuple[Routed, Attacker, httpx2.AsyncClient]]:
    """Start a gateway with these limits, an attacker, and a client with a token at another address."""
    async with AsyncExitStack() as parts:
        routed, gateway = parts.enter_context(before_played_services(**limits))
        await parts.enter_async_context(Envoy(template=ENVOY_TEMPLATE, gateway=gateway, data_dir=folder))
        attacker = Attacker(routed.url)
        parts.callback(attacker.close)
        client = httpx2.AsyncClient(
            base_url=routed.url, headers=bearer(routed.issuer.token(uuid4())), trust_env=False
        )
        yield routed, attacker, await parts.enter_async_context(client)


async def test_unfinished_logins_of_one_source_are_limited_and_time_out(tmp_path: Path) -> None:
    async with flooded(tmp_path, login_burst=20, login_per_second=1) as (_, attacker, other):
        began = time.monotonic()
        flood = [await attacker.open(_UNFINISHED_LOGIN) for _ in range(60)]
        for _ in range(10):
            assert (await other.post("/api/v1/auth/login", json={})).status_code == 200
            assert (await other.get("/api/v1/candidates")).status_code == 200
        statuses = Counter(await asyncio.gather(*(one.status() for one in flood)))
        # What got through waits for its body, and not for ever; one a second is let in besides.
        assert set(statuses) == {429, 408}
        assert 20 <= statuses[408] <= 25
        assert time.monotonic() - began < 13


async def test_incomplete_bodies_time_out_before_the_frontend_gives_up(tmp_path: Path) -> None:
    async with flooded(tmp_path) as (routed, attacker, _):
        token = routed.issuer.token(uuid4())
        began = time.monotonic()
        body = ["content-length: 1000"]
        paths = ("/api/v1/candidates", f"/api/v1/analysis/resumes/{uuid4()}/analyze", "/api/v1/profile")
        flood = [
            await attacker.open(raw_request("POST", path, token=token, headers=body) + "{") for path in paths
        ]
        assert [await one.status() for one in flood] == [408] * len(paths)
        assert time.monotonic() - began < 12
        # Held at the gateway: no service saw them.
        assert routed.take() == []


async def test_silent_connection_and_incomplete_headers_are_closed(tmp_path: Path) -> None:
    async with flooded(tmp_path) as (_, attacker, _):
        kept = await attacker.open(_HEALTH)
        assert await kept.status() == 200
        slow = [
            await attacker.open(content) for content in (b"", b"GE", b"GET /health HTTP/1.1\r\nhost: a\r\n")
        ]
        async with asyncio.timeout(8):
            assert await asyncio.gather(*(one.closed() for one in slow)) == [True] * 3
        # One that was used stays for the next request.
        await kept.reader.readuntil(b'{"status":"ok"}')
        kept.writer.write(_HEALTH.encode())
        await kept.reader.readline()
        assert await kept.status() == 200


async def test_connection_of_a_refused_request_is_closed(tmp_path: Path) -> None:
    async with flooded(tmp_path, open_burst=3, open_per_second=1) as (routed, attacker, _):
        refused = {
            401: raw_request("GET", "/api/v1/candidates", token="forged"),
            404: raw_request("GET", "/nowhere", token=routed.issuer.token(uuid4())),
        }
        for status, content in refused.items():
            one = await attacker.open(content)
            assert await one.status() == status
            async with asyncio.timeout(3):
                assert await one.closed()
        statuses = [await attacker.ask(_HEALTH) for _ in range(10)]
        assert 429 in statuses
        async with asyncio.timeout(3):
            assert await attacker.connections[-1].closed()


async def test_preflights_count_for_no_limit(tmp_path: Path) -> None:
    headers = ["origin: http://localhost:3000", "access-control-request-method: GET"]
    preflight = raw_request("OPTIONS", "/api/v1/candidates", headers=headers)
    async with flooded(tmp_path, open_burst=20, open_per_second=1) as (_, attacker, _other):
        statuses = Counter([await attacker.ask(preflight) for _ in range(40)])
    assert statuses == {200: 40}


async def test_requests_without_a_token_are_counted_by_source(tmp_path: Path) -> None:
    forged = raw_request("GET", "/health?again", token="forged")
    limits = [raw_request("GET", _LIMITS), raw_request("GET", f"{_LIMITS}?again", token="forged")]
    for content in (_HEALTH, forged, *limits, raw_request("GET", "/api/v1/candidates"), _LOGIN):
        async with flooded(tmp_path, open_burst=20, open_per_second=1) as (_, attacker, other):
            statuses = Counter([await attacker.ask(content) for _ in range(40)])
            assert statuses[429] >= 10, content
            assert (await other.get("/health")).status_code == 200
            assert (await other.get("/api/v1/candidates")).status_code == 200


async def test_idle_connections_are_closed_sooner_as_the_gateway_fills_up(tmp_path: Path) -> None:
    async with flooded(tmp_path, max_connections=100) as (_, attacker, other):
        flood = [await attacker.open(_HEALTH) for _ in range(90)]
        assert [await one.status() for one in flood] == [200] * 90
        reading = [asyncio.create_task(one.closed()) for one in flood]
        try:

            async def left() -> int:
                assert (await other.get("/api/v1/candidates")).status_code == 200
                return sum(not task.done() for task in reading)

            # Half of them may stay for idle_timeout, 30 s.
            await eventually(left, until=lambda number: number <= 60, deadline_seconds=15)
        finally:
            for task in reading:
                task.cancel()


async def test_uploads_are_streamed(tmp_path: Path) -> None:
    # Less than three of the uploads would take, were they kept.
    async with flooded(tmp_path, max_heap_bytes=64_000_000) as (routed, attacker, other):
        token = routed.issuer.token(uuid4())
        head = raw_request("POST", _UPLOAD, token=token, headers=["content-length: 29000000"]).encode()
        flood = [await attacker.open(head) for _ in range(5)]
        for one in flood:
            one.writer.write(b"a" * 28_999_999)
            # Whatever reads it behind the gateway reads it now.
            async with asyncio.timeout(20):
                await one.writer.drain()
        assert (await other.get("/api/v1/candidates")).status_code == 200
        for one in flood:
            one.writer.write(b"a")
        assert [await one.status() for one in flood] == [200] * 5
        assert Counter(routed.take())[("request-api", "POST", _UPLOAD)] == 5


async def test_far_too_large_content_length_is_refused_at_once(tmp_path: Path) -> None:
    async with flooded(tmp_path) as (routed, attacker, _):
        token = routed.issuer.token(uuid4())
        for path, length in ((_UPLOAD, 100_000_000), (_JOBS, 100_000_000), ("/api/v1/auth/login", 100_000)):
            headers = [f"content-length: {length}", _FORM]
            head = raw_request("POST", path, token=token, headers=headers)
            assert await attacker.ask(head) == 413
        assert routed.take() == []


async def test_upload_rate_limit_affects_only_uploads(tmp_path: Path) -> None:
    async with flooded(tmp_path, upload_burst=5) as (routed, _, other):
        # What follows a question mark makes no other route of it. Files of jobs count, too.
        paths = [_UPLOAD, f"{_UPLOAD}?again", _JOBS, f"{_JOBS}/?again"]
        form = {"content-type": _FORM.removeprefix("content-type: ")}
        statuses = Counter([(await other.post(paths[n % 4], headers=form)).status_code for n in range(15)])
        assert set(statuses) == {200, 429}
        assert (await other.get("/api/v1/candidates")).status_code == 200
        assert (await other.post(_JOBS, json={})).status_code == 200
        another = bearer(routed.issuer.token(uuid4()))
        assert (await other.post(_UPLOAD, headers=another)).status_code == 200


async def test_requests_get_503_while_the_memory_is_full(tmp_path: Path) -> None:
    async with flooded(tmp_path, max_heap_bytes=36_000_000, rate_burst=1000) as (routed, attacker, other):
        token = routed.issuer.token(uuid4())
        body = ["content-length: 65536"]
        unfinished = raw_request("POST", "/api/v1/candidates", token=token, headers=body) + "a" * 65_000

        async def ask() -> httpx2.Response | None:
            try:
                return await other.get("/api/v1/candidates", headers={"Origin": "http://localhost:3000"})
            except httpx2.TransportError:  # the gateway closes connections while it sheds memory
                return None

        async def fill_and_ask() -> httpx2.Response | None:
            # The gateway closes what stays unfinished for long, so a slow attacker has to go on.
            for _ in range(100):
                await attacker.open(unfinished)
            return await ask()

        refused = await eventually(fill_and_ask, until=lambda one: one is not None and one.status_code != 200)
        assert refused is not None
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.headers["access-control-allow-origin"] == "*"
        attacker.close()
        await eventually(ask, until=lambda one: one is not None and one.status_code == 200)
