"""Routes that request, read and cancel analyses."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from chassis.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    NotFound,
    TooManyRequests,
    Unauthorized,
    Unavailable,
    Unprocessable,
)
from chassis.http.authentication import AuthenticatedRoute
from chassis.http.forms import JsonBody
from chassis.http.problems import responses
from chassis.telemetry.trace import bind_ids
from contracts.plain_text import PlainLine
from contracts.vocabulary import INDUSTRIES, AnalysisStatus, Depth, KnownIndustry, ReportLanguage, ReviewType
from documents.reader import MAX_FILE_BYTES
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, Strict

from request_api.domain.analysis import AnalysisOptions
from request_api.domain.resume import MIME_TYPES
from request_api.http.fields import OptionalIdempotencyKey, Topic
from request_api.http.services import Services, context_of

router = APIRouter(
    route_class=AuthenticatedRoute,
    prefix="/api/v1/analysis",
    tags=["analyses"],
    responses=responses(Unauthorized, Unprocessable, Unavailable),
)
# As in the legacy backend, these routes need no token.
open_router = APIRouter(prefix="/api/v1/analysis", tags=["analyses"])


class AnalyzeBody(JsonBody):
    """Options of an analysis. Unknown fields are ignored."""

    industry: KnownIndustry
    analysis_depth: Annotated[Depth, Strict(False)] = Depth.STANDARD
    review_type: Annotated[ReviewType, Strict(False)] = ReviewType.COMPREHENSIVE
    compare_to_market: bool = False
    focus_areas: list[Topic] = Field(default=[], max_length=20)
    report_language: Annotated[ReportLanguage, Strict(False)] | None = Field(
        default=None,
        description="Language of the report. `resume` is the resume's own, null the deployment's default.",
    )


class AnalysisAccepted(BaseModel):
    """An accepted analysis. Every accepted analysis ends."""

    analysis_id: UUID
    status: AnalysisStatus
    message: str


class RequestView(BaseModel):
    """A request with its last known status. results-api knows the status first."""

    model_config = ConfigDict(from_attributes=True)

    analysis_id: UUID
    resume_id: UUID
    resume_version: int
    candidate_id: UUID
    candidate_name: PlainLine
    file_name: PlainLine
    industry: str | None
    depth: Depth
    review_type: ReviewType
    status: AnalysisStatus
    failure_code: str | None
    requested_at: datetime
    completed_at: datetime | None


class CancelAccepted(BaseModel):
    """An accepted cancellation. An analysis that has ended in the meantime keeps its status."""

    message: str


class RateLimits(BaseModel):
    """Limits per user."""

    analyses_per_day: int
    requests_per_second: int
    requests_burst: int


class LimitsView(BaseModel):
    """Limits and accepted values of uploads and analyses."""

    max_file_size_mb: int
    max_analyses_per_day: int
    supported_file_types: list[str]
    supported_industries: list[str]
    rate_limits: RateLimits


@router.post(
    "/resumes/{resume_id}/analyze",
    status_code=202,
    responses=responses(Forbidden, NotFound, Conflict, TooManyRequests),
)
async def analyze(
    resume_id: UUID,
    body: AnalyzeBody,
    request: Request,
    response: Response,
    idempotency_key: OptionalIdempotencyKey = None,
) -> AnalysisAccepted:
    """Request an analysis. Its status can be polled at `Location` as soon as this responds."""
    context = context_of(request)
    analysis_id = await context.services.submit_analysis(
        context.principal,
        resume_id=resume_id,
        options=AnalysisOptions(
            industry=body.industry,
            depth=body.analysis_depth,
            review_type=body.review_type,
            compare_to_market=body.compare_to_market,
            focus_areas=tuple(body.focus_areas),
            report_language=body.report_language,
        ),
        idempotency_key=idempotency_key,
    )
    bind_ids(analysis_id=str(analysis_id))
    response.headers["Location"] = f"/api/v1/analysis/analysis/{analysis_id}/status"
    return AnalysisAccepted(
        analysis_id=analysis_id,
        status=AnalysisStatus.PENDING,
        message="Analysis request created successfully",
    )


@router.delete("/{analysis_id}/cancel", responses=responses(BadRequest, NotFound))
async def cancel(analysis_id: UUID, request: Request) -> CancelAccepted:
    """Cancel an analysis. Responds with 400 if it has already ended."""
    context = context_of(request)
    bind_ids(analysis_id=str(analysis_id))
    await context.services.cancel_analysis(context.principal, analysis_id)
    return CancelAccepted(message="The analysis is being cancelled.")


@open_router.get("/config/limits")
async def read_limits(request: Request) -> LimitsView:
    """Return the limits of uploads and analyses. Needs no token."""
    services: Services = request.app.state.services
    settings = services.settings
    return LimitsView(
        max_file_size_mb=MAX_FILE_BYTES // (1024 * 1024),
        max_analyses_per_day=settings.max_analyses_per_day,
        supported_file_types=list(MIME_TYPES),
        supported_industries=list(INDUSTRIES),
        rate_limits=RateLimits(
            analyses_per_day=settings.max_analyses_per_day,
            requests_per_second=settings.gateway_requests_per_second,
            requests_burst=settings.gateway_burst,
        ),
    )


@router.get("/requests/{analysis_id}", responses=responses(NotFound))
async def read_request(analysis_id: UUID, request: Request) -> RequestView:
    """Return the request of an analysis, from the moment it was accepted."""
    context = context_of(request)
    analysis = await context.services.read_analysis(context.principal, analysis_id)
    return RequestView.model_validate(analysis)
