"""Settings, from the environment: `REQUEST_API_...`; all are checked at start."""

from typing import Annotated

from chassis.settings import AuthSettings, DatabaseSettings, ServiceSettings
from pydantic import Field
from pydantic_settings import SettingsConfigDict


class Settings(ServiceSettings, DatabaseSettings, AuthSettings):
    """All that request-api can be told."""

    model_config = SettingsConfigDict(env_prefix="REQUEST_API_")

    port: Annotated[int, Field(ge=1, le=65535)] = 8081
    # Files read at the same time, a process each; more than there are cores only makes each slower.
    document_readers: Annotated[int, Field(ge=1, le=64)] = 2
    # Analyses that one person may ask for within 24 hours: ten batches of 50.
    max_analyses_per_day: Annotated[int, Field(ge=1, le=1_000_000)] = 500
    # As the gateway in front is configured, which enforces them: told to the frontend, and nothing else.
    gateway_requests_per_second: Annotated[int, Field(ge=1)] = 60
    gateway_burst: Annotated[int, Field(ge=1)] = 300
