"""Every operation, called by its owner, by seniors and admins, by an assigned user and by a stranger."""

from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.integration.authorization.expectations import EXPECTATIONS, expectation_of
from tests.integration.authorization.scenario import CALLERS, Scenario, Servers, create_scenario
from tests.support.http.operations import Operation, operations

_OK = range(200, 300)
# An operation without a line fails in test_expectations.py with a helpful message.
_REQUESTS = [
    (operation, form)
    for operation in operations()
    if str(operation) in EXPECTATIONS
    for form in (None, *EXPECTATIONS[str(operation)].formats)
]
_DENIED = [
    (operation, form, who)
    for operation, form in _REQUESTS
    for who in CALLERS
    if EXPECTATIONS[str(operation)].status_for(who) not in _OK
]
_ALLOWED = [
    (operation, form, who)
    for operation, form in _REQUESTS
    for who in CALLERS
    if EXPECTATIONS[str(operation)].status_for(who) in _OK
]


async def call(
    servers: Servers, operation: Operation, form: str | None, scenario: Scenario, who: str, **ids: str
) -> httpx2.Response:
    # With an idempotency key, which a refused request must not store.
    headers = {**scenario.users[who].headers, "Idempotency-Key": str(uuid4())}
    return await servers.apis[operation.service].request(
        operation.method,
        operation.address({**scenario.ids, **ids}),
        headers=headers,
        **expectation_of(operation).sent_for(form, scenario.ids),
    )


def shape(answer: httpx2.Response) -> tuple[int, str | None, Any]:
    """Return everything that a caller can see of a response."""
    return answer.status_code, answer.headers.get("content-type"), answer.content


@pytest.mark.parametrize(("operation", "form", "who"), _DENIED, ids=str)
async def test_denied_caller_gets_an_error_and_changes_nothing(
    servers: Servers, shared_scenarios: dict[bool, Scenario], operation: Operation, form: str | None, who: str
) -> None:
    expected = expectation_of(operation)
    before = await servers.contents()
    answer = await call(servers, operation, form, shared_scenarios[expected.running], who)
    assert answer.status_code == expected.status_for(who), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert await servers.contents() == before


@pytest.mark.parametrize(("operation", "form", "who"), _ALLOWED, ids=str)
async def test_allowed_caller_gets_the_expected_status(
    servers: Servers, shared_scenarios: dict[bool, Scenario], operation: Operation, form: str | None, who: str
) -> None:
    expected = expectation_of(operation)
    scenario = (
        shared_scenarios[expected.running]
        if operation.method == "GET"
        else await create_scenario(servers, running=expected.running)
    )
    answer = await call(servers, operation, form, scenario, who)
    assert answer.status_code == expected.status_for(who), answer.text
    if expected.shows is not None:
        is_json = answer.headers["content-type"] == "application/json"
        body = answer.json() if is_json else answer.text
        assert expected.shows(body, scenario) == expected.is_shown_to(who)


@pytest.mark.parametrize(("operation", "form"), [one for one in _REQUESTS if one[0].ids], ids=str)
async def test_stranger_gets_the_same_answer_for_existing_and_unknown_ids(
    servers: Servers, shared_scenarios: dict[bool, Scenario], operation: Operation, form: str | None
) -> None:
    expected = expectation_of(operation)
    scenario = shared_scenarios[expected.running]
    foreign = await call(servers, operation, form, scenario, "stranger")
    unknown = await call(
        servers, operation, form, scenario, "stranger", **{name: str(uuid4()) for name in operation.ids}
    )
    assert shape(foreign) == shape(unknown)
    assert foreign.status_code == expected.stranger
    assert expected.stranger == 404 or expected.shows is not None


async def test_assigned_user_cannot_delete_a_resume(
    servers: Servers, shared_scenarios: dict[bool, Scenario]
) -> None:
    scenario = shared_scenarios[False]
    answer = await servers.apis["request-api"].delete(
        f"/api/v1/resume_upload/{scenario.ids['resume_id']}", headers=scenario.users["assigned"].headers
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "resume_not_deletable")
