"""Upload resumes."""

from pathlib import PurePosixPath
from uuid import UUID

from chassis.problems import (
    ContentTooLarge,
    NotFound,
    Problem,
    Unauthorized,
    Unavailable,
    Unprocessable,
    UnsupportedMediaType,
    responses,
)
from fastapi import APIRouter, UploadFile
from pydantic import BaseModel, Field

from request_api.documents.errors import DocumentError
from request_api.documents.read import MAX_FILE_BYTES
from request_api.handlers.services import PrincipalDep, ServicesDep

router = APIRouter(
    prefix="/api/v1/resume_upload",
    tags=["resumes"],
    responses=responses(Unauthorized, NotFound, Unprocessable, Unavailable),
)

# The file, and what multipart wraps around it.
MAX_UPLOAD_BYTES = MAX_FILE_BYTES + 64 * 1024


_PROBLEMS: dict[int, type[Problem]] = {
    problem.status: problem for problem in (ContentTooLarge, UnsupportedMediaType, Unprocessable, Unavailable)
}


class FileView(BaseModel):
    """The file as a browser describes one; `type` is what its bytes are, `lastModified` in milliseconds."""

    name: str
    size: int
    type: str
    lastModified: int  # noqa: N815 - the frontend's name


class UploadView(BaseModel):
    """A resume that was taken in."""

    id: UUID
    candidate_id: UUID
    filename: str
    file: FileView
    status: str = Field(description="Always `completed`: reading ends before the answer.")
    progress: int
    extracted_text: str = Field(description="The visible text, as it will be analysed.")


@router.post(
    "/candidates/{candidate_id}/resumes",
    status_code=201,
    max_body_size=MAX_UPLOAD_BYTES,
    responses=responses(ContentTooLarge, UnsupportedMediaType),
)
async def upload_resume(
    candidate_id: UUID, file: UploadFile, principal: PrincipalDep, services: ServicesDep
) -> UploadView:
    """Upload a PDF, DOCX or TXT of up to 30 MB as the candidate's next version."""
    try:
        uploaded = await services.upload_resume(
            principal,
            candidate_id=candidate_id,
            file_name=_file_name(file.filename),
            load=file.read,
        )
    except DocumentError as error:
        raise _PROBLEMS[error.status](error.detail, code=error.code, retry_after=error.retry_after) from error
    return UploadView(
        id=uploaded.resume_id,
        candidate_id=candidate_id,
        filename=uploaded.file_name,
        file=FileView(
            name=uploaded.file_name,
            size=uploaded.document.signals.file_bytes,
            type=uploaded.mime_type,
            lastModified=int(uploaded.uploaded_at.timestamp() * 1000),
        ),
        status="completed",
        progress=100,
        extracted_text=uploaded.document.text,
    )


def _file_name(claimed: str | None) -> str:
    """The last part of what the browser sent, without what a name cannot hold, cut to the column."""
    last = PurePosixPath((claimed or "").replace("\\", "/")).name
    printable = "".join(char for char in last if char.isprintable() and not "\ud800" <= char <= "\udfff")
    return printable[-255:] or "resume"
