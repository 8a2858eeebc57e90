"""Take a resume in: read it once, keep what was read, let the file go."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO
from uuid import UUID, uuid4

from chassis.db.database import Database
from chassis.principal import Principal
from documents.reader import Document, DocumentReader

from request_api.domain.analysis import MIME_TYPES
from request_api.storage import Repository


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploaded:
    """A resume as it was stored; `mime_type` is what the bytes are, whatever the caller called them."""

    resume_id: UUID
    file_name: str
    mime_type: str
    uploaded_at: datetime
    document: Document


class UploadResume:
    """Reads a file and stores it as the candidate's next version."""

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
    ) -> Uploaded:
        """Read a file that is on disk, within `reading_seconds` if given, and store what was read.

        Raises:
            CandidateNotFound: unknown, or not the principal's.
            DocumentError: the file cannot be taken; it says why.
            DatabaseUnavailable: nothing was stored, as far as is known.
        """
        # Asked first, so that nobody's file is read for a candidate they may not see.
        async with self._database.transaction() as connection:
            await self._repository.candidates.check(connection, principal, candidate_id)
        document = await self._reader.read(file, user_id=principal.user_id, seconds=reading_seconds)
        uploaded = Uploaded(
            resume_id=uuid4(),
            file_name=file_name,
            mime_type=MIME_TYPES[document.signals.file_type],
            uploaded_at=datetime.now(UTC),
            document=document,
        )
        async with self._database.transaction() as connection:
            await self._repository.resumes.add(
                connection,
                principal,
                resume_id=uploaded.resume_id,
                candidate_id=candidate_id,
                file_name=file_name,
                file_hash=document.sha256,
                mime_type=uploaded.mime_type,
                text=document.text,
                signals=document.signals,
                uploaded_at=uploaded.uploaded_at,
            )
        return uploaded
