"""Settings, from the environment: `ANALYZER_...`; all are checked at start."""

from typing import Annotated

from chassis.settings import ServiceSettings
from pydantic import Field
from pydantic_settings import SettingsConfigDict

from analyzer.model.settings import ModelSettings


class Settings(ServiceSettings, ModelSettings):
    """All that the analyzer can be told."""

    model_config = SettingsConfigDict(env_prefix="ANALYZER_", populate_by_name=True)

    port: Annotated[int, Field(ge=1, le=65535)] = 8083
    # Analyses in flight in this process.
    concurrency: Annotated[int, Field(ge=1, le=1024)] = 64
