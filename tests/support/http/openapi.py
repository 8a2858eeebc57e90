"""Checks responses against the committed OpenAPI documents."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
from jsonschema import Draft202012Validator

_DOCUMENTS = sorted((Path(__file__).parents[3] / "contracts" / "openapi").glob("*.json"))


@cache
def _operations() -> list[tuple[str, re.Pattern[str], dict[str, Any], dict[str, Any]]]:
    """Return method, path, operation and document of every call, fixed paths first."""
    found = []
    for file in _DOCUMENTS:
        document = json.loads(file.read_text(encoding="utf-8"))
        for path, item in document["paths"].items():
            pattern = re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path) + "$")
            found += [(method.upper(), pattern, operation, document) for method, operation in item.items()]
    return sorted(found, key=lambda each: each[1].pattern.count("[^/]+"))


def check_documented(answer: httpx2.Response) -> None:
    """Check call, status, content type and body of a response.

    Raises:
        AssertionError: One of them is not documented.
    """
    request = answer.request
    called = (
        each for each in _operations() if each[0] == request.method and each[1].fullmatch(request.url.path)
    )
    found = next(called, None)
    assert found, f"{request.method} {request.url.path} is in no OpenAPI document"
    _, pattern, operation, document = found
    response = operation["responses"].get(str(answer.status_code))
    assert response, f"{request.method} {pattern.pattern} does not document {answer.status_code}"
    content = response.get("content")
    if not content:
        assert not answer.content, f"{answer.status_code} has a body that is not documented"
        return
    media_type = answer.headers["content-type"].partition(";")[0]
    assert media_type in content, f"{media_type} is not documented, but {list(content)}"
    if "json" in media_type:
        schema = {**content[media_type]["schema"], "components": document["components"]}
        Draft202012Validator(schema).validate(answer.json())
