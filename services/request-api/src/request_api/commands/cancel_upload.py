"""Cancel an upload. Ours are read before the answer: only the old backend left some unread."""

from uuid import UUID

from chassis.db.database import Database
from chassis.principal import Principal

from request_api.domain.analysis import UploadStatus
from request_api.errors import UploadHasEnded
from request_api.storage import Repository


class CancelUpload:
    """Ends an upload that was never read."""

    def __init__(self, *, database: Database, repository: Repository) -> None:
        self._database = database
        self._repository = repository

    async def __call__(self, principal: Principal, resume_id: UUID) -> None:
        """Raises ResumeNotFound, UploadHasEnded, DatabaseUnavailable."""
        async with self._database.transaction() as connection:
            upload = await self._repository.resumes.get_upload(connection, principal, resume_id, lock=True)
            if upload.status in (UploadStatus.COMPLETED, UploadStatus.ERROR):
                raise UploadHasEnded
            await self._repository.resumes.end_upload(connection, resume_id)
