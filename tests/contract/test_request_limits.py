"""Every request parameter and body field has a documented limit."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.http.operations import SERVICES, document

# Schema keywords that limit a string.
_BOUNDED = {"maxLength", "enum", "const", "format", "contentMediaType"}

_LOWEST = {"minimum", "exclusiveMinimum"}


def _unlimited(schema: dict[str, Any], schemas: dict[str, Any], place: str) -> Iterator[str]:
    """Yield the fields in `schema` that have no limit."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rsplit("/", 1)[-1]]
    for choice in schema.get("anyOf", []):
        yield from _unlimited(choice, schemas, place)
    for name, inner in schema.get("properties", {}).items():
        yield from _unlimited(inner, schemas, f"{place}.{name}")
    kind = schema.get("type")
    if kind == "string" and not (_BOUNDED & set(schema) or "{1,255}" in schema.get("pattern", "")):
        yield f"{place}: maxLength"
    if kind in ("integer", "number") and not (_LOWEST & set(schema) and "maximum" in schema):
        yield f"{place}: minimum and maximum"
    if kind == "array":
        if "maxItems" not in schema:
            yield f"{place}: maxItems"
        yield from _unlimited(schema["items"], schemas, f"{place}[]")


def _inputs(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for parameter in operation.get("parameters", []):
        yield parameter["name"], parameter["schema"]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        yield "body", content["schema"]


@pytest.mark.parametrize("service", SERVICES)
def test_every_input_has_a_limit(service: str) -> None:
    found = document(service)
    inputs = [
        (f"{method.upper()} {path} {name}", schema)
        for path, item in found["paths"].items()
        for method, operation in item.items()
        for name, schema in _inputs(operation)
    ]
    assert len(inputs) > 10
    schemas = found["components"]["schemas"]
    assert [place for name, schema in inputs for place in _unlimited(schema, schemas, name)] == []


def test_missing_limit_is_detected() -> None:
    schema = {
        "properties": {"a": {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "null"}]}}}
    }
    assert list(_unlimited(schema, {}, "x")) == ["x.a: maxItems", "x.a[]: maxLength"]
    assert list(_unlimited({"type": "integer", "minimum": 1}, {}, "x")) == ["x: minimum and maximum"]
