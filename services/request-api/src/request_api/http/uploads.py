"""Routes that upload, list, read and delete resumes."""

from datetime import datetime
from pathlib import PurePosixPath
from typing import Annotated
from uuid import UUID

from chassis.errors import (
    BadRequest,
    ContentTooLarge,
    Forbidden,
    NotFound,
    RequestTimeout,
    TooManyRequests,
    Unauthorized,
    Unavailable,
    Unprocessable,
    UnsupportedMediaType,
)
from chassis.http.authentication import AuthenticatedRoute
from chassis.http.forms import blank_or
from chassis.http.problems import responses
from contracts.plain_text import PlainLine
from documents.errors import DocumentError
from documents.reader import MAX_FILE_BYTES
from fastapi import APIRouter, Query, Request, UploadFile
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from request_api.domain.resume import UploadStatus
from request_api.http.errors import document_problem
from request_api.http.receiving import UploadRoute
from request_api.http.services import context_of

router = APIRouter(
    route_class=AuthenticatedRoute,
    prefix="/api/v1/resume_upload",
    tags=["resumes"],
    responses=responses(Unauthorized, Unprocessable, Unavailable),
)
_receiving = APIRouter(route_class=UploadRoute)

# A file and its multipart envelope.
MAX_UPLOAD_BYTES = MAX_FILE_BYTES + 64 * 1024


class FileView(BaseModel):
    """The file as a browser describes it. `type` is detected from its bytes, `lastModified` is in ms."""

    name: PlainLine
    size: int
    type: str
    lastModified: int  # noqa: N815 - the frontend's name


class UploadView(BaseModel):
    """An accepted upload."""

    id: UUID
    candidate_id: UUID
    filename: PlainLine
    file: FileView
    status: str = Field(description="Always `completed`: reading ends before the answer.")
    progress: int
    extracted_text: str = Field(description="The visible text, as it will be analysed.")


class ListedUpload(BaseModel):
    """An upload in a list."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    candidate_id: UUID
    original_filename: PlainLine
    file_size: int
    mime_type: str
    version_number: int
    status: str
    uploaded_at: datetime


def _or_empty(value: str | None) -> str:
    return value or ""


class StoredUpload(ListedUpload):
    """An upload with its text."""

    extracted_text: Annotated[str, BeforeValidator(_or_empty)] = Field(
        description="Empty if the legacy backend could not read the file."
    )


class UploadList(BaseModel):
    """One page of uploads, newest first."""

    uploads: list[ListedUpload]
    total_count: int
    page: int
    page_size: int


class UploadCancelled(BaseModel):
    """A cancelled upload."""

    message: str


@_receiving.post(
    "/candidates/{candidate_id}/resumes",
    status_code=201,
    max_body_size=MAX_UPLOAD_BYTES,
    responses=responses(
        BadRequest,
        Forbidden,
        NotFound,
        RequestTimeout,
        ContentTooLarge,
        UnsupportedMediaType,
        TooManyRequests,
    ),
)
async def upload_resume(candidate_id: UUID, file: UploadFile, request: Request) -> UploadView:
    """Upload a PDF, DOCX or TXT of up to 30 MB as the candidate's next version."""
    context = context_of(request)
    try:
        resume = await context.services.upload_resume(
            context.principal,
            candidate_id=candidate_id,
            file_name=_file_name(file.filename),
            file=file.file,
            reading_seconds=request.state.reading_seconds,
        )
    except DocumentError as error:
        raise document_problem(error) from error
    return UploadView(
        id=resume.id,
        candidate_id=candidate_id,
        filename=resume.file_name,
        file=FileView(
            name=resume.file_name,
            size=resume.signals.file_bytes,
            type=resume.mime_type,
            lastModified=int(resume.uploaded_at.timestamp() * 1000),
        ),
        status="completed",
        progress=100,
        extracted_text=resume.text,
    )


router.include_router(_receiving)


@router.get("/")
@router.get("", include_in_schema=False)
async def list_uploads(
    request: Request,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    page_size: Annotated[int, Query(ge=1, le=50)] = 10,
    status: Annotated[UploadStatus | None, blank_or(UploadStatus)] = None,
) -> UploadList:
    """List the uploads of the caller, newest first, without their texts."""
    context = context_of(request)
    found, total = await context.services.list_uploads(
        context.principal, status=status, limit=page_size, offset=(page - 1) * page_size
    )
    return UploadList(
        uploads=[ListedUpload.model_validate(upload) for upload in found],
        total_count=total,
        page=page,
        page_size=page_size,
    )


@router.get("/{resume_id}", responses=responses(NotFound))
async def read_upload(resume_id: UUID, request: Request) -> StoredUpload:
    """Return one upload with its text."""
    context = context_of(request)
    upload = await context.services.read_upload(context.principal, resume_id)
    return StoredUpload.model_validate(upload)


@router.delete("/{resume_id}", status_code=204, responses=responses(Forbidden, NotFound))
async def delete_resume(resume_id: UUID, request: Request) -> None:
    """Delete a resume and everything that was derived from it. Running analyses are ended."""
    context = context_of(request)
    await context.services.delete_resume(context.principal, resume_id)


@router.delete("/{resume_id}/cancel", responses=responses(BadRequest, NotFound))
async def cancel_upload(resume_id: UUID, request: Request) -> UploadCancelled:
    """Cancel an upload that was never read. Responds with 400 if it was, as all new uploads are."""
    context = context_of(request)
    await context.services.cancel_upload(context.principal, resume_id)
    return UploadCancelled(message="The upload was cancelled.")


def _file_name(claimed: str | None) -> str:
    """Return the last part of the path that the browser sent, printable and at most 255 characters."""
    last = PurePosixPath((claimed or "").replace("\\", "/")).name
    printable = "".join(char for char in last if char.isprintable() and not "\ud800" <= char <= "\udfff")
    return printable[-255:] or "resume"
