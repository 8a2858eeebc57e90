"""Routes that request and cancel matches of resumes with a job. results-api serves the results."""

from typing import Annotated, Final, Literal, Self
from uuid import UUID

from chassis.errors import (
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
from contracts.vocabulary import AnalysisStatus
from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, Strict, field_validator, model_validator

from request_api.domain.match import MAX_MATCHES_PER_REQUEST
from request_api.http.fields import OptionalIdempotencyKey
from request_api.http.services import context_of

router = APIRouter(
    route_class=AuthenticatedRoute,
    prefix="/api/v1",
    tags=["matches"],
    responses=responses(Unauthorized, NotFound, Unprocessable, Unavailable),
)

_CHOICES: Final = ("resume_ids", "all_candidates")


class MatchesBody(JsonBody):
    """Resumes to match: some by their ids, or the newest resume of each of the caller's candidates."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": [each]} for each in _CHOICES]})

    resume_ids: list[Annotated[UUID, Strict(False)]] = Field(
        default=[],
        min_length=1,
        max_length=MAX_MATCHES_PER_REQUEST,
        description="An id that is repeated is matched once.",
    )
    all_candidates: Literal[True] = Field(
        default=True,
        description="Active candidates that the caller may see, each with the newest resume that was read.",
    )

    @field_validator("all_candidates", mode="before")
    @classmethod
    def _is_true(cls, value: object) -> object:
        # Pydantic takes 1 for True.
        if value is not True:
            raise ValueError("must be true, or left out")
        return value

    @model_validator(mode="after")
    def _has_one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError("name either resume_ids or all_candidates")
        return self

    def wanted(self) -> list[UUID] | None:
        """Return the ids of the resumes, or None for all candidates."""
        return self.resume_ids if "resume_ids" in self.model_fields_set else None


class MatchView(BaseModel):
    """A match with its last known status. results-api knows the status first."""

    model_config = ConfigDict(from_attributes=True)

    match_id: UUID
    resume_id: UUID
    candidate_id: UUID
    status: AnalysisStatus


class MatchesAccepted(BaseModel):
    """Accepted matches, and those that were requested before. Every accepted match ends."""

    model_config = ConfigDict(from_attributes=True)

    job_id: UUID
    job_version: int
    accepted: int
    already_requested: int = Field(
        description="Matches that have completed, and those of the caller that will complete."
    )
    matches: list[MatchView]


class MatchesCancelled(BaseModel):
    """Accepted cancellations. A match that has ended in the meantime keeps its status."""

    cancelled: int


@router.post(
    "/jobs/{job_id}/matches", status_code=202, responses=responses(Forbidden, Conflict, TooManyRequests)
)
async def request_matches(
    job_id: UUID, body: MatchesBody, request: Request, idempotency_key: OptionalIdempotencyKey = None
) -> MatchesAccepted:
    """Match resumes with the newest version of a job.

    A match with that version that has completed is not requested again, nor one of the caller that will
    complete. Responds with 404 if the caller may not see the job or one of the resumes, and with 409 if the
    job is closed or the legacy backend has not read one of the resumes yet. Then it matches none.
    """
    context = context_of(request)
    requested = await context.services.request_matches(
        context.principal, job_id, resume_ids=body.wanted(), idempotency_key=idempotency_key
    )
    return MatchesAccepted.model_validate(requested)


@router.post("/jobs/{job_id}/matches/cancel", status_code=202)
async def cancel_matches(job_id: UUID, request: Request) -> MatchesCancelled:
    """Cancel the caller's matches of a job that have not ended."""
    context = context_of(request)
    cancelled = await context.services.cancel_matches(context.principal, job_id)
    return MatchesCancelled(cancelled=cancelled)
