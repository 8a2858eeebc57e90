"""The routes and limits of a real Envoy, configured as Envoy Gateway translates the Helm chart.

The chart's README lists the differences from the local gateway.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest
import pytest_asyncio

from tests.integration.local_stack.test_gateway import FORGED, SECRET, shared_secret_token
from tests.integration.local_stack.test_gateway_floods import Attacker
from tests.integration.local_stack.test_gateway_routes import (
    LEGACY,
    NOWHERE,
    Routed,
    address,
    before_played_services,
)
from tests.integration.local_stack.test_gateway_timeouts import (
    ask_all,
    before_silent_services,
    check_is_ours,
    contents,
)
from tests.support.auth.tokens import bearer
from tests.support.http.operations import SERVICES, operations
from tests.support.http.raw_request import raw_request
from tests.support.stacks.envoy_gateway import ORIGIN, TranslatedEnvoy
from tools.k8s.programs import ENVOY_GATEWAY, HELM, TOOLS

BURST = 40
UPLOAD = f"/api/v1/resume_upload/candidates/{uuid4()}/resumes"

pytestmark = pytest.mark.skipif(
    not all((TOOLS / name).exists() for name in (f"helm-{HELM}", f"egctl-{ENVOY_GATEWAY}")),
    reason="Envoy Gateway's translator is not here: make k8s-check ARGS=--translate builds it",
)


@pytest_asyncio.fixture(scope="module")
async def routed(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Routed]:
    with before_played_services(shared_secret=SECRET, rate_burst=BURST) as (found, gateway):
        folder: Path = tmp_path_factory.mktemp("kubernetes")
        async with TranslatedEnvoy(template=folder, gateway=gateway, data_dir=folder):
            yield found


@pytest_asyncio.fixture
async def http(routed: Routed) -> AsyncIterator[httpx2.AsyncClient]:
    routed.take()
    async with httpx2.AsyncClient(base_url=routed.url, trust_env=False) as client:
        yield client


async def test_each_route_reaches_its_service(http: httpx2.AsyncClient, routed: Routed) -> None:
    for operation in operations():
        path = address(operation)
        answer = await http.request(operation.method, path, headers=bearer(shared_secret_token()))
        assert answer.status_code == 200, (operation, answer.text)
        assert routed.take() == [(operation.service, operation.method, path)]
    for method, path in LEGACY:
        await http.request(method, path, headers=bearer(shared_secret_token()))
        assert routed.take() == [("legacy", method, path)]


async def test_unknown_paths_reach_no_service(http: httpx2.AsyncClient, routed: Routed) -> None:
    for path in NOWHERE:
        url = httpx2.URL(routed.url).copy_with(raw_path=path.encode())
        answer = await http.get(url, headers=bearer(shared_secret_token()))
        assert answer.status_code in (400, 404), path
        assert routed.take() == [], path


async def test_bad_tokens_reach_no_service(http: httpx2.AsyncClient, routed: Routed) -> None:
    bad = ("", "no-token", shared_secret_token(secret="another secret of the same length.."))
    for operation in (one for one in operations() if one.needs_token):
        for token in bad:
            headers = bearer(token) if token else {}
            answer = await http.request(operation.method, address(operation), headers=headers)
            assert (answer.status_code, answer.json()["status"]) == (401, 401)
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["www-authenticate"] == "Bearer"
    assert [one for one in routed.take() if one[0] in SERVICES] == []


async def test_invalid_token_is_ignored_on_open_routes(http: httpx2.AsyncClient) -> None:
    for operation in (one for one in operations() if not one.needs_token):
        for headers in ({}, bearer("no-token")):
            assert (
                await http.request(operation.method, address(operation), headers=headers)
            ).status_code == 200


async def test_identity_headers_from_callers_are_removed(http: httpx2.AsyncClient) -> None:
    user = uuid4()
    token = shared_secret_token(user_id=user)
    seen = (await http.get("/api/v1/candidates", headers=FORGED | bearer(token))).json()
    assert seen["x-user-id"] == str(user)
    assert seen["x-request-id"] != "forged"
    assert not (set(map(str.lower, FORGED)) - {"x-user-id", "x-request-id"}) & set(seen)


async def test_rate_limit_affects_only_its_user(http: httpx2.AsyncClient) -> None:
    hasty, other = shared_secret_token(), shared_secret_token()
    answers = [await http.get("/api/v1/candidates", headers=bearer(hasty)) for _ in range(3 * BURST)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert refused[0].headers["retry-after"] == "1"
    assert refused[0].json()["title"] == "Too Many Requests"
    assert (await http.get("/api/v1/candidates", headers=bearer(other))).status_code == 200


async def test_oversized_bodies_never_reach_a_service(http: httpx2.AsyncClient, routed: Routed) -> None:
    headers = bearer(shared_secret_token())
    assert (await http.post("/api/v1/candidates", content=bytes(65_536), headers=headers)).status_code == 200
    routed.take()
    answer = await http.post("/api/v1/candidates", content=bytes(65_537), headers=headers)
    assert (answer.status_code, answer.json()["title"]) == (413, "Content Too Large")
    attacker = Attacker(routed.url)
    for path, length in ((UPLOAD, 100_000_000), ("/api/v1/auth/login", 100_000)):
        head = raw_request("POST", path, token=shared_secret_token(), headers=[f"content-length: {length}"])
        assert await attacker.ask(head) == 413
    attacker.close()
    assert routed.take() == []


async def test_uploads_and_logins_are_streamed(http: httpx2.AsyncClient, routed: Routed) -> None:
    attacker = Attacker(routed.url)
    head = raw_request("POST", UPLOAD, token=shared_secret_token(), headers=["content-length: 29000000"])
    upload = await attacker.open(head)
    upload.writer.write(b"a" * 28_999_999)
    async with asyncio.timeout(20):
        await upload.writer.drain()
    upload.writer.write(b"a")
    assert await upload.status() == 200
    began = time.monotonic()
    login = await attacker.open(raw_request("POST", "/api/v1/auth/login", headers=["content-length: 9"]))
    assert await login.status() == 408
    assert time.monotonic() - began < 12
    attacker.close()


@pytest.mark.parametrize("how", ["hangs", "refuses connections", "drops packets"])
async def test_every_request_is_answered_in_time(tmp_path: Path, how: str) -> None:
    with before_silent_services(how, shared_secret=SECRET) as (_, gateway):
        async with TranslatedEnvoy(template=tmp_path, gateway=gateway, data_dir=tmp_path):
            answers = await ask_all(gateway.port, contents(shared_secret_token))
    for what, answer in answers.items():
        check_is_ours(answer, what, allowed="*")


async def test_connection_of_a_refused_request_is_closed(routed: Routed) -> None:
    attacker = Attacker(routed.url)
    refused = {
        401: raw_request("GET", "/api/v1/candidates", token="forged"),
        404: raw_request("GET", "/nowhere", token=shared_secret_token()),
    }
    for status, content in refused.items():
        one = await attacker.open(content)
        assert await one.status() == status
        async with asyncio.timeout(3):
            assert await one.closed()
    attacker.close()


@pytest.mark.parametrize("scheme", ["bearer", "BEARER"])
async def test_authorization_scheme_is_case_insensitive(http: httpx2.AsyncClient, scheme: str) -> None:
    headers = {"Authorization": f"{scheme} {shared_secret_token()}"}
    assert (await http.get("/api/v1/candidates", headers=headers)).status_code == 200


@pytest.mark.parametrize("origin", [ORIGIN, "http://evil.example"])
async def test_preflights_reach_no_service(http: httpx2.AsyncClient, routed: Routed, origin: str) -> None:
    headers = {"Origin": origin, "Access-Control-Request-Method": "DELETE"}
    paths = [address(operation) for operation in operations()] + [path for _, path in LEGACY]
    for path in (*paths, "/api/v1/nowhere"):
        answer = await http.options(path, headers=headers)
        allowed = answer.headers.get("access-control-allow-origin")
        assert (answer.status_code, allowed) == (200, ORIGIN if origin == ORIGIN else None), path
    assert routed.take() == []


async def test_every_answer_has_nosniff(http: httpx2.AsyncClient) -> None:
    good = bearer(shared_secret_token())
    for path, headers, status in (
        ("/api/v1/candidates", good, 200),
        ("/health", {}, 200),
        ("/api/v1/candidates", {}, 401),
        ("/nowhere", good, 404),
    ):
        answer = await http.get(path, headers=headers)
        assert answer.status_code == status, path
        assert answer.headers.get_list("x-content-type-options") == ["nosniff"], path


async def test_browser_can_read_the_reason_of_a_refusal(http: httpx2.AsyncClient) -> None:
    preflight = {"Origin": ORIGIN, "Access-Control-Request-Method": "DELETE"}
    allowed = await http.options("/api/v1/candidates", headers=preflight)
    assert allowed.headers["access-control-allow-origin"] == ORIGIN
    elsewhere = await http.options(
        "/api/v1/candidates", headers=preflight | {"Origin": "http://evil.example"}
    )
    assert "access-control-allow-origin" not in elsewhere.headers
    refused = await http.get("/api/v1/candidates", headers={"Origin": ORIGIN})
    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (401, "*")
    nowhere = await http.get("/nowhere", headers={"Origin": ORIGIN} | bearer(shared_secret_token()))
    assert (nowhere.status_code, nowhere.headers["access-control-allow-origin"]) == (404, "*")
