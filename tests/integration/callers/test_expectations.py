"""No operation is without an expectation, and no route without an operation."""

import pytest

from tests.integration.callers.expectations import (
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


def test_every_expectation_is_of_an_operation() -> None:
    left_over = set(EXPECTATIONS) - {str(operation) for operation in operations()}
    assert not left_over, f"These operations are gone; take their lines out: {', '.join(sorted(left_over))}"


def test_every_operation_that_needs_no_token_is_stated_as_open() -> None:
    assert {str(operation) for operation in operations() if not operation.needs_token} == set(OPEN_OPERATIONS)


def test_every_id_in_a_path_is_one_that_the_worlds_have() -> None:
    ids = {name for operation in operations() for name in operation.ids}
    assert ids <= {"candidate_id", "resume_id", "analysis_id"}, (
        "Give the World in tests/integration/callers/world.py such an id, so that somebody else's is tried."
    )


def test_every_route_is_documented_or_stated_as_open() -> None:
    """A route in no document would escape the matrix; a slash at the end makes no other one of it."""
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
    assert not escaped, "Document them, or state them in OPEN_ROUTES with a reason."
