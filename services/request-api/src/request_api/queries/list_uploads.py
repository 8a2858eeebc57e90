"""List uploads, newest first."""

from chassis.db.database import Database
from chassis.principal import Principal

from request_api.domain.resume import Upload, UploadStatus
from request_api.storage import Repository


class ListUploads:
    """List the uploads of a principal."""

    def __init__(self, *, database: Database, repository: Repository) -> None:
        self._database = database
        self._repository = repository

    async def __call__(
        self, principal: Principal, *, status: UploadStatus | None, limit: int, offset: int
    ) -> tuple[list[Upload], int]:
        """Return a page of uploads without texts, and their total number. Raises DatabaseUnavailable."""
        async with self._database.transaction() as connection:
            return await self._repository.uploads.page(
                connection, principal, status=status, limit=limit, offset=offset
            )
