"""Cancel an upload that was never read. Only the legacy backend left such uploads."""

from uuid import UUID

from chassis.db.database import Database
from chassis.principal import Principal

from request_api.storage import Repository


class CancelUpload:
    """End an upload that was never read."""

    def __init__(self, *, database: Database, repository: Repository) -> None:
        self._database = database
        self._repository = repository

    async def __call__(self, principal: Principal, resume_id: UUID) -> None:
        """Cancel an upload that the principal may see.

        Raises:
            ResumeNotFound: the upload does not exist, or the principal may not see it.
            UploadHasEnded: the file was already read.
            DatabaseUnavailable: the database is unavailable.
        """
        async with self._database.transaction() as connection:
            upload = await self._repository.uploads.get(connection, principal, resume_id, lock=True)
            upload.check_cancellable()
            await self._repository.uploads.cancel(connection, resume_id)
