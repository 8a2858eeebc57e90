"""Settings, read from `RESULTS_API_...` environment variables and validated at start."""

from typing import Annotated, Literal

from chassis.settings import AuthSettings, DatabaseSettings, ServiceSettings
from pydantic import Field, HttpUrl
from pydantic_settings import SettingsConfigDict


class Settings(ServiceSettings, DatabaseSettings, AuthSettings):
    """Settings of results-api."""

    model_config = SettingsConfigDict(env_prefix="RESULTS_API_")

    port: Annotated[int, Field(ge=1, le=65535)] = 8082
    # Serves analyses that have not arrived in the combined view yet.
    request_api_url: HttpUrl
    # Status of analyses that ended without a result. The current frontend stops polling only on `error`.
    failed_word: Literal["failed", "error"] = "failed"
    # Open live updates in this process. Further callers are told to poll. A stream takes about 50 kB.
    live_streams: Annotated[int, Field(ge=1, le=100_000)] = 2_000
    # PDFs of reports that are printed at the same time, each in a process of up to 200 MB for some seconds.
    print_processes: Annotated[int, Field(ge=1, le=16)] = 2
    # Open live updates per user in this process. A page may watch each of the 50 analyses that it lists.
    live_streams_per_user: Annotated[int, Field(ge=1, le=100_000)] = 60
