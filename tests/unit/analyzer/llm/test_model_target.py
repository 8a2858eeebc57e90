"""The part of the key of cached responses that identifies the model and what is sent with each request."""

from typing import Any

import pytest
from analyzer.llm.client.structured_output import ModelTarget


def target(**changes: Any) -> ModelTarget:
    return ModelTarget(**{"url": "http://127.0.0.1/v1", "model": "m", "output_tokens": 8000, **changes})


DIFFERENT: list[dict[str, Any]] = [
    {},
    {"query": {"api-version": "2024-10-21"}},
    {"query": {"api-version": "2025-01-01"}},
    {"headers": {"api-version": "2024-10-21"}},
    {"headers": {"x-model-version": "b"}},
    {"body": {"api-version": "2024-10-21"}},
    {"query": {"a": "canary"}, "headers": {"b": "canary"}},
]


def test_query_and_headers_belong_to_the_identity() -> None:
    assert len({repr(target(**each).identity) for each in DIFFERENT}) == len(DIFFERENT)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"query": {"a": "1", "b": "2"}}, {"query": {"b": "2", "a": "1"}}),
        ({"headers": {"X-Version": "1"}}, {"headers": {"x-version": "1"}}),
        ({"query": {}, "headers": {}}, {}),
    ],
)
def test_order_and_case_of_names_do_not(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert target(**one).identity == target(**other).identity


def test_responses_that_are_cached_without_them_stay_valid() -> None:
    assert target().identity == ("http://127.0.0.1/v1", "m", 8000)


def test_values_are_not_revealed() -> None:
    secret = target(query={"a": "canary"}, headers={"b": "canary"})
    assert "canary" not in repr(secret) + repr(secret.identity)
