"""Each documented operation reaches its service through the gateway, and nothing else does."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
import pytest_asyncio
from local_stack.gateway.config import GatewayConfig
from local_stack.gateway.envoy import Envoy
from local_stack.paths import ENVOY_TEMPLATE
from local_stack.ports import free_ports

from tests.integration.authorization.expectations import OPEN_ROUTES
from tests.support.auth.bad_tokens import bad_tokens
from tests.support.auth.tokens import AUDIENCE, ISSUER, FakeIssuer, bearer
from tests.support.fakes.http_server import fake_http_server
from tests.support.http.operations import SERVICES, Operation, operations
from tests.support.http.routes import all_routes

# Signed by the issuer for us, and of no user: that only a service can tell.
ONLY_A_SERVICE_CAN_TELL = {"without a subject", "subject is not a user id"}

LEGACY = [
    ("POST", "/api/v1/auth/login"),
    ("POST", "/api/v1/auth/refresh"),
    ("GET", "/api/v1/auth/me"),
    ("GET", "/api/v1/admin/users"),
    ("DELETE", "/api/v1/admin/users/1"),
    ("GET", "/api/v1/profile"),
    ("PUT", "/api/v1/profile/password"),
]

NOWHERE = [
    "/",
    "/docs",
    "/openapi.json",
    "/health/live",
    "/health/ready",
    "/health/serving",
    "/metrics",
    "/api/v1",
    "/api/v1/users",
    "/api/v2/candidates",
    "/api/v1/candidatesque",
    "/api/v1/jobsque",
    "/api/v1/resume_uploads",
    "/api/v1/analysis2/",
    "/consoles",
    "/api/v1/authority",
    "/API/V1/candidates",
    "/api/v1/candidates/../../../health/ready",
    "/api/v1/auth/../../../openapi.json",
]


@dataclass(slots=True)
class Routed:
    """A gateway in front of three fake services, and the requests that reached each."""

    url: str
    issuer: FakeIssuer
    reached: dict[str, list[tuple[str, str]]] = field(
        default_factory=lambda: {name: [] for name in (*SERVICES, "legacy")}
    )

    def take(self) -> list[tuple[str, str, str]]:
        """Return service, method and path of the requests since the last call."""
        seen = [(name, *one) for name, them in self.reached.items() for one in them]
        for them in self.reached.values():
            them.clear()
        return seen


@contextmanager
def before_played_services(**settings: Any) -> Iterator[tuple[Routed, GatewayConfig]]:
    """Yield a gateway to start, whose fake services echo the headers in lower case."""
    issuer, (port, admin_port) = FakeIssuer(), free_ports(2)
    found = Routed(url=f"http://127.0.0.1:{port}", issuer=issuer)

    def mirror(name: str, path: str, headers: Mapping[str, str]) -> tuple[int, object]:
        found.reached[name].append((headers[":method"], path))
        return 200, {key.lower(): value for key, value in headers.items()}

    with ExitStack() as servers:

        def port_of(name: str) -> int:
            url = servers.enter_context(fake_http_server(lambda path, headers: mirror(name, path, headers)))
            return httpx2.URL(url).port or 0

        gateway = GatewayConfig(
            port=port,
            admin_port=admin_port,
            request_api_port=port_of("request-api"),
            results_api_port=port_of("results-api"),
            legacy=f"127.0.0.1:{port_of('legacy')}",
            jwks_url=servers.enter_context(fake_http_server(lambda _path, _headers: (200, issuer.jwks())))
            + "/jwks",
            jwt_issuer=ISSUER,
            jwt_audience=AUDIENCE,
            **settings,
        )
        yield found, gateway


@pytest_asyncio.fixture(scope="module")
async def routed(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Routed]:
    with before_played_services(rate_burst=10_000) as (found, gateway):
        folder = tmp_path_factory.mktemp("routes")
        async with Envoy(template=ENVOY_TEMPLATE, gateway=gateway, data_dir=folder):
            yield found


@pytest_asyncio.fixture
async def http(routed: Routed) -> AsyncIterator[httpx2.AsyncClient]:
    routed.take()
    async with httpx2.AsyncClient(base_url=routed.url, trust_env=False) as client:
        yield client


def address(operation: Operation) -> str:
    return operation.address({name: str(uuid4()) for name in operation.ids})


async def test_each_route_reaches_its_service(http: httpx2.AsyncClient, routed: Routed) -> None:
    """Undocumented paths are included: paths of collections work with and without a trailing slash."""
    headers = bearer(routed.issuer.token(uuid4()))
    routes = [route for route in all_routes() if route[2] not in OPEN_ROUTES]
    assert len(routes) > len(operations())
    for service, method, pattern in routes:
        path = address(Operation(service=service, method=method, path=pattern)) + "?page=1"
        answer = await http.request(method, path, headers=headers)
        assert (answer.status_code, routed.take()) == (200, [(service, method, path)])


@pytest.mark.parametrize("path", ["/api/v1/jobs", "/api/v1/jobs/"])
async def test_job_may_be_a_file_or_json_of_128_kb(
    http: httpx2.AsyncClient, routed: Routed, path: str
) -> None:
    headers = bearer(routed.issuer.token(uuid4()))
    json = {**headers, "Content-Type": "application/json"}
    form = {**headers, "Content-Type": "Multipart/Form-Data; boundary=x"}
    for sent, size, status in ((json, 128, 200), (json, 129, 413), (form, 500, 200)):
        answer = await http.post(path, content=b"a" * size * 1024, headers=sent)
        assert answer.status_code == status, (sent, size)
        assert routed.take() == ([("request-api", "POST", path)] if status == 200 else [])
    answer = await http.put(f"{path.rstrip('/')}/1", content=b"a" * 129 * 1024, headers=form)
    assert (answer.status_code, "jobs of at most 128 kB" in answer.json()["detail"]) == (413, True)


@pytest.mark.parametrize("operation", [one for one in operations() if one.needs_token], ids=str)
async def test_bad_tokens_reach_no_service(
    http: httpx2.AsyncClient, routed: Routed, operation: Operation
) -> None:
    for wrong, headers in bad_tokens(routed.issuer).items():
        answer = await http.request(operation.method, address(operation), headers=headers)
        if wrong in ONLY_A_SERVICE_CAN_TELL:
            assert [one[0] for one in routed.take()] == [operation.service], wrong
            continue
        assert answer.status_code == 401, wrong
        assert answer.headers["content-type"] == "application/problem+json", wrong
        assert answer.headers["www-authenticate"].startswith("Bearer"), wrong
        assert answer.json()["detail"] == "The bearer token is missing, expired or not valid.", wrong
        assert routed.take() == [], wrong


@pytest.mark.parametrize("operation", [one for one in operations() if not one.needs_token], ids=str)
async def test_invalid_token_is_ignored_on_open_routes(
    http: httpx2.AsyncClient, routed: Routed, operation: Operation
) -> None:
    path = address(operation)
    for wrong, headers in bad_tokens(routed.issuer).items():
        answer = await http.request(operation.method, path, headers=headers)
        assert (answer.status_code, routed.take()) == (200, [(operation.service, operation.method, path)]), (
            wrong
        )


async def test_console_needs_no_token(http: httpx2.AsyncClient, routed: Routed) -> None:
    for path in ("/console", "/console/", "/console/views/analysis.js"):
        assert (await http.get(path)).status_code == 200
        assert routed.take() == [("results-api", "GET", path)]


@pytest.mark.parametrize(("method", "path"), LEGACY)
async def test_legacy_paths_reach_the_legacy_backend(
    http: httpx2.AsyncClient, routed: Routed, method: str, path: str
) -> None:
    await http.request(method, path, headers=bearer(routed.issuer.token(uuid4())))
    assert routed.take() == [("legacy", method, path)]
    without = await http.request(method, path)
    # How one comes by a token needs none.
    assert without.status_code == (200 if "/auth/" in path else 401)


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_unknown_paths_reach_no_service(http: httpx2.AsyncClient, routed: Routed, method: str) -> None:
    for path in NOWHERE:
        # As it is written: a client would tidy the path up before it sends it.
        url = httpx2.URL(routed.url).copy_with(raw_path=path.encode())
        answer = await http.request(method, url, headers=bearer(routed.issuer.token(uuid4())))
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json"), path
        assert routed.take() == []


async def test_auth_prefix_bypasses_no_token_check(http: httpx2.AsyncClient, routed: Routed) -> None:
    for path in (
        "/api/v1/auth/../candidates",
        "/api/v1/auth/%2e%2e/candidates",
        "/api/v1/auth/..%2fcandidates",
        "/api/v1/auth//..//candidates",
        "/health/../api/v1/candidates",
        "/console/../api/v1/candidates",
        "/console/%2e%2e/api/v1/candidates",
        "/api/v1/auth/..%5ccandidates",
    ):
        url = httpx2.URL(routed.url).copy_with(raw_path=path.encode())
        await http.get(url)
        assert [one for one in routed.take() if one[0] in SERVICES] == [], path


@pytest.mark.parametrize("method", sorted({operation.method for operation in operations()}))
async def test_cors_allows_every_documented_method(http: httpx2.AsyncClient, method: str) -> None:
    answer = await http.options(
        f"/api/v1/resume_upload/{uuid4()}",
        headers={
            "Origin": "http://localhost:3000",
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "authorization,if-none-match,last-event-id",
        },
    )
    assert answer.status_code == 200
    assert method in answer.headers["access-control-allow-methods"]
    allowed = answer.headers["access-control-allow-headers"]
    assert {"authorization", "if-none-match", "last-event-id"} <= set(allowed.split(", "))


@pytest.mark.parametrize("origin", ["http://localhost:3000", "http://evil.example"])
async def test_preflights_reach_no_service(http: httpx2.AsyncClient, routed: Routed, origin: str) -> None:
    headers = {"Origin": origin, "Access-Control-Request-Method": "DELETE"}
    addresses = [address(operation) for operation in operations()] + [path for _, path in LEGACY]
    for path in (*addresses, "/api/v1/nowhere"):
        answer = await http.options(path, headers=headers)
        assert answer.status_code == 200, path
        allowed = answer.headers.get("access-control-allow-origin")
        assert allowed == (origin if "localhost" in origin else None), path
    # Without what makes it a preflight it is a request like any other.
    for path in ("/api/v1/admin/users", "/api/v1/candidates"):
        assert (await http.options(path, headers={"Origin": origin})).status_code == 401
    assert routed.take() == []


async def test_every_answer_has_nosniff(http: httpx2.AsyncClient, routed: Routed) -> None:
    good = bearer(routed.issuer.token(uuid4()))
    preflight = {"Origin": "http://localhost:3000", "Access-Control-Request-Method": "GET"}
    for method, path, headers, status in (
        ("GET", "/api/v1/candidates", good, 200),
        ("GET", "/health", {}, 200),
        ("OPTIONS", "/api/v1/candidates", preflight, 200),
        ("GET", "/api/v1/candidates%2Fa", good, 400),
        ("GET", "/health", {"a_b": "c"}, 400),
        ("GET", "/api/v1/candidates", {}, 401),
        ("GET", "/nowhere", good, 404),
        ("POST", "/api/v1/candidates", good, 413),
        ("GET", "/health", {"a": "b" * 70_000}, 431),
    ):
        answer = await http.request(
            method, path, headers=headers, content=b"a" * 70_000 if status == 413 else None
        )
        assert answer.status_code == status, (method, path)
        assert answer.headers.get_list("x-content-type-options") == ["nosniff"], (method, path)


async def _check_a_browser_may_read(routed: Routed) -> None:
    origin = {"Origin": "http://localhost:3000"}
    good = bearer(routed.issuer.token(uuid4()))
    async with httpx2.AsyncClient(base_url=routed.url, trust_env=False) as http:
        for method, path, headers, status in (
            ("GET", "/api/v1/candidates", {}, 401),
            *((method, path, good, 404) for path in NOWHERE[:7] for method in ("GET", "POST", "PUT")),
            ("POST", "/api/v1/candidates", good, 413),
        ):
            content = b"a" * 70_000 if status == 413 else None
            answer = await http.request(method, path, headers=origin | headers, content=content)
            assert answer.status_code == status, (method, path)
            assert answer.headers["access-control-allow-origin"] == origin["Origin"], (method, path)
            assert "etag" in answer.headers["access-control-expose-headers"], (method, path)
            assert answer.headers["content-type"] == "application/problem+json", (method, path)
        # Refused before there is a route, of which CORS is a part.
        for path, headers, status in (
            ("/api/v1/candidates%2Fa", good, 400),
            ("/api/v1/candidates", good | {"a_b": "c"}, 400),
            ("/api/v1/candidates", good | {"a": "b" * 70_000}, 431),
        ):
            answer = await http.get(path, headers=origin | headers)
            assert answer.status_code == status, path
            assert answer.headers["access-control-allow-origin"] == "*", path


async def test_browser_can_read_refusals(routed: Routed) -> None:
    await _check_a_browser_may_read(routed)


async def test_browser_can_read_refusals_without_the_legacy_backend(tmp_path: Path) -> None:
    with before_played_services() as (found, gateway):
        alone = replace(gateway, legacy=None)
        async with Envoy(template=ENVOY_TEMPLATE, gateway=alone, data_dir=tmp_path):
            await _check_a_browser_may_read(found)
            async with httpx2.AsyncClient(base_url=found.url, trust_env=False) as http:
                login = await http.post("/api/v1/auth/login", headers={"Origin": "http://localhost:3000"})
    assert (login.status_code, login.headers["retry-after"]) == (503, "2")
    assert login.headers["access-control-allow-origin"] == "http://localhost:3000"
