"""Bring the database to the newest version: `python -m analyzer.migrate`. Safe to run again."""

from chassis.migrations import upgrade
from chassis.settings import DatabaseSettings
from pydantic_settings import SettingsConfigDict


class MigrationSettings(DatabaseSettings):
    """Of all settings only the database's, so that a migration job needs no others."""

    model_config = SettingsConfigDict(env_prefix="ANALYZER_")


if __name__ == "__main__":
    upgrade(package="analyzer", address=MigrationSettings().database_address())
