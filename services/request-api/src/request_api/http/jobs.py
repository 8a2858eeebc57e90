"""Routes that create, list, read, edit, close and delete jobs."""

from typing import Annotated, Any, Final
from uuid import UUID

from chassis.errors import (
    BadRequest,
    Conflict,
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
from documents.errors import DocumentError
from fastapi import APIRouter, Form, Query, Request, Response, UploadFile
from pydantic import TypeAdapter
from starlette.datastructures import Headers
from starlette.routing import Match
from starlette.types import Scope

from request_api.domain.job import JobStatus
from request_api.http.errors import document_problem
from request_api.http.fields import OptionalIdempotencyKey, Title, Version
from request_api.http.job_models import (
    EditedRequirements,
    JobBody,
    JobLanguage,
    JobList,
    JobSummary,
    JobView,
    RewrittenJob,
)
from request_api.http.receiving import UploadRoute
from request_api.http.services import context_of
from request_api.http.uploads import MAX_UPLOAD_BYTES

# The longest text in Japanese, of which some JSON encoders make six bytes per character. As in the gateway.
MAX_JOB_BYTES: Final = 128 * 1024

router = APIRouter(
    route_class=AuthenticatedRoute,
    prefix="/api/v1",
    tags=["jobs"],
    responses=responses(Unauthorized, Unprocessable, Unavailable),
)


class _FormRoute(UploadRoute):
    """A route for a form with a file. Other bodies are for the next route with the same path."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, child_scope = super().matches(scope)
        kind = Headers(scope=scope).get("content-type", "")
        if not kind.lower().startswith("multipart/form-data"):
            return Match.NONE, {}
        return match, child_scope


_receiving = APIRouter(route_class=_FormRoute)

# FastAPI documents one route for each path and method.
_FORM: Final[dict[str, Any]] = {
    "requestBody": {
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["title", "file"],
                    "properties": {
                        "title": TypeAdapter(Title).json_schema(),
                        "language": {"type": "string", "enum": ["", "en", "ja"]},
                        "file": {
                            "type": "string",
                            "contentMediaType": "application/octet-stream",
                            "description": "A PDF, DOCX or TXT with the text of the job.",
                        },
                    },
                }
            }
        }
    }
}


@_receiving.post("/jobs/", status_code=201, max_body_size=MAX_UPLOAD_BYTES, include_in_schema=False)
@_receiving.post("/jobs", status_code=201, max_body_size=MAX_UPLOAD_BYTES, include_in_schema=False)
async def create_job_from_file(
    file: UploadFile,
    title: Annotated[Title, Form()],
    request: Request,
    response: Response,
    language: Annotated[JobLanguage | None, blank_or(JobLanguage), Form()] = None,
    idempotency_key: OptionalIdempotencyKey = None,
) -> JobView:
    """Create a job from a PDF, DOCX or TXT. The file is not kept."""
    context = context_of(request)
    try:
        job, version = await context.services.create_job.from_file(
            context.principal,
            title=title,
            language=language,
            file=file.file,
            reading_seconds=request.state.reading_seconds,
            idempotency_key=idempotency_key,
        )
    except DocumentError as error:
        raise document_problem(error) from error
    response.headers["Location"] = f"/api/v1/jobs/{job.id}"
    return JobView.of(job, version)


router.include_router(_receiving)


@router.post("/jobs/", status_code=201, max_body_size=MAX_JOB_BYTES, include_in_schema=False)
@router.post(
    "/jobs",
    status_code=201,
    max_body_size=MAX_JOB_BYTES,
    openapi_extra=_FORM,
    responses=responses(
        BadRequest,
        Forbidden,
        RequestTimeout,
        Conflict,
        ContentTooLarge,
        UnsupportedMediaType,
        TooManyRequests,
    ),
)
async def create_job(
    body: JobBody, request: Request, response: Response, idempotency_key: OptionalIdempotencyKey = None
) -> JobView:
    """Create a job from its text, or from a PDF, DOCX or TXT of up to 30 MB, and extract its requirements."""
    context = context_of(request)
    job, version = await context.services.create_job.from_text(
        context.principal, body.job_text(), idempotency_key=idempotency_key
    )
    response.headers["Location"] = f"/api/v1/jobs/{job.id}"
    return JobView.of(job, version)


@router.get("/jobs/", include_in_schema=False)
@router.get("/jobs")
async def list_jobs(
    request: Request,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    page_size: Annotated[int, Query(ge=1, le=50)] = 10,
    status: Annotated[JobStatus | None, blank_or(JobStatus)] = None,
) -> JobList:
    """List the jobs that the caller may see, newest first, without their texts."""
    context = context_of(request)
    found, total = await context.services.list_jobs(
        context.principal, status=status, limit=page_size, offset=(page - 1) * page_size
    )
    return JobList(
        jobs=[JobSummary.of(each) for each in found], total_count=total, page=page, page_size=page_size
    )


@router.get("/jobs/{job_id}", responses=responses(NotFound))
async def read_job(job_id: UUID, request: Request, version: Version | None = None) -> JobView:
    """Return a job in its latest version, or in the version that is asked for."""
    context = context_of(request)
    return JobView.of(*await context.services.read_job(context.principal, job_id, version=version))


@router.put("/jobs/{job_id}", max_body_size=MAX_JOB_BYTES, responses=responses(NotFound, Conflict))
async def rewrite_job(job_id: UUID, body: RewrittenJob, request: Request) -> JobView:
    """Replace title, text and language in a new version, and extract the requirements anew.

    Requirements that a consultant added or edited stay as they are, and those that a consultant removed stay
    removed. Responds with 409 if the job has a newer version than the one that was read.
    """
    context = context_of(request)
    rewritten = await context.services.rewrite_job(
        context.principal, job_id, body.job_text(), version=body.version
    )
    return JobView.of(*rewritten)


@router.put(
    "/jobs/{job_id}/requirements", max_body_size=MAX_JOB_BYTES, responses=responses(NotFound, Conflict)
)
async def edit_requirements(job_id: UUID, body: EditedRequirements, request: Request) -> JobView:
    """Replace all requirements in a new version: those left out are removed, those without an id are added.

    Responds with 409 if the job has a newer version than the one that was read, and with 422 to a requirement
    about age, gender, nationality, health or family.
    """
    context = context_of(request)
    edited = await context.services.edit_requirements(
        context.principal, job_id, [each.edit() for each in body.requirements], version=body.version
    )
    return JobView.of(*edited)


@router.post("/jobs/{job_id}/close", responses=responses(NotFound))
async def close_job(job_id: UUID, request: Request) -> JobView:
    """Close a job. It stays readable and can be opened again."""
    context = context_of(request)
    return JobView.of(*await context.services.close_job.close(context.principal, job_id))


@router.post("/jobs/{job_id}/reopen", responses=responses(NotFound, Conflict))
async def reopen_job(job_id: UUID, request: Request) -> JobView:
    """Open a closed job again."""
    context = context_of(request)
    return JobView.of(*await context.services.close_job.reopen(context.principal, job_id))


@router.delete("/jobs/{job_id}", status_code=204, responses=responses(NotFound))
async def delete_job(job_id: UUID, request: Request) -> None:
    """Delete a job with all its versions."""
    context = context_of(request)
    await context.services.delete_job(context.principal, job_id)
