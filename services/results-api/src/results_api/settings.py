"""Settings, from the environment: `RESULTS_API_...`; all are checked at start."""

from typing import Annotated, Literal

from chassis.settings import AuthSettings, DatabaseSettings, ServiceSettings
from pydantic import Field, HttpUrl
from pydantic_settings import SettingsConfigDict


class Settings(ServiceSettings, DatabaseSettings, AuthSettings):
    """All that results-api can be told."""

    model_config = SettingsConfigDict(env_prefix="RESULTS_API_")

    port: Annotated[int, Field(ge=1, le=65535)] = 8082
    # Where an analysis is asked for that has not been heard of here yet.
    request_api_url: HttpUrl
    # The word for "ended without a result". The frontend of today stops polling on `error` alone.
    failed_word: Literal["failed", "error"] = "failed"
    # Live updates open at once; whoever comes later is told to poll. A stream takes about 50 kB.
    live_streams: Annotated[int, Field(ge=1, le=100_000)] = 2_000
    # Of one user, in this process: a page may watch each of the 50 analyses that it lists.
    live_streams_per_user: Annotated[int, Field(ge=1, le=100_000)] = 60
