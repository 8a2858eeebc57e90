"""Real Envoy, configured as Envoy Gateway translates the Helm chart: what it lets through, what not.

Where it answers otherwise than the local gateway stands in the chart's README.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest
import pytest_asyncio

from tests.integration.local_stack.test_gateway import FORGED, SECRET, shared_secret_token
from tests.integration.local_stack.test_gateway_routes import (
    LEGACY,
    NOWHERE,
    Routed,
    address,
    before_played_services,
)
from tests.k8s.tools import ENVOY_GATEWAY, HELM, TOOLS
from tests.support.envoy_gateway import ORIGIN, TranslatedEnvoy
from tests.support.http import bearer
from tests.support.operations import SERVICES, operations

BURST = 40

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


async def test_each_route_reaches_the_service_that_has_it(http: httpx2.AsyncClient, routed: Routed) -> None:
    for operation in operations():
        path = address(operation)
        answer = await http.request(operation.method, path, headers=bearer(shared_secret_token()))
        assert answer.status_code == 200, (operation, answer.text)
        assert routed.take() == [(operation.service, operation.method, path)]
    for method, path in LEGACY:
        await http.request(method, path, headers=bearer(shared_secret_token()))
        assert routed.take() == [("legacy", method, path)]


async def test_nothing_else_reaches_anybody(http: httpx2.AsyncClient, routed: Routed) -> None:
    for path in NOWHERE:
        url = httpx2.URL(routed.url).copy_with(raw_path=path.encode())
        answer = await http.get(url, headers=bearer(shared_secret_token()))
        assert answer.status_code in (400, 404), path
        assert routed.take() == [], path


async def test_bad_tokens_reach_no_service(http: httpx2.AsyncClient, routed: Routed) -> None:
    bad = ("", "no-token", shared_secret_token(secret="another secret of the same length.."))
    for operation in operations():
        for token in bad:
            headers = bearer(token) if token else {}
            answer = await http.request(operation.method, address(operation), headers=headers)
            assert (answer.status_code, answer.json()["status"]) == (401, 401)
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["www-authenticate"] == "Bearer"
    assert [one for one in routed.take() if one[0] in SERVICES] == []


async def test_nobody_is_believed_about_who_calls(http: httpx2.AsyncClient) -> None:
    user = uuid4()
    token = shared_secret_token(user_id=user)
    seen = (await http.get("/api/v1/candidates", headers=FORGED | bearer(token))).json()
    assert seen["x-user-id"] == str(user)
    assert seen["x-request-id"] != "forged"
    assert not (set(map(str.lower, FORGED)) - {"x-user-id", "x-request-id"}) & set(seen)


async def test_who_asks_too_often_waits_and_nobody_else(http: httpx2.AsyncClient) -> None:
    hasty, other = shared_secret_token(), shared_secret_token()
    answers = [await http.get("/api/v1/candidates", headers=bearer(hasty)) for _ in range(3 * BURST)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert refused[0].headers["retry-after"] == "1"
    assert refused[0].json()["title"] == "Too Many Requests"
    assert (await http.get("/api/v1/candidates", headers=bearer(other))).status_code == 200


async def test_bodies_over_the_limit_never_reach_a_service(http: httpx2.AsyncClient, routed: Routed) -> None:
    headers = bearer(shared_secret_token())
    upload = f"/api/v1/resume_upload/candidates/{uuid4()}/resumes"
    for path, most in (("/api/v1/candidates", 65_536), (upload, 31_981_568)):
        assert (await http.post(path, content=bytes(most), headers=headers)).status_code == 200
        routed.take()
        answer = await http.post(path, content=bytes(most + 1), headers=headers)
        assert (answer.status_code, answer.json()["title"]) == (413, "Content Too Large")
        assert routed.take() == []


async def test_a_browser_may_ask_and_read_why_it_was_refused(http: httpx2.AsyncClient) -> None:
    preflight = {"Origin": ORIGIN, "Access-Control-Request-Method": "DELETE"}
    allowed = await http.options("/api/v1/candidates", headers=preflight)
    assert allowed.headers["access-control-allow-origin"] == ORIGIN
    elsewhere = await http.options(
        "/api/v1/candidates", headers=preflight | {"Origin": "http://evil.example"}
    )
    assert "access-control-allow-origin" not in elsewhere.headers
    refused = await http.get("/api/v1/candidates", headers={"Origin": ORIGIN})
    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (401, "*")
