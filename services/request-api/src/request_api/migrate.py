"""Bring the database to the newest version: `python -m request_api.migrate`. Safe to run again.

On a database with Schema v1.1 the existing tables are adopted as they are, and only missing ones are created.
`--check` prints the findings and the planned changes, and changes nothing.
"""

from chassis.db.adoption import CannotMigrate
from chassis.db.database import Connection
from chassis.db.migrations import Findings, main
from chassis.settings import MigrationSettings
from pydantic_settings import SettingsConfigDict

from request_api.domain.legacy_backend import VERSIONS
from request_api.storage.jobs import Jobs
from request_api.storage.legacy.industries import LegacyIndustries
from request_api.storage.matches import Matches


class Settings(MigrationSettings):
    """Database settings only, so a migration job needs nothing else."""

    model_config = SettingsConfigDict(env_prefix="REQUEST_API_")


async def examine(connection: Connection) -> Findings:
    """Describe how industries are stored.

    Raises:
        CannotMigrate: the database allows no name for some industries, or has another table `jobs` or
            `matches`.
    """
    taken = {"jobs": Jobs().is_name_taken, "matches": Matches().is_name_taken}
    for table, is_taken in taken.items():
        if await is_taken(connection):
            raise CannotMigrate(
                f"{table}: another application has a table of this name here; rename it first"
            )
    legacy = await LegacyIndustries().find(connection)
    if legacy is None:
        return Findings(found=["no legacy backend shares this database: industries are stored as requested"])
    if legacy.not_storable:
        raise CannotMigrate(
            "review_requests.target_industry: its check constraints allow no name for"
            f" {', '.join(legacy.not_storable)}; allow those of one version of the legacy backend:"
            f" {' or '.join(', '.join(sorted(version)) for version in VERSIONS)}"
        )
    renamed = ", ".join(f"{name} as {stored}" for name, stored in legacy.stored.items() if name != stored)
    unreadable = await LegacyIndustries().count_unreadable(connection, legacy)
    found = [
        f"the legacy backend shares this database and knows the industries {', '.join(sorted(legacy.known))}",
        f"industries that it does not know are stored as the nearest that it knows: {renamed}",
    ]
    rename = [f"rename the industry of {unreadable} analyses that it could not read"]
    return Findings(found=found, would_do=rename if unreadable else [])


async def repair(connection: Connection) -> None:
    """Rename the industries of existing analyses to names that the legacy backend knows."""
    legacy = await LegacyIndustries().find(connection)
    if legacy is not None:
        await LegacyIndustries().rename_unreadable(connection, legacy)


if __name__ == "__main__":
    main(package="request_api", settings=Settings(), examine=examine, repair=repair)
