"""Every operation, asked for by everybody: by whoever it belongs to, by those above, by a stranger."""

from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.integration.callers.expectations import EXPECTATIONS, Expectation, expectation_of
from tests.integration.callers.world import EVERYBODY, Servers, World, create_world
from tests.support.http.operations import Operation, operations

_OK = range(200, 300)
# An operation without a line fails in test_expectations.py, with the words that help.
_DENIED = [
    (operation, who)
    for operation in operations()
    for who in EVERYBODY
    if str(operation) in EXPECTATIONS and EXPECTATIONS[str(operation)].of(who) not in _OK
]
_ALLOWED = [
    (operation, who)
    for operation in operations()
    for who in EVERYBODY
    if str(operation) in EXPECTATIONS and EXPECTATIONS[str(operation)].of(who) in _OK
]


async def ask(
    servers: Servers, operation: Operation, expected: Expectation, world: World, who: str, **ids: str
) -> httpx2.Response:
    # With a key, so that a refused request would be found by the key it leaves.
    headers = {**world.people[who].headers, "Idempotency-Key": str(uuid4())}
    return await servers.apis[operation.service].request(
        operation.method, operation.address({**world.ids, **ids}), headers=headers, **expected.sends
    )


def shape(answer: httpx2.Response) -> tuple[int, str | None, Any]:
    """All that tells one answer from another."""
    return answer.status_code, answer.headers.get("content-type"), answer.content


@pytest.mark.parametrize(("operation", "who"), _DENIED, ids=str)
async def test_whoever_may_not_is_told_so_and_leaves_no_trace(
    servers: Servers, untouched: dict[bool, World], operation: Operation, who: str
) -> None:
    expected = expectation_of(operation)
    before = await servers.contents()
    answer = await ask(servers, operation, expected, untouched[expected.running], who)
    assert answer.status_code == expected.of(who), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert await servers.contents() == before


@pytest.mark.parametrize(("operation", "who"), _ALLOWED, ids=str)
async def test_whoever_may_gets_it(
    servers: Servers, untouched: dict[bool, World], operation: Operation, who: str
) -> None:
    expected = expectation_of(operation)
    world = (
        untouched[expected.running]
        if operation.method == "GET"
        else await create_world(servers, running=expected.running)
    )
    answer = await ask(servers, operation, expected, world, who)
    assert answer.status_code == expected.of(who), answer.text
    if expected.shows is not None:
        assert expected.shows(answer.json(), world) == expected.is_shown_to(who)


@pytest.mark.parametrize("operation", [one for one in operations() if one.ids], ids=str)
async def test_to_a_stranger_what_exists_is_as_what_does_not(
    servers: Servers, untouched: dict[bool, World], operation: Operation
) -> None:
    expected = expectation_of(operation)
    world = untouched[expected.running]
    theirs = await ask(servers, operation, expected, world, "stranger")
    unknown = await ask(
        servers, operation, expected, world, "stranger", **{name: str(uuid4()) for name in operation.ids}
    )
    assert shape(theirs) == shape(unknown)
    assert theirs.status_code == expected.stranger
    assert expected.stranger == 404 or expected.shows is not None


async def test_the_assigned_may_not_delete_and_are_told_why(
    servers: Servers, untouched: dict[bool, World]
) -> None:
    world = untouched[False]
    answer = await servers.apis["request-api"].delete(
        f"/api/v1/resume_upload/{world.ids['resume_id']}", headers=world.people["assigned"].headers
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "resume_not_deletable")
