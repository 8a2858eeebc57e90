"""Bring the database to the newest version: `python -m request_api.migrate`. Safe to run again.

On a database with Schema v1.1 the tables that stand are adopted as they are, and only additive ones are made.
"""

from chassis.migrations import upgrade
from chassis.settings import MigrationSettings
from pydantic_settings import SettingsConfigDict


class Settings(MigrationSettings):
    """Of all settings only the database's, so that a migration job needs no others."""

    model_config = SettingsConfigDict(env_prefix="REQUEST_API_")


if __name__ == "__main__":
    settings = Settings()
    upgrade(package="request_api", address=settings.database_address(), role=settings.database_role)
