"""Live updates: limits of open streams and of concurrent reads, and the progress of matches."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from results_api.main import create_app
from results_api.settings import Settings
from starlette.types import Message

from tests.integration.conftest import User
from tests.support.auth.tokens import AUDIENCE, ISSUER, FakeIssuer
from tests.support.fakes.http_server import fake_http_server
from tests.support.http.in_process import run_app
from tests.support.polling import eventually
from tests.support.servers.databases import Database
from tests.support.servers.provision import PostgresServer

SECONDS = 5


class FakeSlowRequestApi:
    """A slow request-api with pending analyses only. It counts concurrent requests."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open = 0
        self.requests = self.max_open = 0

    async def count(self) -> int:
        return self.requests

    def __call__(self, path: str, _headers: dict[str, str]) -> tuple[int, object]:
        with self._lock:
            self._open += 1
            self.requests += 1
            self.max_open = max(self.max_open, self._open)
        time.sleep(0.01)
        with self._lock:
            self._open -= 1
        return 200, {
            "analysis_id": path.rsplit("/", 1)[-1],
            "status": "pending",
            "requested_at": "2026-01-02T03:04:05Z",
            "completed_at": None,
        }


class Stream:
    """A connection that receives live updates until it is closed."""

    def __init__(self, app: FastAPI, user: User, path: str, *, last_event_id: str = "") -> None:
        self._closed = asyncio.Event()
        self._changed = asyncio.Event()
        self._received: list[Message] = []
        sent = {**user.headers, "Last-Event-ID": last_event_id}
        headers = [(name.lower().encode(), value.encode()) for name, value in sent.items()]
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "raw_path": b"",
            "query_string": b"",
            "root_path": "",
            "headers": headers,
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }
        self._handling = asyncio.create_task(app(scope, self._receive, self._send))

    async def _receive(self) -> Message:
        await self._closed.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self._received.append(message)
        self._changed.set()

    async def first(self) -> tuple[int, dict[str, str], bytes]:
        """Return the status, the headers and the first chunk of the body."""
        async with asyncio.timeout(SECONDS):
            while len(self._received) < 2:
                self._changed.clear()
                await self._changed.wait()
        start, body = self._received[:2]
        headers = {name.decode(): value.decode() for name, value in start["headers"]}
        return start["status"], headers, body["body"]

    async def body(self, *, until: str) -> str:
        """Return the body as soon as it contains a text."""
        async with asyncio.timeout(SECONDS):
            while until not in (body := b"".join(each.get("body", b"") for each in self._received).decode()):
                self._changed.clear()
                await self._changed.wait()
        return body

    async def close(self) -> None:
        self._closed.set()
        async with asyncio.timeout(SECONDS):
            await self._handling


def path_of(analysis_id: UUID) -> str:
    return f"/api/v1/analysis/analysis/{analysis_id}/events"


@pytest.fixture
def fake_request_api() -> FakeSlowRequestApi:
    return FakeSlowRequestApi()


@asynccontextmanager
async def _app(
    database: Database,
    kafka: str,
    jwks_url: str,
    fake: Callable[[str, dict[str, str]], tuple[int, object]],
    **settings: Any,
) -> AsyncIterator[FastAPI]:
    with fake_http_server(fake) as request_api_url:
        app = create_app(
            Settings(
                database_url=SecretStr(database.url),
                kafka_bootstrap_servers=kafka,
                auth_jwks_url=jwks_url,
                auth_issuer=ISSUER,
                auth_audience=AUDIENCE,
                request_api_url=request_api_url,
                drain_seconds=5,
                **settings,
            )
        )
        async with run_app(app):
            yield app


async def _refusal(stream: Stream) -> tuple[int, str | None, int]:
    status, headers, body = await stream.first()
    problem = json.loads(body)
    assert problem["detail"].endswith(".")
    return status, problem.get("code"), int(headers["retry-after"])


async def test_limit_of_streams_applies_per_user(
    results_database: Database,
    kafka_bootstrap: str,
    jwks_url: str,
    fake_request_api: FakeSlowRequestApi,
    issuer: FakeIssuer,
    user: User,
    other: User,
) -> None:
    limits = {"live_streams": 3, "live_streams_per_user": 2}
    async with _app(results_database, kafka_bootstrap, jwks_url, fake_request_api, **limits) as app:
        streams = [Stream(app, user, path_of(uuid4())), Stream(app, user, path_of(uuid4()))]
        assert [(await stream.first())[0] for stream in streams] == [200, 200]
        assert await _refusal(Stream(app, user, path_of(uuid4()))) == (429, "too_many_streams", 10)
        streams.append(Stream(app, other, path_of(uuid4())))
        assert (await streams[-1].first())[0] == 200
        assert await _refusal(Stream(app, User(issuer), path_of(uuid4()))) == (503, None, 10)
        # Closing a stream frees its slot.
        await streams.pop(0).close()
        streams.append(Stream(app, user, path_of(uuid4())))
        assert (await streams[-1].first())[0] == 200
        for stream in streams:
            await stream.close()


async def _listeners(postgres: PostgresServer) -> set[int]:
    """Return the process ids of sessions that listen to all channels, of which this one is the last.

    Only a superuser sees the statements of other roles.
    """
    superuser = await postgres.connect("results_api")
    try:
        rows = await superuser.fetch(
            "SELECT pid FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE 'LISTEN%match_views%'"
        )
    finally:
        await superuser.close()
    return {row["pid"] for row in rows}


async def test_concurrent_reads_of_streams_are_limited(
    results_database: Database,
    postgres: PostgresServer,
    kafka_bootstrap: str,
    jwks_url: str,
    fake_request_api: FakeSlowRequestApi,
    user: User,
) -> None:
    pool, before = {"database_pool_size": 8}, await _listeners(postgres)
    async with _app(results_database, kafka_bootstrap, jwks_url, fake_request_api, **pool) as app:
        # A new connection wakes all streams once.
        await eventually(lambda: _listeners(postgres), until=lambda current: bool(current - before))
        analysis_id = uuid4()
        streams = [Stream(app, user, path_of(analysis_id)) for _ in range(20)]
        for stream in streams:
            assert (await stream.first())[0] == 200
        # Opening a stream reads like any other request, and its first event needs no further read.
        assert fake_request_api.requests == len(streams)
        fake_request_api.requests = fake_request_api.max_open = 0
        await results_database.fetch("SELECT pg_notify('analysis_views', $1)", str(analysis_id))
        await eventually(fake_request_api.count, until=lambda requests: requests >= len(streams))
        assert fake_request_api.max_open == 2
        for stream in streams:
            await stream.close()


ADD_MATCHES = """
    INSERT INTO match_views (match_id, job_id, job_version, resume_id, resume_version, candidate_id,
        candidate_name, file_name, requested_by, status, version, requested_at)
    SELECT gen_random_uuid(), $1, 1, gen_random_uuid(), 1, gen_random_uuid(), '', '', $2, 'pending', 1, now()
    FROM generate_series(1, 3)
"""
FAIL_MATCHES = "UPDATE match_views SET status = 'failed', version = 2 WHERE job_id = $1"


async def test_progress_of_matches_is_told_and_resumed(
    results_database: Database, kafka_bootstrap: str, jwks_url: str, user: User, other: User
) -> None:
    job_id = uuid4()
    job = {"id": str(job_id), "version": 1, "title": "Engineer", "language": None, "requirements": []}
    path = f"/api/v1/jobs/{job_id}/matches/events"
    async with _app(results_database, kafka_bootstrap, jwks_url, lambda _path, _headers: (200, job)) as app:
        stream, apart = Stream(app, user, path), Stream(app, other, path)
        assert "event: progress" in await stream.body(until="id: 1.0.0.0.0.0")
        await apart.body(until="id: 1.0.0.0.0.0")
        await results_database.fetch(ADD_MATCHES, job_id, user.id)
        assert '"pending":3' in await stream.body(until="id: 1.3.0.0.0.0")

        resumed = Stream(app, user, path, last_event_id="1.3.0.0.0.0")
        await results_database.fetch(FAIL_MATCHES, job_id)
        told = await resumed.body(until="id: 1.0.0.3.0.0")
        assert "id: 1.3.0.0.0.0" not in told
        # The three changes are one event, and another user is told of none.
        assert (await stream.body(until="id: 1.0.0.3.0.0")).count("event: progress") == 3
        assert (await apart.body(until="event")).count("event: progress") == 1
        for each in (stream, resumed, apart):
            await each.close()
