"""End what the existing backend left running: `python -m request_api.end_stale --hours 24 [--apply]`.

Its analyses ran inside its process, and a restart left their requests `processing` for ever. Ours are not
touched: they end by themselves. Without `--apply` it only says what it would do.
"""

import argparse
import asyncio
from datetime import UTC, datetime, timedelta

from chassis.db import Database
from chassis.logs import configure_logs, get_logger
from chassis.settings import DatabaseSettings
from pydantic_settings import SettingsConfigDict

from request_api.repository import Repository

log = get_logger(__name__)


class Settings(DatabaseSettings):
    """Of all settings only the database's."""

    model_config = SettingsConfigDict(env_prefix="REQUEST_API_")


async def end_stale(database: Database, *, before: datetime, apply: bool) -> int:
    """End requests of the existing backend that were made before a time; returns how many there are."""
    async with database.transaction() as connection:
        stale = await Repository().requests.end_stale(connection, before=before, apply=apply)
    for request in stale:
        log.info("ended" if apply else "would end", analysis_id=str(request), reason="abandoned")
    return len(stale)


async def _main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--hours", type=float, default=24, help="older than this (default: 24)")
    parser.add_argument("--apply", action="store_true", help="do it")
    arguments = parser.parse_args()
    configure_logs(service="request_api.end_stale", log_format="console")
    database = Database(
        address=Settings().database_address(), pool_size=1, application_name="request-api-end-stale"
    )
    try:
        before = datetime.now(UTC) - timedelta(hours=arguments.hours)
        count = await end_stale(database, before=before, apply=arguments.apply)
        log.info("done" if arguments.apply else "nothing was changed; --apply does it", requests=count)
    finally:
        await database.close()


if __name__ == "__main__":
    asyncio.run(_main())
