"""Erase the cached responses about a resume."""

from uuid import UUID

from chassis.db.database import Database
from chassis.telemetry.logs import get_logger

from analyzer.storage.cached_responses import CachedResponses

log = get_logger(__name__)


class EraseResponses:
    """Deletes the cached responses about a resume and prevents new ones; idempotent."""

    def __init__(self, *, database: Database, responses: CachedResponses) -> None:
        self._database = database
        self._responses = responses

    async def __call__(self, resume_id: UUID) -> None:
        """Erase the responses about a resume.

        Raises:
            DatabaseUnavailable: The database is unavailable; the outcome is unknown.
        """
        async with self._database.transaction() as connection:
            deleted = await self._responses.erase(connection, resume_id)
        log.info("cached responses erased", deleted=deleted)
