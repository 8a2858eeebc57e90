"""Uploads refused while the client still sends: over HTTP/1.1 through the gateway, it sees the reason."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio
from fastapi import FastAPI
from local_stack.gateway.config import GatewayConfig
from local_stack.gateway.envoy import Envoy
from local_stack.paths import ENVOY_TEMPLATE
from local_stack.ports import free_ports

from tests.integration.conftest import User
from tests.integration.local_stack.test_gateway_streams import serving
from tests.integration.request_api.calls import new_candidate, upload
from tests.integration.request_api.conftest import MakeApp
from tests.integration.request_api.uploads.upload_sender import unfinished_upload
from tests.support import files
from tests.support.auth.tokens import AUDIENCE, ISSUER, FakeIssuer
from tests.support.http.raw_request import raw_request

LARGE = b"%PDF-1.7" + bytes(29_000_000)


@pytest.fixture
def app(make_app: MakeApp) -> FastAPI:
    return make_app(uploads=2, uploads_per_user=1)


@pytest_asyncio.fixture
async def gateway(app: FastAPI, tmp_path: Path, jwks_url: str) -> AsyncIterator[str]:
    """Return the address of a gateway in front of request-api."""
    port, admin_port = free_ports(2)
    async with (
        serving(app) as service_port,
        Envoy(
            template=ENVOY_TEMPLATE,
            gateway=GatewayConfig(
                port=port,
                admin_port=admin_port,
                request_api_port=service_port,
                results_api_port=service_port,
                jwks_url=jwks_url,
                jwt_issuer=ISSUER,
                jwt_audience=AUDIENCE,
            ),
            data_dir=tmp_path,
        ) as envoy,
    ):
        yield envoy.url


@asynccontextmanager
async def _client(gateway: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=gateway, timeout=15, trust_env=False) as client:
        yield client


async def test_client_sees_why_a_large_file_is_refused(
    app: FastAPI, gateway: str, issuer: FakeIssuer, user: User, other: User
) -> None:
    async with _client(gateway) as http:
        one, two = await new_candidate(http, user), await new_candidate(http, other)
        async with unfinished_upload(app, user, one):
            answer = await upload(http, user, one, LARGE)
            assert answer.http_version == "HTTP/1.1"
            assert (answer.status_code, answer.json()["code"]) == (429, "too_many_uploads")
            assert answer.json()["detail"].startswith("You are uploading too many files at once")
            async with unfinished_upload(app, other, two):
                answer = await upload(http, User(issuer), two, LARGE)
                assert (answer.status_code, answer.json()["code"]) == (503, "uploads_busy")
        answer = await upload(http, user, one, LARGE + bytes(20_000_000))
        assert (answer.status_code, answer.json()["title"]) == (413, "Content Too Large")


async def test_missing_rest_of_a_refused_upload_is_not_awaited_for_long(
    app: FastAPI, gateway: str, user: User
) -> None:
    async with _client(gateway) as http:
        candidate_id = await new_candidate(http, user)

        head = raw_request(
            "POST",
            f"/api/v1/resume_upload/candidates/{candidate_id}/resumes",
            headers=[
                f"authorization: {user.headers['Authorization']}",
                "content-type: multipart/form-data; boundary=x",
                "content-length: 29000000",
            ],
        )
        async with unfinished_upload(app, user, candidate_id):
            began = time.monotonic()
            reader, writer = await asyncio.open_connection(http.base_url.host, http.base_url.port)
            writer.write(head.encode() + bytes(1_000_000))
            try:
                assert (await reader.readline()).split()[1] == b"429"
            finally:
                writer.close()
            # 4 s for a slot, and 3 s for the rest.
            assert 6 < time.monotonic() - began < 8


async def test_uploads_sent_at_once_wait_for_slots(gateway: str, user: User) -> None:
    async with _client(gateway) as http:
        candidate_id = await new_candidate(http, user)
        answers = await asyncio.gather(
            *(upload(http, user, candidate_id, files.strong_resume_txt()) for _ in range(5))
        )
    assert [answer.status_code for answer in answers] == [201] * 5
