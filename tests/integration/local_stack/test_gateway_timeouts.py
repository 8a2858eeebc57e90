"""The gateway answers for an unresponsive service before the frontend gives up after 10 s."""

import asyncio
import http.client
import json
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from local_stack.gateway.config import GatewayConfig
from local_stack.gateway.envoy import Envoy
from local_stack.paths import ENVOY_TEMPLATE

from tests.integration.local_stack.test_gateway_routes import Routed, before_played_services
from tests.support.http.raw_request import raw_request

_ORIGIN = "http://localhost:3000"
_UPLOAD = f"/api/v1/resume_upload/candidates/{uuid4()}/resumes"
_SECONDS = 9.5
# A page of text, a PDF, a scan, and almost the largest.
_UPLOAD_SIZES = (2_000, 500_000, 5_000_000, 29_000_000)
_ROUTES = [
    *(
        (method, path)
        for path in ("/api/v1/auth/login", "/api/v1/auth/me", "/api/v1/admin/users", "/api/v1/profile")
        for method in ("GET", "POST")
    ),
    ("POST", f"/api/v1/analysis/resumes/{uuid4()}/analyze"),
    ("GET", "/api/v1/candidates"),
    ("GET", "/api/v1/analysis/"),
    ("GET", f"/api/v1/analysis/analysis/{uuid4()}/status"),
    ("GET", "/api/v1/analysis/config/limits"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer, with the seconds until the client had read it."""

    status: int
    headers: Mapping[str, str]
    body: Any
    seconds: float


def ask(port: int, content: bytes) -> Answer:
    """Send a request as a browser does over HTTP/1.1: read only after all is sent or sending fails."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        with suppress(ConnectionError):
            connection.sendall(content)
        response = http.client.HTTPResponse(connection)
        response.begin()
        body = json.loads(response.read())
        return Answer(
            status=response.status,
            headers={name.lower(): value for name, value in response.getheaders()},
            body=body,
            seconds=time.monotonic() - began,
        )


def _content(token: str, method: str, path: str, *, size: int) -> bytes:
    headers = [f"origin: {_ORIGIN}", f"content-length: {size}", "content-type: application/octet-stream"]
    head = raw_request(method, path, token=token, headers=headers)
    return head.encode() + b"a" * size


def contents(token: Callable[[], str]) -> dict[str, bytes]:
    """Return requests by their names, each of another user."""
    return {
        **{f"upload of {size}": _content(token(), "POST", _UPLOAD, size=size) for size in _UPLOAD_SIZES},
        **{
            f"{method} {path}": _content(token(), method, path, size=1_000 if method == "POST" else 0)
            for method, path in _ROUTES
        },
        # The most that streams to the legacy backend.
        "a large login": _content(token(), "POST", "/api/v1/auth/login", size=99_999),
    }


@contextmanager
def silent(how: str) -> Iterator[int]:
    """Yield the port of a service that does not answer."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        address = listener.getsockname()
        waiting: list[socket.socket] = []
        if how == "hangs":
            # As for a process that is stopped, the kernel accepts connections, and some of what they send.
            listener.listen(1024)
        elif how == "drops packets":
            # With a full accept queue the kernel drops every SYN.
            listener.listen(0)
            for _ in range(2):
                waiting.append(socket.socket())
                waiting[-1].setblocking(False)
                waiting[-1].connect_ex(address)
        else:
            assert how == "refuses connections"
        try:
            yield address[1]
        finally:
            for one in waiting:
                one.close()


@contextmanager
def before_silent_services(how: str, **settings: Any) -> Iterator[tuple[Routed, GatewayConfig]]:
    """Yield a gateway to start whose services do not answer."""
    with before_played_services(**settings) as (routed, gateway), silent(how) as port:
        legacy = f"127.0.0.1:{port}"
        yield routed, replace(gateway, request_api_port=port, results_api_port=port, legacy=legacy)


async def ask_all(port: int, asked: Mapping[str, bytes]) -> dict[str, Answer]:
    """Send all requests at the same time."""
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(max_workers=len(asked)) as pool:
        answers = await asyncio.gather(
            *(loop.run_in_executor(pool, ask, port, content) for content in asked.values())
        )
    return dict(zip(asked, answers, strict=True))


def check_is_ours(answer: Answer, what: str, *, allowed: str = _ORIGIN) -> None:
    assert answer.status in (503, 504), (what, answer)
    assert answer.seconds < _SECONDS, (what, answer)
    assert answer.headers["content-type"] == "application/problem+json", (what, answer)
    assert answer.headers["access-control-allow-origin"] == allowed, (what, answer)
    assert "retry-after" in answer.headers["access-control-expose-headers"], (what, answer)
    assert int(answer.headers["retry-after"]) > 0, (what, answer)
    assert answer.body["status"] == answer.status, (what, answer)
    assert answer.body["detail"].endswith("; try again."), (what, answer)


@pytest.mark.parametrize("how", ["hangs", "refuses connections", "drops packets"])
async def test_every_request_is_answered_in_time(tmp_path: Path, how: str) -> None:
    with before_silent_services(how) as (routed, gateway):
        async with Envoy(template=ENVOY_TEMPLATE, gateway=gateway, data_dir=tmp_path):
            asked = contents(lambda: routed.issuer.token(uuid4()))
            answers = await ask_all(gateway.port, asked)
            token = routed.issuer.token(uuid4())
            nowhere = [_content(token, method, "/nowhere", size=0) for method in ("GET", "POST")]
            unrouted = [ask(gateway.port, content) for content in nowhere]
    assert len(answers) == len(asked) > 15
    for what, answer in answers.items():
        check_is_ours(answer, what)
    for answer in unrouted:
        assert (answer.status, answer.headers["access-control-allow-origin"]) == (404, _ORIGIN)


async def _arrive(port: int, upload: bytes, *, pieces: int, of: int) -> tuple[int, Any, float]:
    """Send some pieces of an upload, one a second. Return status, body and seconds."""
    began = time.monotonic()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for at in range(pieces):
            await asyncio.sleep(1)
            writer.write(upload[at * len(upload) // of : (at + 1) * len(upload) // of])
            await writer.drain()
        head = await reader.readuntil(b"\r\n\r\n")
        body = json.loads(await reader.readuntil(b"}"))
    finally:
        writer.close()
    return int(head.split()[1]), body, time.monotonic() - began


async def test_slow_upload_passes_and_stalled_upload_times_out(tmp_path: Path) -> None:
    with before_played_services() as (routed, gateway):
        upload = _content(routed.issuer.token(uuid4()), "POST", _UPLOAD, size=29_000_000)
        async with Envoy(template=ENVOY_TEMPLATE, gateway=gateway, data_dir=tmp_path):
            slow, stopped = await asyncio.gather(
                _arrive(gateway.port, upload, pieces=12, of=12),
                _arrive(gateway.port, upload, pieces=1, of=12),
            )
    status, _, seconds = slow
    # No other request may take so long.
    assert (status, seconds > 11) == (200, True)
    status, body, seconds = stopped
    assert (status, body["detail"]) == (504, "The request came to a standstill; try again.")
    assert 8.5 < seconds < 1 + _SECONDS
