"""Settings of the model; without a key there is none."""

from typing import Annotated, Final

from contracts.plain_text import MAX_MODEL_NAME, MODEL_NAME_PATTERN
from pydantic import AliasChoices, Field, HttpUrl, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Seconds = Annotated[float, Field(gt=0, le=600)]
# US dollars a million tokens.
Price = Annotated[float, Field(ge=0)]
# Around the model's words: ids, usage, what a server adds of its own, headers of an error's page.
_ENVELOPE_BYTES: Final = 64 * 1024
# A token is about four letters. Japanese takes six bytes a letter where a server escapes it in JSON.
_BYTES_A_TOKEN: Final = 64


class ModelSettings(BaseSettings):
    """Which model to ask, and how long to wait for it."""

    model_config = SettingsConfigDict(
        env_prefix="ANALYZER_", hide_input_in_errors=True, populate_by_name=True
    )

    openai_api_key: Annotated[
        SecretStr | None, Field(validation_alias=AliasChoices("ANALYZER_OPENAI_API_KEY", "OPENAI_API_KEY"))
    ] = None
    # Of any server that speaks OpenAI's chat completions; None: OpenAI's own.
    openai_base_url: Annotated[
        HttpUrl | None, Field(validation_alias=AliasChoices("ANALYZER_OPENAI_BASE_URL", "OPENAI_BASE_URL"))
    ] = None
    model: Annotated[str, Field(max_length=MAX_MODEL_NAME, pattern=MODEL_NAME_PATTERN.pattern)] = (
        "gpt-4.1-mini"
    )
    model_connect_seconds: Seconds = 5
    # One attempt, from connecting to the last byte: a server that drips is as useless as one that is silent.
    model_request_seconds: Seconds = 45
    model_attempts: Annotated[int, Field(ge=1, le=10)] = 3
    # All that an analysis may wait for the model; then the rules answer.
    model_budget_seconds: Seconds = 90
    # Nine answers with five quotes each are some 2,500 tokens; models that think first need more.
    model_output_tokens: Annotated[int, Field(ge=500, le=100_000)] = 8_000
    model_breaker_failures: Annotated[int, Field(ge=1)] = 5
    model_breaker_seconds: Seconds = 30
    # How long answers are remembered, where there is a database.
    model_cache_days: Annotated[int, Field(ge=1, le=3650)] = 30
    model_input_price: Price | None = None
    model_output_price: Price | None = None

    @property
    def max_answer_bytes(self) -> int:
        """The most bytes of an answer that are read: 0.6 MB by default."""
        return _ENVELOPE_BYTES + _BYTES_A_TOKEN * self.model_output_tokens

    @field_validator("openai_api_key", "openai_base_url", mode="before")
    @classmethod
    def _blank_is_none(cls, value: object) -> object:
        """As compose files and charts pass what was not set."""
        return None if value == "" else value
