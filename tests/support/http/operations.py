"""The operations of the two HTTP APIs, read from their OpenAPI documents."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from local_stack.paths import ROOT

SERVICES = ("request-api", "results-api")
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path."""

    service: str
    method: str
    path: str
    needs_token: bool = True
    # Values of the parameter `format`, if it has one.
    formats: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the name that the tables of expectations use."""
        return f"{self.method} {self.path}"

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the names of the ids in the path."""
        return tuple(re.findall(r"{(\w+)}", self.path))

    def address(self, ids: Mapping[str, UUID | str]) -> str:
        """Return the path with its ids filled in."""
        return self.path.format(**ids)


def document(service: str) -> dict[str, Any]:
    """Return a service's committed document; another test compares it with the application."""
    content: dict[str, Any] = json.loads((ROOT / "contracts" / "openapi" / f"{service}.json").read_text())
    return content


def _formats(operation: Mapping[str, Any]) -> tuple[str, ...]:
    parameters = operation.get("parameters", ())
    schemas = (each["schema"]["anyOf"] for each in parameters if each["name"] == "format")
    return tuple(value for choices in schemas for choice in choices for value in choice.get("enum", ()))


@cache
def operations() -> tuple[Operation, ...]:
    """Return all operations of both services."""
    return tuple(
        Operation(
            service=service,
            method=method.upper(),
            path=path,
            needs_token="security" in operation,
            formats=_formats(operation),
        )
        for service in SERVICES
        for path, item in document(service)["paths"].items()
        for method, operation in item.items()
        if method in _METHODS
    )
