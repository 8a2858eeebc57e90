"""Bodies are accepted exactly if the OpenAPI document allows each of their values."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx2
from jsonschema import Draft202012Validator

from tests.integration.conftest import User
from tests.support.http.operations import SERVICES, Operation, document

# Each JSON type, and values that a lenient parser would convert.
_VALUES: list[Any] = [
    *(None, True, False, 0, 1, 5, 5.0, 5.5, -1, 10**400),
    *("", "5", "5.0", "true", "yes", "A"),
    *([], ["A"], [5], [None], {}, {"a": 1}),
]


def _bodies() -> Iterator[tuple[Operation, dict[str, Any], str, Any, bool]]:
    """Yield each operation with JSON, a body that differs in one field, and True if that is documented."""
    for service in SERVICES:
        found = document(service)
        for path, item in found["paths"].items():
            for method, operation in item.items():
                content = operation.get("requestBody", {}).get("content", {})
                if "application/json" not in content:
                    continue
                name = content["application/json"]["schema"]["$ref"].rsplit("/", 1)[-1]
                schema = {**found["components"]["schemas"][name], "components": found["components"]}
                required = {
                    field: _valid_value({**schema["properties"][field], "components": found["components"]})
                    for field in schema.get("required", ())
                }
                validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
                called = Operation(service=service, method=method.upper(), path=path)
                for field in schema["properties"]:
                    for value in _VALUES:
                        body = {**required, field: value}
                        yield called, body, field, value, validator.is_valid(body)


def _valid_value(schema: dict[str, Any]) -> Any:
    values = [*schema.get("enum", []), "A", 1, []]
    return next(value for value in values if Draft202012Validator(schema).is_valid(value))


async def test_bodies_are_accepted_exactly_as_documented(
    request_api: httpx2.AsyncClient, results_api: httpx2.AsyncClient, user: User
) -> None:
    clients = dict(zip(SERVICES, (request_api, results_api), strict=True))
    wrong, seen = [], set()
    for operation, body, field, value, is_valid in _bodies():
        answer = await clients[operation.service].request(
            operation.method,
            operation.address({name: uuid4() for name in operation.ids}),
            json=body,
            headers=user.headers,
        )
        seen.add((operation.path, is_valid))
        is_refused = answer.status_code == 422 and answer.json()["detail"].startswith(field)
        # An accepted body may still refer to a resume that does not exist.
        if is_refused == is_valid:
            wrong.append((str(operation), field, str(value)[:20], answer.status_code))
    assert wrong == []
    taken, refused = ({path for path, was_valid in seen if was_valid is each} for each in (True, False))
    assert taken == refused != set()
