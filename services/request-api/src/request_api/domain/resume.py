"""Resumes, as they are uploaded, listed and analysed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from chassis.principal import Principal
from contracts.document import DocumentSignals
from contracts.vocabulary import MAX_TEXT_CHARACTERS

from request_api.domain.errors import ResumeNotDeletable, ResumeNotReadable, ResumeTooLong, UploadHasEnded

# Media types of the accepted file types.
MIME_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "txt": "text/plain",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewResume:
    """A file that was read and is to be stored as the candidate's next version."""

    id: UUID
    candidate_id: UUID
    file_name: str
    file_hash: str
    text: str
    signals: DocumentSignals
    uploaded_at: datetime

    @property
    def mime_type(self) -> str:
        """Media type of the file's content, regardless of the name and type that the client sent."""
        return MIME_TYPES[self.signals.file_type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """A resume that can be analysed, with its candidate. `version` counts the candidate's resumes.

    Raises:
        ResumeNotReadable, ResumeTooLong: the text cannot be analysed. The legacy backend stored such files.
    """

    id: UUID
    version: int
    candidate_id: UUID
    candidate_name: str
    file_name: str
    text: str
    signals: DocumentSignals | None

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ResumeNotReadable
        if len(self.text) > MAX_TEXT_CHARACTERS:
            raise ResumeTooLong


class UploadStatus(StrEnum):
    """Values of `resumes.status`. Only the legacy backend leaves uploads pending or processing."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A stored upload. `extracted_text` is None if the file was not read, and in lists."""

    id: UUID
    candidate_id: UUID
    uploaded_by_user_id: UUID
    original_filename: str
    file_size: int
    mime_type: str
    version_number: int
    status: str
    extracted_text: str | None
    uploaded_at: datetime

    def check_cancellable(self) -> None:
        """Raise UploadHasEnded if the file was already read."""
        if self.status in (UploadStatus.COMPLETED, UploadStatus.ERROR):
            raise UploadHasEnded

    def check_deletable_by(self, principal: Principal) -> None:
        """Raise ResumeNotDeletable if the principal sees the resume only through an assignment."""
        if not (principal.sees_everything or self.uploaded_by_user_id == principal.user_id):
            raise ResumeNotDeletable
