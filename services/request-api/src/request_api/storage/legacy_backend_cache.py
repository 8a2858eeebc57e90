"""A cache of what the database shows of the legacy backend."""

import time
from typing import Final

from chassis.db.database import Database

from request_api.domain.legacy_backend import LegacyBackend
from request_api.storage.legacy_industries import LegacyIndustries

# Time until a new version of the legacy backend is noticed. Looking it up takes two to four short statements.
CACHE_SECONDS: Final = 60


class LegacyBackendCache:
    """Find the legacy backend on demand, and keep the result for `CACHE_SECONDS`."""

    def __init__(self, *, database: Database, industries: LegacyIndustries) -> None:
        self._database = database
        self._industries = industries
        self._found_at: float | None = None
        self._legacy_backend: LegacyBackend | None = None

    async def get(self) -> LegacyBackend | None:
        """Return the legacy backend, or None if it does not share the database.

        Raises:
            DatabaseUnavailable: the database is unavailable.
        """
        if self._found_at is None or time.monotonic() - self._found_at >= CACHE_SECONDS:
            async with self._database.autocommit() as connection:
                self._legacy_backend = await self._industries.find(connection)
            self._found_at = time.monotonic()
        return self._legacy_backend

    def clear(self) -> None:
        """Query the database again on the next call."""
        self._found_at = None
