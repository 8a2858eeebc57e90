"""Settings of the language model. Without an API key there is no model, and rules score every analysis."""

import json
import re
from typing import Annotated, Any, Final, Self

from contracts.plain_text import MAX_MODEL_NAME, MODEL_NAME_PATTERN
from pydantic import (
    AliasChoices,
    BeforeValidator,
    Field,
    HttpUrl,
    JsonValue,
    SecretStr,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from analyzer.llm.usage import Prices

# An hour: a local model without a graphics card reads a long resume for many minutes.
Seconds = Annotated[float, Field(gt=0, le=3600)]
# US dollars per million tokens.
Price = Annotated[float, Field(ge=0)]
# Room for everything in a response but the model's output: ids, usage, fields of the server, error pages.
_ENVELOPE_BYTES: Final = 64 * 1024
# A token is about four letters, and a server may escape a Japanese letter to six bytes in JSON.
_BYTES_PER_TOKEN: Final = 64
_HEADER_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_HEADER_VALUE: Final = re.compile(r"[\x20-\x7e]*")
# Headers that describe the connection, the request or the expected response, which the client sets itself.
_OWN_HEADERS: Final = {
    *("host", "content-length", "content-type", "transfer-encoding", "connection"),
    *("accept", "accept-encoding", "cookie"),
}
# Fields that decide what is asked and how the answer is read.
_OWN_FIELDS: Final = {"messages", "model", "stream", "n", "tools", "functions"}
# The model's limits and prices, and the time of a shutdown, which depends on them.
_OPTIONAL_PREFIXES: Final = ("model_", "drain_")


def _parse_object(value: object) -> object:
    """Parse a JSON object; an empty value is an empty object, as Compose files and charts pass it."""
    if not isinstance(value, str):
        return value
    try:
        parsed: object = json.loads(value) if value.strip() else {}
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict):
        # Without the value, which may be a secret.
        raise ValueError('must be a JSON object, such as {"name": "value"}')  # noqa: TRY004 - pydantic's own
    return parsed


# Values may be keys, so they are hidden like the API key.
SecretTexts = Annotated[dict[str, SecretStr], NoDecode, BeforeValidator(_parse_object)]
JsonObject = Annotated[dict[str, JsonValue], NoDecode, BeforeValidator(_parse_object), Field(repr=False)]


class ModelSettings(BaseSettings):
    """The model to ask, its prices, and the limits of calls."""

    model_config = SettingsConfigDict(
        env_prefix="ANALYZER_", hide_input_in_errors=True, populate_by_name=True
    )

    openai_api_key: Annotated[
        SecretStr | None, Field(validation_alias=AliasChoices("ANALYZER_OPENAI_API_KEY", "OPENAI_API_KEY"))
    ] = None
    # Address of any server with OpenAI's chat completions API; None means OpenAI itself.
    openai_base_url: Annotated[
        HttpUrl | None, Field(validation_alias=AliasChoices("ANALYZER_OPENAI_BASE_URL", "OPENAI_BASE_URL"))
    ] = None
    model: Annotated[str, Field(max_length=MAX_MODEL_NAME, pattern=MODEL_NAME_PATTERN.pattern)] = (
        "gpt-4.1-mini"
    )
    # Sent with each request, for servers that need more than a key: JSON objects.
    model_headers: SecretTexts = Field(default_factory=dict)
    model_query: SecretTexts = Field(default_factory=dict)
    model_body: JsonObject = Field(default_factory=dict)
    # Calls that the server gets at the same time; the others wait. By default as many as there are analyses.
    model_concurrency: Annotated[int, Field(ge=1, le=1000)] = 64
    # Longest wait of a call for its slot; after it the rules score alone.
    model_wait_seconds: Seconds = 600
    model_connect_seconds: Seconds = 5
    # Limit of one attempt from connecting to the last byte, so that a slow drip of bytes also ends.
    model_request_seconds: Seconds = 45
    model_attempts: Annotated[int, Field(ge=1, le=10)] = 3
    # Limit of one call with its repetitions, from its slot on. None: two attempts fit.
    model_budget_seconds: Annotated[float, Field(gt=0, le=7200)] | None = None
    # Labels of 60 bullets take about 2,000 tokens; reasoning models need more.
    model_output_tokens: Annotated[int, Field(ge=500, le=100_000)] = 8_000
    # Size of the model's context. With it, prompts that do not fit are noticed although a server cuts them.
    model_context_tokens: Annotated[int, Field(ge=1024, le=10_000_000)] | None = None
    model_breaker_failures: Annotated[int, Field(ge=1)] = 5
    model_breaker_seconds: Seconds = 30
    # Age up to which a cached response is used, if there is a database.
    model_cache_days: Annotated[int, Field(ge=1, le=3650)] = 30
    model_input_price: Price | None = None
    model_output_price: Price | None = None

    @model_validator(mode="after")
    def _check_budget(self) -> Self:
        if self.call_seconds < self.model_request_seconds:
            raise ValueError(
                "ANALYZER_MODEL_BUDGET_SECONDS is below ANALYZER_MODEL_REQUEST_SECONDS: raise it, or leave "
                "it out for the time of two requests"
            )
        return self

    @property
    def call_seconds(self) -> float:
        """Return the time limit of a call: as configured, or else that of two attempts."""
        return self.model_budget_seconds or 2 * self.model_request_seconds

    @property
    def max_answer_bytes(self) -> int:
        """Return the size up to which a response is read: 0.6 MB by default."""
        return _ENVELOPE_BYTES + _BYTES_PER_TOKEN * self.model_output_tokens

    @property
    def prices(self) -> Prices | None:
        """Return the prices if both are configured."""
        if self.model_input_price is None or self.model_output_price is None:
            return None
        return Prices(input=self.model_input_price, output=self.model_output_price)

    @model_validator(mode="before")
    @classmethod
    def _drop_empty_values(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Treat an empty limit or price as not set, since Compose files pass unset variables that way."""
        return {
            name: value
            for name, value in values.items()
            if value != "" or not name.startswith(_OPTIONAL_PREFIXES)
        }

    @field_validator("openai_api_key", "openai_base_url", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        """Treat an empty value as absent, also where the same setting has a second name."""
        return None if value == "" else value

    @field_validator("model_headers")
    @classmethod
    def _check_headers(cls, headers: dict[str, SecretStr]) -> dict[str, SecretStr]:
        for name, value in headers.items():
            if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value.get_secret_value()):
                raise ValueError("names and values must be printable ASCII on one line")
            if name.lower() in _OWN_HEADERS:
                raise ValueError(f"{name} cannot be set")
        return headers

    @field_validator("model_body")
    @classmethod
    def _check_body(cls, body: dict[str, Any]) -> dict[str, Any]:
        if own := sorted(_OWN_FIELDS & body.keys()):
            raise ValueError(f"{', '.join(own)} cannot be set")
        return body
