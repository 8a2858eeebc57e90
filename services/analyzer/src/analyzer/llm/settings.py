"""Settings of the language model. Without an API key there is no model, and rules score every analysis."""

from typing import Annotated, Final

from contracts.plain_text import MAX_MODEL_NAME, MODEL_NAME_PATTERN
from pydantic import AliasChoices, Field, HttpUrl, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from analyzer.llm.usage import Prices

Seconds = Annotated[float, Field(gt=0, le=600)]
# US dollars per million tokens.
Price = Annotated[float, Field(ge=0)]
# Room for everything in a response but the model's output: ids, usage, fields of the server, error pages.
_ENVELOPE_BYTES: Final = 64 * 1024
# A token is about four letters, and a server may escape a Japanese letter to six bytes in JSON.
_BYTES_PER_TOKEN: Final = 64


class ModelSettings(BaseSettings):
    """The model to ask, its prices, and the time limits of calls."""

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
    model_connect_seconds: Seconds = 5
    # Limit of one attempt from connecting to the last byte, so that a slow drip of bytes also ends.
    model_request_seconds: Seconds = 45
    model_attempts: Annotated[int, Field(ge=1, le=10)] = 3
    # Limit of all calls of one analysis; after it the rules score alone.
    model_budget_seconds: Seconds = 90
    # Nine assessments with five quotes each take about 2,500 tokens; reasoning models need more.
    model_output_tokens: Annotated[int, Field(ge=500, le=100_000)] = 8_000
    model_breaker_failures: Annotated[int, Field(ge=1)] = 5
    model_breaker_seconds: Seconds = 30
    # Age up to which a cached response is used, if there is a database.
    model_cache_days: Annotated[int, Field(ge=1, le=3650)] = 30
    model_input_price: Price | None = None
    model_output_price: Price | None = None

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

    @field_validator("openai_api_key", "openai_base_url", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        """Treat an empty value as absent: Compose files and charts pass unset variables that way."""
        return None if value == "" else value
