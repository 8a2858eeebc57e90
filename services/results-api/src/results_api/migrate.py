"""Bring the database to the newest version: `python -m results_api.migrate`. Safe to run again."""

from chassis.migrations import upgrade
from chassis.settings import DatabaseSettings
from pydantic_settings import SettingsConfigDict


class MigrationSettings(DatabaseSettings):
    """Of all settings only the database's, so that a migration job needs no others."""

    model_config = SettingsConfigDict(env_prefix="RESULTS_API_")


if __name__ == "__main__":
    upgrade(package="results_api", address=MigrationSettings().database_address())
