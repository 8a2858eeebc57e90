"""Routes that register, list and read candidates."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from chassis.errors import Conflict, Forbidden, NotFound, Unauthorized, Unavailable, Unprocessable
from chassis.http.authentication import AuthenticatedRoute
from chassis.http.forms import JsonBody
from chassis.http.problems import responses
from contracts.plain_text import PlainLine
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from request_api.domain.candidate import NewCandidate
from request_api.http.fields import Email, Name, Phone, ShortText, Years
from request_api.http.services import context_of

router = APIRouter(
    route_class=AuthenticatedRoute,
    prefix="/api/v1/candidates",
    tags=["candidates"],
    responses=responses(Unauthorized, Unprocessable, Unavailable),
)


class CandidateBody(JsonBody):
    """A new candidate."""

    first_name: Name
    last_name: Name
    email: Email | None = None
    phone: Phone | None = None
    current_company: ShortText | None = None
    current_position: ShortText | None = None
    years_experience: Years | None = None


def _or_zero(value: int | None) -> int:
    return value or 0


class CandidateView(BaseModel):
    """A candidate with a summary of its resumes."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    first_name: PlainLine
    last_name: PlainLine
    email: PlainLine | None
    phone: PlainLine | None
    current_company: PlainLine | None
    current_position: PlainLine | None
    years_experience: int | None
    status: str
    created_at: datetime
    total_resumes: int
    latest_resume_version: Annotated[int, BeforeValidator(_or_zero)] = Field(description="0 without a resume")


class CandidateCreated(BaseModel):
    """The new candidate, with a message that the frontend shows."""

    success: bool
    message: str
    candidate: CandidateView


class CandidateList(BaseModel):
    """One page of candidates."""

    candidates: list[CandidateView]
    total_count: int
    limit: int
    offset: int


@router.post("/", status_code=201, responses=responses(Forbidden, Conflict), include_in_schema=False)
@router.post("", status_code=201, responses=responses(Forbidden, Conflict))
async def create_candidate(body: CandidateBody, request: Request) -> CandidateCreated:
    """Register a candidate. The caller is assigned to it and may upload resumes for it."""
    context = context_of(request)
    candidate = await context.services.create_candidate(context.principal, NewCandidate(**body.model_dump()))
    return CandidateCreated(
        success=True,
        message="Candidate created successfully",
        candidate=CandidateView.model_validate(candidate),
    )


@router.get("/", include_in_schema=False)
@router.get("")
async def list_candidates(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
    offset: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> CandidateList:
    """List the active candidates that the caller may see, newest first."""
    context = context_of(request)
    found, total = await context.services.list_candidates(context.principal, limit=limit, offset=offset)
    return CandidateList(
        candidates=[CandidateView.model_validate(candidate) for candidate in found],
        total_count=total,
        limit=limit,
        offset=offset,
    )


@router.get("/{candidate_id}", responses=responses(NotFound))
async def read_candidate(candidate_id: UUID, request: Request) -> CandidateView:
    """Return one candidate, whatever its status."""
    context = context_of(request)
    candidate = await context.services.read_candidate(context.principal, candidate_id)
    return CandidateView.model_validate(candidate)
