"""Bring the database to the newest version: `python -m analyzer.migrate`. Safe to run again."""

from chassis.migrations import upgrade
from chassis.settings import MigrationSettings
from pydantic_settings import SettingsConfigDict


class Settings(MigrationSettings):
    """Of all settings only the database's, so that a migration job needs no others."""

    model_config = SettingsConfigDict(env_prefix="ANALYZER_")


if __name__ == "__main__":
    settings = Settings()
    upgrade(package="analyzer", address=settings.database_address(), role=settings.database_role)
