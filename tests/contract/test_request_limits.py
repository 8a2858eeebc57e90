"""Whatever may be sent has a limit, and the documents show it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.http.operations import SERVICES, document

# What bounds a string besides its length.
_BOUNDED = {"maxLength", "enum", "const", "format", "contentMediaType"}


def _limitless(schema: dict[str, Any], schemas: dict[str, Any], place: str) -> Iterator[str]:
    """Places in `schema` that nothing bounds."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rsplit("/", 1)[-1]]
    for choice in schema.get("anyOf", []):
        yield from _limitless(choice, schemas, place)
    for name, inner in schema.get("properties", {}).items():
        yield from _limitless(inner, schemas, f"{place}.{name}")
    kind = schema.get("type")
    if kind == "string" and not (_BOUNDED & set(schema) or "{1,255}" in schema.get("pattern", "")):
        yield f"{place}: maxLength"
    if kind in ("integer", "number") and not {"minimum", "maximum"} <= set(schema):
        yield f"{place}: minimum and maximum"
    if kind == "array":
        if "maxItems" not in schema:
            yield f"{place}: maxItems"
        yield from _limitless(schema["items"], schemas, f"{place}[]")


def _sent(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for parameter in operation.get("parameters", []):
        yield parameter["name"], parameter["schema"]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        yield "body", content["schema"]


@pytest.mark.parametrize("service", SERVICES)
def test_everything_that_is_sent_has_a_limit(service: str) -> None:
    found = document(service)
    sent = [
        (f"{method.upper()} {path} {name}", schema)
        for path, item in found["paths"].items()
        for method, operation in item.items()
        for name, schema in _sent(operation)
    ]
    assert len(sent) > 10
    schemas = found["components"]["schemas"]
    assert [place for name, schema in sent for place in _limitless(schema, schemas, name)] == []


def test_what_has_no_limit_is_found() -> None:
    schema = {
        "properties": {"a": {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "null"}]}}}
    }
    assert list(_limitless(schema, {}, "x")) == ["x.a: maxItems", "x.a[]: maxLength"]
    assert list(_limitless({"type": "integer", "minimum": 1}, {}, "x")) == ["x: minimum and maximum"]
