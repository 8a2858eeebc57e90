"""Upload a resume: read the file once and store its text, but not the file."""

from datetime import UTC, datetime
from typing import BinaryIO
from uuid import UUID, uuid4

from chassis.db.database import Database
from chassis.principal import Principal
from documents.reader import DocumentReader

from request_api.domain.resume import NewResume
from request_api.storage import Repository


class UploadResume:
    """Read a file and store its text as the candidate's next version."""

    def __init__(self, *, database: Database, repository: Repository, reader: DocumentReader) -> None:
        self._database = database
        self._repository = repository
        self._reader = reader

    async def __call__(
        self,
        principal: Principal,
        *,
        candidate_id: UUID,
        file_name: str,
        file: BinaryIO,
        reading_seconds: float | None = None,
    ) -> NewResume:
        """Read a file that is on disk, within `reading_seconds` if given, and store its text.

        Raises:
            CandidateNotFound: the candidate does not exist, or the principal may not see it.
            DocumentError: the file is not accepted, for the reason that the error names.
            UserUnknown: the database does not have the principal.
            DatabaseUnavailable: the database is unavailable.
        """
        # Checked before reading, which is expensive.
        async with self._database.transaction() as connection:
            await self._repository.candidates.check(connection, principal, candidate_id)
        document = await self._reader.read(file, user_id=principal.user_id, seconds=reading_seconds)
        new = NewResume(
            id=uuid4(),
            candidate_id=candidate_id,
            file_name=file_name,
            file_hash=document.sha256,
            text=document.text,
            signals=document.signals,
            uploaded_at=datetime.now(UTC),
        )
        async with self._database.transaction() as connection:
            await self._repository.resumes.add(connection, principal, new)
        return new
