"""Refusals of real model servers that no other form of the request would change, with their reasons."""

import json
from collections.abc import Mapping
from typing import Any, Final

from tests.support.fakes.model import FakeReply


def final(status: int, message: str, *, code: Any = None, **error: Any) -> FakeReply:
    """Build an error that no other form of the request would change."""
    return FakeReply(status=status, body={"error": {"message": message, "code": code, **error}})


FINAL: Final[Mapping[str, tuple[FakeReply, str]]] = {
    "OpenAI: wrong key": (final(401, "Incorrect API key provided: sk-x."), "rejected"),
    "OpenAI: no access": (final(403, "You are not allowed to sample from this model"), "rejected"),
    "OpenAI: wrong model": (
        final(
            404, "The model `gpt-9.1` does not exist or you do not have access to it.", code="model_not_found"
        ),
        "rejected",
    ),
    "Azure: wrong deployment": (
        final(404, "The API deployment for this resource does not exist.", code="DeploymentNotFound"),
        "rejected",
    ),
    "Gemini: wrong key": (
        FakeReply(
            status=400,
            body=json.dumps(
                [{"error": {"code": 400, "message": "API key not valid. Please pass a valid one."}}]
            ),
        ),
        "rejected",
    ),
    "Gemini: wrong model": (
        final(404, "models/gemini-0.1 is not found for API version v1main, or is not supported"),
        "rejected",
    ),
    "Anthropic: wrong model": (final(404, "model: claude-0", type="not_found_error"), "rejected"),
    "Anthropic: no credit": (
        final(400, "Your credit balance is too low to access the Anthropic API."),
        "rejected",
    ),
    "Ollama: wrong model": (final(404, 'model "llama0.1" not found, try pulling it first'), "rejected"),
    "OpenRouter: wrong model": (final(400, "acme/model-0 is not a valid model ID", code=400), "rejected"),
    "OpenRouter: no endpoint for the model": (final(404, "No endpoints found for acme/seed-0."), "rejected"),
    "OpenRouter: wrong model within a 200": (
        FakeReply(body={"error": {"code": 401, "message": "No auth credentials found"}}),
        "rejected",
    ),
    "Mistral: wrong model": (
        FakeReply(
            status=400,
            body={"object": "error", "message": "Invalid model: m", "type": "invalid_model", "code": "1500"},
        ),
        "rejected",
    ),
    "Azure: filtered prompt": (
        final(
            400,
            "The response was filtered due to the prompt triggering the content management policy.",
            code="content_filter",
        ),
        "filtered",
    ),
    "llama.cpp: prompt beyond the context": (
        final(
            400,
            "request (5000 tokens) exceeds the available context size (4096 tokens), try increasing it",
            code=400,
            type="exceed_context_size_error",
            n_prompt_tokens=5000,
            n_ctx=4096,
        ),
        "context",
    ),
    "vLLM: prompt beyond the context": (
        final(
            400,
            "This model's maximum context length is 4096 tokens and your request has 5000 input tokens "
            "(8000 > 4096 - 5000).",
        ),
        "context",
    ),
    "Anthropic: prompt beyond the context": (
        final(400, "prompt is too long: 205000 tokens > 200000 maximum"),
        "context",
    ),
}
