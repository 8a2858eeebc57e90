"""Whoever has no good token gets the same 401 from every operation, and leaves no trace."""

from typing import Any

import httpx2
import pytest

from tests.integration.callers.expectations import OPEN_ROUTES, expectation_of
from tests.integration.callers.world import Servers, World
from tests.support.auth.bad_tokens import bad_tokens
from tests.support.http.operations import Operation, operations
from tests.support.http.routes import all_routes

REFUSED = {
    "type": "about:blank",
    "title": "Unauthorized",
    "status": 401,
    "detail": "The bearer token is missing, expired or not valid.",
}
# A body that is wrong must not be looked at before the token is.
_BROKEN: dict[str, Any] = {"content": b"{", "headers": {"content-type": "application/json"}}


def check_refused(answer: httpx2.Response, what: str) -> None:
    assert answer.status_code == 401, what
    assert answer.headers["content-type"] == "application/problem+json", what
    assert answer.headers["www-authenticate"].startswith("Bearer"), what
    assert answer.json() == REFUSED, what


@pytest.mark.parametrize("operation", [one for one in operations() if one.needs_token], ids=str)
async def test_bad_tokens_are_refused_and_leave_no_trace(
    servers: Servers, untouched: dict[bool, World], operation: Operation
) -> None:
    expected = expectation_of(operation)
    api, address = servers.apis[operation.service], operation.address(untouched[expected.running].ids)
    before = await servers.contents()
    for wrong, headers in bad_tokens(servers.issuer).items():
        for sends in (expected.sends, _BROKEN):
            answer = await api.request(
                operation.method, address, **{**sends, "headers": {**sends.get("headers", {}), **headers}}
            )
            check_refused(answer, f"{operation} with {wrong}")
    assert await servers.contents() == before


@pytest.mark.parametrize("operation", [one for one in operations() if not one.needs_token], ids=str)
async def test_where_no_token_is_needed_a_bad_one_changes_nothing(
    servers: Servers, untouched: dict[bool, World], operation: Operation
) -> None:
    api, address = servers.apis[operation.service], operation.address(untouched[False].ids)
    good = await api.request(operation.method, address, headers=untouched[False].people["owner"].headers)
    assert good.status_code == 200
    before = await servers.contents()
    for wrong, headers in bad_tokens(servers.issuer).items():
        answer = await api.request(operation.method, address, headers=headers)
        assert (answer.status_code, answer.json()) == (200, good.json()), f"{operation} with {wrong}"
    assert await servers.contents() == before


async def test_the_other_spelling_of_a_collection_is_refused_too(servers: Servers) -> None:
    documented = {(operation.service, operation.method, operation.path) for operation in operations()}
    hidden = [route for route in all_routes() if route not in documented and route[2] not in OPEN_ROUTES]
    assert hidden
    for service, method, path in hidden:
        check_refused(await servers.apis[service].request(method, path), f"{method} {path}")
