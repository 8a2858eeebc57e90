"""Build the model client from the settings."""

from collections.abc import Mapping
from typing import Final

from chassis.http_client import bounded_client
from openai import AsyncOpenAI, Timeout
from pydantic import SecretStr

from analyzer.llm.client.ask_model import AskModel
from analyzer.llm.client.circuit_breaker import CircuitBreaker
from analyzer.llm.client.model_client import ModelClient
from analyzer.llm.client.response_cache import ResponseCache
from analyzer.llm.client.slots import CallSlots
from analyzer.llm.client.structured_output import ModelTarget, StructuredOutputClient
from analyzer.llm.client.telemetry import ModelTelemetry
from analyzer.llm.settings import ModelSettings

# Passed explicitly, so that no variable read by the library decides where resumes are sent.
_OPENAI_URL: Final = "https://api.openai.com/v1"
# The library's default: no call waits for the connection of another.
_MAX_CONNECTIONS: Final = 1000


def create_model(settings: ModelSettings, *, cache: ResponseCache | None = None) -> AskModel | None:
    """Build the client of the configured model; None without an API key."""
    if settings.openai_api_key is None:
        return None
    url = str(settings.openai_base_url) if settings.openai_base_url else _OPENAI_URL
    headers, query = _reveal(settings.model_headers), _reveal(settings.model_query)
    breaker = CircuitBreaker(failures=settings.model_breaker_failures, seconds=settings.model_breaker_seconds)
    slots = CallSlots(count=settings.model_concurrency, wait_seconds=settings.model_wait_seconds)
    telemetry = ModelTelemetry(
        url=url, model=settings.model, breaker=breaker, slots=slots, prices=settings.prices
    )
    timeout = Timeout(settings.model_request_seconds, connect=settings.model_connect_seconds)
    client = ModelClient(
        client=AsyncOpenAI(
            api_key=settings.openai_api_key.get_secret_value(),
            base_url=url,
            default_headers=headers,
            default_query=query,
            timeout=timeout,
            max_retries=0,
            http_client=bounded_client(
                max_answer_bytes=settings.max_answer_bytes,
                timeout=timeout,
                max_connections=_MAX_CONNECTIONS,
            ),
        ),
        breaker=breaker,
        telemetry=telemetry,
        attempts=settings.model_attempts,
        request_seconds=settings.model_request_seconds,
    )
    return AskModel(
        client=StructuredOutputClient(
            client=client,
            telemetry=telemetry,
            target=ModelTarget(
                url=url,
                model=settings.model,
                output_tokens=settings.model_output_tokens,
                context_tokens=settings.model_context_tokens,
                body=settings.model_body,
                headers=headers,
                query=query,
            ),
            slots=slots,
        ),
        telemetry=telemetry,
        budget_seconds=settings.call_seconds,
        prices=settings.prices,
        cache=cache,
    )


def _reveal(secrets: Mapping[str, SecretStr]) -> dict[str, str]:
    return {name: secret.get_secret_value() for name, secret in secrets.items()}
