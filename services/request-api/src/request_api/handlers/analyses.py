"""Ask for analyses, and read what was asked for."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import structlog
from chassis.problems import Conflict, NotFound, Unauthorized, Unavailable, Unprocessable, responses
from contracts.vocabulary import AnalysisStatus, Depth, KnownIndustry, ReviewType
from fastapi import APIRouter, Header, Response
from pydantic import BaseModel, ConfigDict, Field

from request_api.domain import AnalysisOptions
from request_api.handlers.fields import Topic
from request_api.handlers.services import PrincipalDep, ServicesDep

router = APIRouter(
    prefix="/api/v1/analysis",
    tags=["analyses"],
    responses=responses(Unauthorized, NotFound, Unprocessable, Unavailable),
)


class AnalyzeBody(BaseModel):
    """What to analyse for; unknown fields are ignored."""

    industry: KnownIndustry
    analysis_depth: Depth = Depth.STANDARD
    review_type: ReviewType = ReviewType.COMPREHENSIVE
    compare_to_market: bool = False
    focus_areas: Annotated[list[Topic], Field(max_length=20)] = []


class AnalysisAccepted(BaseModel):
    """The promise that the analysis will end, one way or another."""

    analysis_id: UUID
    status: AnalysisStatus
    message: str


class RequestView(BaseModel):
    """A request, and the status last heard of; results-api knows the status first."""

    model_config = ConfigDict(from_attributes=True)

    analysis_id: UUID
    resume_id: UUID
    resume_version: int
    candidate_id: UUID
    candidate_name: str
    file_name: str
    industry: str | None
    depth: Depth
    review_type: ReviewType
    status: AnalysisStatus
    failure_code: str | None
    requested_at: datetime
    completed_at: datetime | None


@router.post("/resumes/{resume_id}/analyze", status_code=202, responses=responses(Conflict))
async def analyze(
    resume_id: UUID,
    body: AnalyzeBody,
    principal: PrincipalDep,
    services: ServicesDep,
    response: Response,
    idempotency_key: Annotated[str | None, Header(pattern=r"^[\x21-\x7e]{1,255}$")] = None,
) -> AnalysisAccepted:
    """Ask for an analysis. Its status can be polled at `Location` from the moment of the answer on."""
    analysis_id = await services.submit_analysis(
        principal,
        resume_id=resume_id,
        options=AnalysisOptions(
            industry=body.industry,
            depth=body.analysis_depth,
            review_type=body.review_type,
            compare_to_market=body.compare_to_market,
            focus_areas=tuple(body.focus_areas),
        ),
        idempotency_key=idempotency_key,
    )
    structlog.contextvars.bind_contextvars(analysis_id=str(analysis_id))
    response.headers["Location"] = f"/api/v1/analysis/analysis/{analysis_id}/status"
    return AnalysisAccepted(
        analysis_id=analysis_id,
        status=AnalysisStatus.PENDING,
        message="Analysis request created successfully",
    )


@router.get("/requests/{analysis_id}")
async def read_request(analysis_id: UUID, principal: PrincipalDep, services: ServicesDep) -> RequestView:
    """A request by the analysis's id, from the moment it was accepted."""
    async with services.database.transaction() as connection:
        request = await services.repository.get_request(connection, principal, analysis_id)
    return RequestView.model_validate(request)
