"""Every operation answers a missing or invalid token with the same 401 and changes nothing."""

from typing import Any

import httpx2
import pytest

from tests.integration.authorization.expectations import OPEN_ROUTES, expectation_of
from tests.integration.authorization.scenario import Scenario, Servers
from tests.support.auth.bad_tokens import bad_tokens
from tests.support.http.operations import Operation, operations
from tests.support.http.routes import all_routes

REFUSED = {
    "type": "about:blank",
    "title": "Unauthorized",
    "status": 401,
    "detail": "The bearer token is missing, expired or not valid.",
}
# An invalid body must not be validated before the token is verified.
_BROKEN: dict[str, Any] = {"content": b"{", "headers": {"content-type": "application/json"}}


def check_refused(answer: httpx2.Response, what: str) -> None:
    assert answer.status_code == 401, what
    assert answer.headers["content-type"] == "application/problem+json", what
    assert answer.headers["www-authenticate"].startswith("Bearer"), what
    assert answer.json() == REFUSED, what


@pytest.mark.parametrize("operation", [one for one in operations() if one.needs_token], ids=str)
async def test_invalid_tokens_are_refused_and_change_nothing(
    servers: Servers, shared_scenarios: dict[bool, Scenario], operation: Operation
) -> None:
    expected = expectation_of(operation)
    api, address = servers.apis[operation.service], operation.address(shared_scenarios[expected.running].ids)
    before = await servers.contents()
    for wrong, headers in bad_tokens(servers.issuer).items():
        for sends in (*map(expected.sent_for, (None, *expected.formats)), _BROKEN):
            answer = await api.request(
                operation.method, address, **{**sends, "headers": {**sends.get("headers", {}), **headers}}
            )
            check_refused(answer, f"{operation} with {wrong}")
    assert await servers.contents() == before


@pytest.mark.parametrize("operation", [one for one in operations() if not one.needs_token], ids=str)
async def test_invalid_token_does_not_matter_where_none_is_needed(
    servers: Servers, shared_scenarios: dict[bool, Scenario], operation: Operation
) -> None:
    api, address = servers.apis[operation.service], operation.address(shared_scenarios[False].ids)
    good = await api.request(
        operation.method, address, headers=shared_scenarios[False].users["owner"].headers
    )
    assert good.status_code == 200
    before = await servers.contents()
    for wrong, headers in bad_tokens(servers.issuer).items():
        answer = await api.request(operation.method, address, headers=headers)
        assert (answer.status_code, answer.json()) == (200, good.json()), f"{operation} with {wrong}"
    assert await servers.contents() == before


async def test_trailing_slash_variant_of_a_collection_requires_a_token(servers: Servers) -> None:
    documented = {(operation.service, operation.method, operation.path) for operation in operations()}
    hidden = [route for route in all_routes() if route not in documented and route[2] not in OPEN_ROUTES]
    assert hidden
    for service, method, path in hidden:
        check_refused(await servers.apis[service].request(method, path), f"{method} {path}")
