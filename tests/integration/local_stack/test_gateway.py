"""Envoy with the real configuration in front of a service that echoes requests."""

import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
import pytest_asyncio
from joserfc import jwt
from joserfc.jwk import OctKey
from local_stack import issuer as tokens
from local_stack.gateway.config import GatewayConfig
from local_stack.gateway.envoy import Envoy
from local_stack.issuer import Issuer
from local_stack.paths import ENVOY_TEMPLATE
from local_stack.ports import free_ports

from tests.support.auth.tokens import bearer
from tests.support.fakes.http_server import fake_http_server
from tests.support.polling import eventually

SECRET = "the legacy backend's secret, long"
# What only the gateway may say of a caller.
FORGED = {
    "X-User-Id": "1",
    "X-User-Role": "admin",
    "X-JWT-Payload": "e30",
    "X-Auth-Request-User": "root",
    "X-Remote-User": "root",
    "X-Forwarded-Client-Cert": "Subject=root",
    "X-Request-Id": "forged",
}
BURST = 40


def _mirror(path: str, headers: Mapping[str, str]) -> tuple[int, dict[str, object]]:
    return 200, {"path": path, "headers": {name.lower(): value for name, value in headers.items()}}


@pytest_asyncio.fixture(scope="module")
async def issuer(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Issuer]:
    (port,) = free_ports(1)
    async with Issuer(data_dir=tmp_path_factory.mktemp("issuer"), port=port) as issuer:
        yield issuer


@asynccontextmanager
async def running_gateway(folder: Path, issuer: Issuer, **values: Any) -> AsyncIterator[str]:
    """Start the gateway in front of a service that echoes requests."""
    port, admin_port = free_ports(2)
    with fake_http_server(_mirror) as upstream:
        upstream_port = httpx2.URL(upstream).port
        assert upstream_port is not None
        gateway = GatewayConfig(
            port=port,
            admin_port=admin_port,
            request_api_port=upstream_port,
            results_api_port=upstream_port,
            jwks_url=issuer.jwks_url,
            jwt_issuer=tokens.NAME,
            jwt_audience=tokens.AUDIENCE,
            shared_secret=SECRET,
            **values,
        )
        async with Envoy(template=ENVOY_TEMPLATE, gateway=gateway, data_dir=folder) as envoy:
            yield envoy.url


@pytest_asyncio.fixture(scope="module")
async def gateway(tmp_path_factory: pytest.TempPathFactory, issuer: Issuer) -> AsyncIterator[str]:
    folder = tmp_path_factory.mktemp("a folder with spaces")
    async with running_gateway(folder, issuer, rate_burst=BURST, rate_per_second=1) as url:
        yield url


@pytest_asyncio.fixture
async def http(gateway: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=gateway, trust_env=False) as client:
        yield client


def shared_secret_token(*, secret: str = SECRET, user_id: UUID | None = None) -> str:
    """Return a token like those of the legacy backend: no issuer, no audience, no role."""
    now = int(time.time())
    claims = {"sub": str(user_id or uuid4()), "email": "a@example.com", "iat": now, "exp": now + 60}
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(secret))


async def test_health_needs_no_token(http: httpx2.AsyncClient) -> None:
    answer = await http.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_both_kinds_of_tokens_pass(http: httpx2.AsyncClient, issuer: Issuer) -> None:
    for token in (issuer.token(user_id=uuid4()), shared_secret_token()):
        answer = await http.get("/api/v1/candidates", headers=bearer(token))
        assert answer.status_code == 200
        assert answer.json()["headers"]["authorization"] == f"Bearer {token}"


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "bEARER"])
async def test_authorization_scheme_is_case_insensitive(
    http: httpx2.AsyncClient, issuer: Issuer, scheme: str
) -> None:
    for token in (issuer.token(user_id=uuid4()), shared_secret_token()):
        answer = await http.get("/api/v1/candidates", headers={"Authorization": f"{scheme} {token}"})
        assert answer.status_code == 200


async def test_foreign_expired_and_forged_tokens_get_401(http: httpx2.AsyncClient, issuer: Issuer) -> None:
    for token in (
        issuer.token(audience="somebody-else"),
        issuer.token(lifetime_seconds=-3600),
        shared_secret_token(secret="another secret of the same length.."),
        "no-token",
    ):
        answer = await http.get("/api/v1/candidates", headers=bearer(token))
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json() == {
            "type": "about:blank",
            "title": "Unauthorized",
            "status": 401,
            "detail": "The bearer token is missing, expired or not valid.",
        }


async def test_identity_headers_from_callers_are_removed(http: httpx2.AsyncClient, issuer: Issuer) -> None:
    # The last would tell Envoy itself what to do.
    forged = FORGED | {"X-Envoy-Upstream-Rq-Timeout-Ms": "1"}
    answer = await http.get("/api/v1/candidates", headers=forged | bearer(issuer.token(user_id=uuid4())))
    seen = answer.json()["headers"]
    assert not set(map(str.lower, forged)) - {"x-request-id"} & set(seen)
    assert seen["x-request-id"] == answer.headers["x-request-id"] != "forged"


async def test_paths_are_normalized(http: httpx2.AsyncClient, issuer: Issuer) -> None:
    headers = bearer(issuer.token(user_id=uuid4()))
    answer = await http.get(httpx2.URL("/api/v1//analysis/./stats/summary"), headers=headers)
    assert answer.json()["path"] == "/api/v1/analysis/stats/summary"
    answer = await http.get("/api/v1/candidates%2Fa", headers=headers)
    assert (answer.status_code, answer.json()["title"]) == (400, "Bad Request")


async def test_legacy_paths_are_503_without_the_legacy_backend(http: httpx2.AsyncClient) -> None:
    answer = await http.post("/api/v1/auth/login", json={})
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert int(answer.headers["retry-after"]) > 0


async def test_rate_limit_affects_only_its_user(http: httpx2.AsyncClient, issuer: Issuer) -> None:
    headers = bearer(issuer.token(user_id=uuid4()))
    statuses: Counter[int] = Counter()
    for _ in range(BURST + 10):
        answer = await http.get("/api/v1/candidates", headers=headers)
        statuses[answer.status_code] += 1
    assert set(statuses) == {200, 429}
    assert statuses[200] >= BURST
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
    assert answer.json()["detail"] == "Too many requests at once; try again in a moment."
    other = await http.get("/api/v1/candidates", headers=bearer(issuer.token(user_id=uuid4())))
    assert other.status_code == 200


async def test_oversized_bodies_never_reach_a_service(http: httpx2.AsyncClient, issuer: Issuer) -> None:
    headers = bearer(issuer.token(user_id=uuid4()))
    answer = await http.post("/api/v1/candidates", content=b"a" * 70_000, headers=headers)
    assert (answer.status_code, answer.json()["title"]) == (413, "Content Too Large")


async def test_valid_token_gets_503_while_the_issuer_is_unavailable(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    issuer = Issuer(data_dir=tmp_path / "issuer", port=port)
    async with (
        running_gateway(tmp_path / "gateway", issuer) as url,
        httpx2.AsyncClient(base_url=url, trust_env=False) as http,
    ):

        async def ask(token: str) -> httpx2.Response:
            return await http.get("/api/v1/candidates", headers=bearer(token))

        async def passes() -> bool:
            # Each worker fetches keys of its own, and takes some of the connections.
            headers = bearer(issuer.token()) | {"Connection": "close"}
            answers = [await http.get("/api/v1/candidates", headers=headers) for _ in range(12)]
            return {answer.status_code for answer in answers} == {200}

        unknown = await ask(issuer.token())
        assert (unknown.status_code, unknown.headers["retry-after"]) == (503, "2")
        assert unknown.json()["detail"] == "Tokens cannot be checked at the moment; try again."
        # What needs no issuer to be judged is judged as always.
        assert (await ask(shared_secret_token())).status_code == 200
        for token in ("no-token", shared_secret_token(secret="another secret of the same length..")):
            assert (await ask(token)).status_code == 401
        assert (await http.get("/api/v1/candidates")).status_code == 401
        async with issuer:
            await eventually(passes)
            assert (await ask(issuer.token(audience="somebody-else"))).status_code == 401
        # Its keys are kept.
        assert await passes()


async def test_envoy_accepts_the_configuration(tmp_path: Path, issuer: Issuer) -> None:
    values = GatewayConfig(
        port=1,
        admin_port=2,
        request_api_port=3,
        results_api_port=4,
        jwks_url=issuer.jwks_url,
        jwt_issuer=tokens.NAME,
        jwt_audience=tokens.AUDIENCE,
        legacy="backend.example.com:8000",
    )
    envoy = Envoy(template=ENVOY_TEMPLATE, gateway=values, data_dir=tmp_path)
    assert await envoy.validate() == ""
