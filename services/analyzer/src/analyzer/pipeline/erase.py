"""Erase what was remembered of a resume."""

from uuid import UUID

from chassis.db.database import Database
from chassis.telemetry.logs import get_logger

from analyzer.storage.repository import Repository

log = get_logger(__name__)


class EraseAnswers:
    """Deletes the answers about a resume and lets none be stored again; repeated, it changes nothing."""

    def __init__(self, *, database: Database, repository: Repository) -> None:
        self._database = database
        self._repository = repository

    async def __call__(self, resume_id: UUID) -> None:
        """Raises DatabaseUnavailable: nothing was erased, as far as is known."""
        async with self._database.transaction() as connection:
            deleted = await self._repository.erase(connection, resume_id)
        log.info("remembered answers erased", deleted=deleted)
