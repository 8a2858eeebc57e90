"""Token limits that a server names in a refusal, in the texts that real servers send."""

import json

import pytest
from analyzer.llm.client.negotiation import Negotiation
from analyzer.llm.client.refusals import BadRequest, failure_of
from analyzer.llm.client.server_features import ServerFeatures

TOO_LARGE = "max_tokens is too large for this model"
LOW = 1024


def refusal_of(error: object, status: int = 400) -> BadRequest:
    with pytest.raises(BadRequest) as refused:
        failure_of(status, error, has_format=True)
    return refused.value


def limit_after(error: object, *, limit: int = 16_000) -> int | None:
    negotiation = Negotiation(ServerFeatures(), limit=limit, body={})
    assert negotiation.learn_from(refusal_of(error))
    return negotiation.form.limit


def message(text: str) -> object:
    return {"error": {"message": text, "param": "max_tokens"}}


@pytest.mark.parametrize("keyword", ["maxLength", "maxItems"])
def test_schema_loses_only_its_bounds_where_a_server_refuses_one(keyword: str) -> None:
    features = ServerFeatures()
    negotiation = Negotiation(features, limit=8000, body={})
    text = f"Invalid schema for response_format 'labels': '{keyword}' is not permitted."
    assert negotiation.learn_from(refusal_of({"error": {"message": text, "param": "response_format"}}))
    schema = {"properties": {"a": {"type": "string", keyword: 5}}, "required": ["a"]}
    options = negotiation.form.options(name="q", schema=schema, seed=1)
    asked = options["response_format"]["json_schema"]
    assert asked == {
        "name": "q",
        "strict": True,
        "schema": {"properties": {"a": {"type": "string"}}, "required": ["a"]},
    }
    negotiation.accepted()
    assert not Negotiation(features, limit=8000, body={}).form.bounds


@pytest.mark.parametrize(
    "error",
    [
        {"error": {"code": 400, "message": TOO_LARGE}},
        {"error": {"code": "4004", "message": TOO_LARGE}},
        {"error": {"message": TOO_LARGE, "status": 4004}},
        {"object": "error", "message": TOO_LARGE, "statusCode": 4004},
        {"code": 1214, "message": TOO_LARGE},
    ],
    ids=json.dumps,
)
def test_status_code_is_no_token_limit(error: object) -> None:
    assert limit_after(error) == LOW


@pytest.mark.parametrize(
    "text",
    [
        "max_tokens is too large for gpt-4-0613",
        "gpt-3.5-turbo-1106: max_tokens is too large",
        "max_tokens is too large for model v2048 since 2024-08-01",
        "max_tokens is too large (request req_4096, mode 4096k)",
        "max_tokens is too large: of 5 requests 400 exceed it",
    ],
)
def test_number_of_a_name_is_no_token_limit(text: str) -> None:
    assert limit_after(message(text)) == LOW


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("the supported range is from 1 (inclusive) to 8193 (exclusive)", 8192),
        ("max_tokens must be less than 8193", 8192),
        ("max_tokens must be in the range [1, 8193)", 8192),
        ("max_tokens: must be <8193, is too high", 8192),
        ("max_tokens must be less than or equal to 8192", 8192),
        ("max_tokens must be at most 8,192", 8192),
        ("Invalid max_tokens value, the valid range of max_tokens is [1, 8192]", 8192),
        ("max_tokens is out of the range 1-8192", 8192),
        ("max_tokens: 16000 > 8192, which is the maximum for claude-3-5-sonnet-20240620", 8192),
        (
            "gpt-4-0613: max_tokens is too large: 16000. This model supports at most 8192 completion tokens",
            8192,
        ),
        ("max_tokens is too large, the maximum is 8192.", 8192),
        ("max_tokens (16000) exceeds the limit of 1024", 1024),
    ],
)
def test_limit_that_the_server_names_is_used(text: str, limit: int) -> None:
    assert limit_after(message(text)) == limit


def test_numbers_beside_the_text_are_read_unless_they_classify_the_error() -> None:
    detail = {"loc": ["body", "max_tokens"], "msg": "Input should be too high", "ctx": {"le": 8192}}
    assert limit_after({"detail": [{**detail, "code": 9000}]}) == 8192
    assert limit_after({"detail": [{**detail, "ctx": {"lt": 8193}}]}) == 8192


def test_code_that_is_a_word_still_decides() -> None:
    refusal = refusal_of({"error": {"code": "model_not_found", "message": "max_tokens"}})
    assert not Negotiation(ServerFeatures(), limit=16_000, body={}).learn_from(refusal)
