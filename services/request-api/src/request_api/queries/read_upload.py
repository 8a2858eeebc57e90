"""Read an upload with its text."""

from uuid import UUID

from chassis.db.database import Database
from chassis.principal import Principal

from request_api.domain.resume import Upload
from request_api.storage import Repository


class ReadUpload:
    """Read an upload that a principal may see."""

    def __init__(self, *, database: Database, repository: Repository) -> None:
        self._database = database
        self._repository = repository

    async def __call__(self, principal: Principal, resume_id: UUID) -> Upload:
        """Return the upload. Raises ResumeNotFound, DatabaseUnavailable."""
        async with self._database.transaction() as connection:
            return await self._repository.uploads.get(connection, principal, resume_id)
