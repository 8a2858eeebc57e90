"""The gateway passes live updates, entity tags and empty answers unchanged."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest_asyncio
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse
from local_stack.gateway.config import GatewayConfig
from local_stack.gateway.envoy import Envoy
from local_stack.paths import ENVOY_TEMPLATE
from local_stack.ports import free_ports

from tests.support.auth.tokens import AUDIENCE, ISSUER, FakeIssuer, bearer
from tests.support.fakes.http_server import fake_http_server

TAG = '"0123456789abcdef"'


class Upstream:
    """Continues a stream only after the client confirms what arrived."""

    def __init__(self) -> None:
        self.arrived = asyncio.Event()
        self.app = FastAPI()
        self.app.get("/api/v1/analysis/analysis/{analysis_id}/events")(self.events)
        self.app.get("/api/v1/analysis/analysis/{analysis_id}/status")(self.status)
        self.app.delete("/api/v1/resume_upload/{resume_id}", status_code=204)(self.delete)

    async def events(self, request: Request) -> Response:
        async def pieces() -> AsyncIterator[str]:
            for piece in (f"id: {request.headers.get('last-event-id')}\n\n", ": ping\n\n", "id: 2\n\n"):
                yield piece
                await self.arrived.wait()
                self.arrived.clear()

        return StreamingResponse(pieces(), media_type="text/event-stream")

    async def status(self, request: Request) -> Response:
        known = request.headers.get("if-none-match") == TAG
        return Response(None if known else "{}", status_code=304 if known else 200, headers={"ETag": TAG})

    async def delete(self) -> None:
        """Suppress the access log."""


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[int]:
    (port,) = free_ports(1)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None))
    task = asyncio.create_task(server.serve())
    try:
        yield port
    finally:
        server.should_exit = True
        await task


@pytest_asyncio.fixture
async def upstream() -> Upstream:
    return Upstream()


@pytest_asyncio.fixture
async def http(tmp_path: Path, upstream: Upstream) -> AsyncIterator[httpx2.AsyncClient]:
    issuer, (port, admin_port) = FakeIssuer(), free_ports(2)
    async with AsyncExitStack() as parts:
        jwks_url = parts.enter_context(fake_http_server(lambda _path, _headers: (200, issuer.jwks())))
        upstream_port = await parts.enter_async_context(serving(upstream.app))
        gateway = GatewayConfig(
            port=port,
            admin_port=admin_port,
            request_api_port=upstream_port,
            results_api_port=upstream_port,
            jwks_url=f"{jwks_url}/jwks",
            jwt_issuer=ISSUER,
            jwt_audience=AUDIENCE,
        )
        envoy = Envoy(template=ENVOY_TEMPLATE, gateway=gateway, data_dir=tmp_path)
        await parts.enter_async_context(envoy)
        yield await parts.enter_async_context(
            httpx2.AsyncClient(
                base_url=envoy.url, headers=bearer(issuer.token(uuid4())), timeout=10, trust_env=False
            )
        )


async def test_live_updates_and_heartbeats_are_not_buffered(
    http: httpx2.AsyncClient, upstream: Upstream
) -> None:
    path = f"/api/v1/analysis/analysis/{uuid4()}/events"
    seen = []
    async with http.stream("GET", path, headers={"Last-Event-ID": "1.pending"}) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        # Whatever held a piece back until the next one, or the end, would wait for ever.
        async for piece in answer.aiter_text():
            seen.append(piece)
            upstream.arrived.set()
    assert seen == ["id: 1.pending\n\n", ": ping\n\n", "id: 2\n\n"]


async def test_unchanged_result_is_304(http: httpx2.AsyncClient) -> None:
    path = f"/api/v1/analysis/analysis/{uuid4()}/status"
    first = await http.get(path)
    assert (first.status_code, first.headers["etag"]) == (200, TAG)
    second = await http.get(path, headers={"If-None-Match": TAG})
    assert (second.status_code, second.headers["etag"], second.content) == (304, TAG, b"")


async def test_empty_answer_stays_empty(http: httpx2.AsyncClient) -> None:
    answer = await http.delete(f"/api/v1/resume_upload/{uuid4()}")
    assert (answer.status_code, answer.content) == (204, b"")
