"""Migrate the database to the newest version: `python -m analyzer.migrate`. Safe to run again."""

from chassis.db.migrations import main
from chassis.settings import MigrationSettings
from pydantic_settings import SettingsConfigDict


class Settings(MigrationSettings):
    """Database settings only, so a migration job needs nothing else."""

    model_config = SettingsConfigDict(env_prefix="ANALYZER_")


if __name__ == "__main__":
    main(package="analyzer", settings=Settings())
