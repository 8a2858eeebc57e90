"""Bring the database to the newest version: `python -m request_api.migrate`. Safe to run again."""

from typing import Annotated

from chassis.migrations import upgrade
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class MigrationSettings(BaseSettings):
    """Of all settings only the database, so that a migration job needs no others."""

    model_config = SettingsConfigDict(env_prefix="REQUEST_API_")

    database_url: Annotated[SecretStr, Field(min_length=1)]


if __name__ == "__main__":
    upgrade(package="request_api", url=MigrationSettings().database_url.get_secret_value())
