"""Routes that return a resume as JSON Resume, or without the identity of its person."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Final
from uuid import UUID

from chassis.errors import NotFound, Problem, TooManyRequests, Unauthorized, Unavailable, Unprocessable
from chassis.http.accept import preferred_media_type
from chassis.http.authentication import AuthenticatedRoute, caller_of
from chassis.http.concurrency import ConcurrencyLimit
from chassis.http.forms import blank_or
from chassis.http.problems import responses
from exports.errors import ExportError
from fastapi import APIRouter, Query, Request, Response
from printing.errors import PrintingError

from request_api.domain.resume import MIME_TYPES
from request_api.http.errors import ExportsBusy, TooManyExports
from request_api.http.services import context_of
from request_api.queries.export_resume import BlindFormat, short_id

router = APIRouter(
    route_class=AuthenticatedRoute,
    prefix="/api/v1/resume_upload",
    tags=["resumes"],
    responses=responses(Unauthorized, NotFound, Unprocessable, TooManyRequests, Unavailable),
)

WAIT_SECONDS: Final = 1.0
_WAITING_PER_USER: Final = 4
# An export holds personal data, or what is left of it. No cache may keep it.
_PRIVATE: Final = {"Cache-Control": "private, no-store"}
_DOCX, _PDF = MIME_TYPES["docx"], MIME_TYPES["pdf"]
_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
_NAME_FOUND: Final = "Blind-Name-Found"
_HEADERS: Final[dict[str, Any]] = {
    _NAME_FOUND: {
        "description": "`false` if no name of the person was recognised in the text: check the result.",
        "schema": {"type": "string", "enum": ["true", "false"]},
    },
    "Content-Disposition": {"schema": {"type": "string"}},
}


def export_limit(*, in_all: int) -> ConcurrencyLimit:
    """Return the limit on exports at the same time. One user never takes all places but one."""
    return ConcurrencyLimit(
        in_all=in_all,
        per_user=max(1, in_all - 1),
        all_taken=ExportsBusy,
        own_taken=TooManyExports,
        wait_seconds=WAIT_SECONDS,
        waiting_per_user=_WAITING_PER_USER,
    )


@router.get(
    "/{resume_id}/json-resume",
    response_class=Response,
    responses={
        200: {
            "description": "The resume in the format of https://jsonresume.org/schema.",
            "content": {"application/json": {"schema": {"type": "object"}}},
        }
    },
)
async def read_json_resume(resume_id: UUID, request: Request) -> Response:
    """Return a resume as JSON Resume. Fields that cannot be read for certain are left out."""
    context = context_of(request)
    async with _limit_of(request).hold_in_turn(caller_of(request).user_id):
        with _as_problems():
            data = await context.services.export_resume.json_resume(context.principal, resume_id)
    return Response(data, media_type="application/json", headers=_PRIVATE)


@router.get(
    "/{resume_id}/blind",
    response_class=Response,
    responses={
        200: {
            "description": "The content in a plain layout, as a file whose name is no person's.",
            "content": {_DOCX: _BINARY, _PDF: _BINARY},
            "headers": _HEADERS,
        }
    },
)
async def read_blind_resume(
    resume_id: UUID,
    request: Request,
    format: Annotated[  # noqa: A002 - the name of the parameter
        BlindFormat | None,
        blank_or(BlindFormat),
        Query(description="Without it, `Accept` decides; the default is `docx`."),
    ] = None,
) -> Response:
    """Return a resume without name, contact details and other signs of identity, as DOCX or PDF."""
    form = format or _accepted(request)
    context = context_of(request)
    async with _limit_of(request).hold_in_turn(caller_of(request).user_id):
        with _as_problems():
            export = await context.services.export_resume.blind(context.principal, resume_id, form)
    headers = {
        **_PRIVATE,
        "Content-Disposition": f'attachment; filename="resume-{short_id(resume_id)}.{form}"',
        "Vary": "Accept",
        _NAME_FOUND: str(export.has_name).lower(),
    }
    return Response(export.data, media_type=MIME_TYPES[form], headers=headers)


def _limit_of(request: Request) -> ConcurrencyLimit:
    limit: ConcurrencyLimit = request.app.state.exports
    return limit


def _accepted(request: Request) -> BlindFormat:
    return "pdf" if preferred_media_type(request.headers, _DOCX, _PDF) == _PDF else "docx"


@contextmanager
def _as_problems() -> Iterator[None]:
    try:
        yield
    except (ExportError, PrintingError) as error:
        problem: type[Problem] = Unprocessable if error.retry_after is None else Unavailable
        detail = error.message if isinstance(error, ExportError) else error.sentence("ask for the DOCX")
        raise problem(detail, code=error.code, retry_after=error.retry_after) from error
