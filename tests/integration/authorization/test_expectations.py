"""Every operation has an expectation, and every route belongs to an operation."""

import pytest

from tests.integration.authorization.expectations import (
    EXPECTATIONS,
    OPEN_OPERATIONS,
    OPEN_ROUTES,
    expectation_of,
)
from tests.support.http.operations import Operation, operations
from tests.support.http.routes import all_routes


@pytest.mark.parametrize("operation", operations(), ids=str)
def test_every_operation_has_an_expectation(operation: Operation) -> None:
    assert expectation_of(operation).owner


@pytest.mark.parametrize("operation", operations(), ids=str)
def test_every_format_has_an_expectation(operation: Operation) -> None:
    assert expectation_of(operation).formats == operation.formats


def test_every_expectation_belongs_to_an_operation() -> None:
    left_over = set(EXPECTATIONS) - {str(operation) for operation in operations()}
    assert not left_over, (
        f"Remove the lines of operations that no longer exist: {', '.join(sorted(left_over))}"
    )


def test_every_operation_without_token_is_listed_as_open() -> None:
    assert {str(operation) for operation in operations() if not operation.needs_token} == set(OPEN_OPERATIONS)


def test_scenarios_have_every_id_of_a_path() -> None:
    ids = {name for operation in operations() for name in operation.ids}
    assert ids <= {"candidate_id", "resume_id", "analysis_id", "job_id", "match_id"}, (
        "Add the id to the Scenario in tests/integration/authorization/scenario.py."
    )


def test_every_route_is_documented_or_listed_as_open() -> None:
    """An undocumented route would escape the tests. A trailing slash makes no other route."""
    documented = {
        (operation.service, operation.method, operation.path.rstrip("/")) for operation in operations()
    }
    routes = all_routes()
    assert {(service, method, path.rstrip("/")) for service, method, path in routes} > documented
    escaped = [
        (service, method, path)
        for service, method, path in routes
        if path not in OPEN_ROUTES and (service, method, path.rstrip("/")) not in documented
    ]
    assert not escaped, "Document these routes, or list them in OPEN_ROUTES with a reason."
