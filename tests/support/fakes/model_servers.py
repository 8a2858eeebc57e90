"""Refusals of real model servers, as they are known from reports and from memory.

A server refuses the requests that the real one refuses and accepts all others.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from tests.support.fakes.model import FakeReply, Json, rejection

Server = Callable[[Json], FakeReply | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusing:
    """A server that refuses some requests: `refuse` returns the refusal, or None to accept the request.

    `requests` is the number that the first question needs, and `later` that of each one after the second.
    """

    refuse: Server
    requests: int
    later: int = 1


def _format(request: Json) -> str:
    kind: str = request.get("response_format", {}).get("type", "text")
    return kind


def _gemini(request: Json) -> FakeReply | None:
    def invalid(message: str) -> FakeReply:
        error = {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}
        return FakeReply(status=400, body=json.dumps([{"error": error}]))

    if "seed" in request:
        return invalid('Invalid JSON payload received. Unknown name "seed": Cannot find field.')
    if _format(request) == "json_schema":
        text = json.dumps(request["response_format"])
        if "additionalProperties" in text:
            return invalid(
                'Invalid JSON payload received. Unknown name "additionalProperties" at '
                "'generation_config.response_schema': Cannot find field."
            )
        return invalid("Invalid value at 'generation_config.response_schema.enum[0]' (TYPE_STRING), 0")
    return None


def _gpt_5(request: Json) -> FakeReply | None:
    if "temperature" in request:
        return rejection(
            "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value "
            "is supported.",
            param="temperature",
        )
    return None


def _old_azure(request: Json) -> FakeReply | None:
    if "max_completion_tokens" in request:
        return rejection("Unrecognized request argument supplied: max_completion_tokens")
    if _format(request) == "json_schema":
        return rejection(
            "response_format value as json_schema is enabled only for api versions 2024-08-01-preview and "
            "later"
        )
    return None


def _groq(request: Json) -> FakeReply | None:
    if _format(request) != "json_schema":
        return None
    error = {
        "message": "Failed to generate JSON. Please adjust your prompt. See 'failed_generation' for details.",
        "type": "invalid_request_error",
        "code": "json_validate_failed",
        "failed_generation": "temperature and seed are words of the resume",
    }
    return FakeReply(status=400, body={"error": error})


def _groq_per_minute(request: Json) -> FakeReply | None:
    if request.get("max_completion_tokens", 0) <= 4457:
        return None
    error = {
        "message": "Request too large for model `m` on tokens per minute (TPM): Limit 6000, Requested 9543, "
        "please reduce your message size and try again.",
        "type": "tokens",
        "code": "rate_limit_exceeded",
    }
    return FakeReply(status=413, body={"error": error})


def _openrouter(request: Json) -> FakeReply | None:
    if "seed" in request or _format(request) != "text":
        error = {
            "message": "No endpoints found that can handle the requested parameters. To learn more about "
            "provider routing, visit the documentation.",
            "code": 404,
        }
        return FakeReply(status=404, body={"error": error})
    return None


def _openrouter_within_200(request: Json) -> FakeReply | None:
    if _format(request) == "json_schema":
        error = {"message": "Provider returned error", "code": 400, "metadata": {"provider_name": "P"}}
        return FakeReply(body={"id": "gen-1", "error": error})
    return None


def _openrouter_in_choice(request: Json) -> FakeReply | None:
    if _format(request) == "json_schema":
        error = {"code": 422, "message": "schema not supported"}
        choice = {"finish_reason": "error", "error": error, "message": {"role": "assistant", "content": ""}}
        return FakeReply(body={"id": "gen-1", "choices": [choice]})
    return None


def _openrouter_credits(request: Json) -> FakeReply | None:
    if request.get("max_completion_tokens", 0) > 1234:
        message = (
            "This request requires more credits, or fewer max_tokens. You requested up to 8000 tokens, but "
            "can only afford 1234. To increase, visit the settings and upgrade to a paid account"
        )
        return FakeReply(status=402, body={"error": {"message": message, "code": 402}})
    return None


def _anthropic(request: Json) -> FakeReply | None:
    def error(message: str) -> FakeReply:
        body = {"type": "error", "error": {"type": "invalid_request_error", "message": message}}
        return FakeReply(status=400, body=body)

    if _format(request) != "text":
        return error("response_format: Extra inputs are not permitted")
    if request.get("max_completion_tokens", 0) > 4096:
        return error(
            "max_tokens: 8000 > 4096, which is the maximum allowed number of output tokens for model-20240307"
        )
    return None


def _vllm(request: Json) -> FakeReply | None:
    limit = request.get("max_completion_tokens", 0)
    if limit > 4096 - 1500:
        message = (
            f"'max_tokens' or 'max_completion_tokens' is too large: {limit}. This model's maximum context "
            f"length is 4096 tokens and your request has 1500 input tokens ({limit} > 4096 - 1500)."
        )
        return FakeReply(
            status=400,
            body={
                "object": "error",
                "message": message,
                "type": "BadRequestError",
                "param": None,
                "code": 400,
            },
        )
    return None


def _older_vllm(request: Json) -> FakeReply | None:
    limit = request.get("max_completion_tokens", 0)
    if 1500 + limit > 4096:
        return rejection(
            f"This model's maximum context length is 4096 tokens. However, you requested {1500 + limit} "
            f"tokens (1500 in the messages, {limit} in the completion). Please reduce the length."
        )
    return None


def _most_tokens(request: Json) -> FakeReply | None:
    if request.get("max_completion_tokens", 0) > 4096:
        return rejection(
            "max_tokens is too large: 8000. This model supports at most 4096 completion tokens, whereas you "
            "provided 8000.",
            param="max_tokens",
        )
    return None


def _lm_studio(request: Json) -> FakeReply | None:
    if _format(request) == "json_schema":
        return FakeReply(status=400, body={"error": "Error compiling the grammar of the schema"})
    if _format(request) == "json_object":
        return FakeReply(status=400, body={"error": "'response_format.type' must be 'json_schema' or 'text'"})
    return None


def _mistral(request: Json) -> FakeReply | None:
    extra = [name for name in ("seed", "max_completion_tokens") if name in request]
    if not extra:
        return None
    detail = [
        {
            "type": "extra_forbidden",
            "loc": ["body", name],
            "msg": "Extra inputs are not permitted",
            "input": 1,
        }
        for name in extra
    ]
    body = {"object": "error", "message": {"detail": detail}, "type": "invalid_request_error", "code": None}
    return FakeReply(status=422, body=body)


def _refuses(is_refused: Callable[[Json], bool], reply: FakeReply) -> Server:
    return lambda request: reply if is_refused(request) else None


def _has_format(request: Json) -> bool:
    return _format(request) != "text"


_NOTHING = FakeReply(status=400)

REFUSING: Final[Mapping[str, Refusing]] = {
    "Gemini: seed, then additionalProperties or the enum of integers": Refusing(refuse=_gemini, requests=3),
    "gpt-5 class: temperature": Refusing(refuse=_gpt_5, requests=2),
    "Azure, old api-version: max_completion_tokens, then json_schema": Refusing(
        refuse=_old_azure, requests=3
    ),
    "Groq: json_validate_failed": Refusing(refuse=_groq, requests=2),
    "Groq: 413 for the token limit": Refusing(refuse=_groq_per_minute, requests=2),
    "OpenRouter: 404, no endpoints for the parameters": Refusing(refuse=_openrouter, requests=4, later=1),
    "OpenRouter: 200 with an error inside": Refusing(refuse=_openrouter_within_200, requests=2),
    "OpenRouter: 200 with an error in the choice": Refusing(refuse=_openrouter_in_choice, requests=2),
    "OpenRouter: 402 for the token limit": Refusing(refuse=_openrouter_credits, requests=2),
    "Anthropic's compatible endpoint: response_format, then max_tokens": Refusing(
        refuse=_anthropic, requests=4
    ),
    "vLLM: limit beyond the context": Refusing(refuse=_vllm, requests=2),
    "vLLM, older: prompt and limit beyond the context": Refusing(refuse=_older_vllm, requests=2),
    "OpenAI: limit above that of the model": Refusing(refuse=_most_tokens, requests=2),
    "LM Studio: schema, then json_object": Refusing(refuse=_lm_studio, requests=3),
    "Mistral: 422, extra inputs": Refusing(refuse=_mistral, requests=3),
    "400 without a body for json_schema": Refusing(
        refuse=_refuses(lambda request: _format(request) == "json_schema", _NOTHING), requests=2
    ),
    "400 without a body for any format": Refusing(refuse=_refuses(_has_format, _NOTHING), requests=3),
    "400 without a body for seed": Refusing(
        refuse=_refuses(lambda request: "seed" in request, _NOTHING), requests=4
    ),
    "400 without a body for max_completion_tokens": Refusing(
        refuse=_refuses(lambda request: "max_completion_tokens" in request, _NOTHING), requests=5
    ),
    "400 without a body for any token limit": Refusing(
        refuse=_refuses(
            lambda request: bool({"max_tokens", "max_completion_tokens"} & request.keys()), _NOTHING
        ),
        requests=7,
    ),
    "404 page for a format": Refusing(
        refuse=_refuses(_has_format, FakeReply(status=404, body="<html>404</html>")), requests=3
    ),
    "422 without a cause for a format": Refusing(
        refuse=_refuses(_has_format, FakeReply(status=422, body={"detail": "Unprocessable"})), requests=3
    ),
    "501 for json_schema": Refusing(
        refuse=_refuses(lambda request: _format(request) == "json_schema", FakeReply(status=501)), requests=2
    ),
    "schema with names that are too long, not available in the model": Refusing(
        refuse=_refuses(
            lambda request: _format(request) == "json_schema",
            rejection("The model rejects this schema: names are too long, and that type is not available."),
        ),
        requests=2,
    ),
    "500 for json_schema": Refusing(
        refuse=_refuses(lambda request: _format(request) == "json_schema", FakeReply(status=500)), requests=2
    ),
    "500 for any format": Refusing(refuse=_refuses(_has_format, FakeReply(status=500)), requests=3),
    "500 within a 200 for json_schema": Refusing(
        refuse=_refuses(
            lambda request: _format(request) == "json_schema", FakeReply(body={"error": "grammar failed"})
        ),
        requests=2,
    ),
}
