"""Migrate the database to the newest version: `python -m results_api.migrate`. It is safe to repeat.

In a database with Schema v1.1, existing tables are adopted unchanged and additional ones are created.
`--check` prints the existing state and the planned changes, and changes nothing.
"""

from chassis.db.adoption import WrongOrder
from chassis.db.database import Connection
from chassis.db.migrations import Findings, main
from chassis.settings import MigrationSettings
from pydantic_settings import SettingsConfigDict

from results_api.storage.legacy_backend import LegacyBackend


class Settings(MigrationSettings):
    """Database settings only, so a migration job needs nothing else."""

    model_config = SettingsConfigDict(env_prefix="RESULTS_API_")


async def examine(connection: Connection) -> Findings:
    """Report the legacy backend's analyses. Raises WrongOrder if request-api has not migrated yet."""
    legacy = LegacyBackend()
    if not await legacy.has_analyses(connection):
        return Findings(found=["this database holds no analyses of a legacy backend"])
    several = await legacy.count_analyses_with_several_results(connection)
    found = [f"{several} analyses have several results; the newest is shown and all are kept"]
    if not await legacy.has_requested_industries(connection):
        raise WrongOrder("run `python -m request_api.migrate` first: this needs its tables", found=found)
    return Findings(found=found)


if __name__ == "__main__":
    main(package="results_api", settings=Settings(), examine=examine)
