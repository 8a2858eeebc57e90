"""Read analyses: status, result, lists."""

from typing import Annotated, Literal
from uuid import UUID

import structlog
from chassis.problems import NotFound, Unauthorized, Unavailable, Unprocessable, responses
from contracts.vocabulary import Industry
from fastapi import APIRouter, Query
from pydantic import BaseModel, BeforeValidator

from results_api.domain import Principal
from results_api.errors import ResultNotFound
from results_api.handlers.services import CallerDep, PrincipalDep, Services, ServicesDep
from results_api.presenter import ListedView, ResultView, StatusView
from results_api.repository import Filters
from results_api.requests_client import KnownRequest

router = APIRouter(
    prefix="/api/v1/analysis",
    tags=["analyses"],
    responses=responses(Unauthorized, Unprocessable, Unavailable),
)

Page = Annotated[int, Query(ge=1, le=10_000)]
PageSize = Annotated[int, Query(ge=1, le=50)]
StatusWord = Literal["pending", "processing", "completed", "failed", "error", "cancelled"]


# A form in which nothing was chosen sends an empty string.
Blank = BeforeValidator(lambda value: None if value == "" else value)


class AnalysisList(BaseModel):
    """One page of analyses, newest first."""

    analyses: list[ListedView]
    total_count: int
    page: int
    page_size: int


@router.get("/analysis/{analysis_id}/status", responses=responses(NotFound))
async def read_status(
    analysis_id: UUID, caller: CallerDep, principal: PrincipalDep, services: ServicesDep
) -> StatusView:
    """Where an analysis stands; with its result once it is completed."""
    structlog.contextvars.bind_contextvars(analysis_id=str(analysis_id))
    analysis, result, changes = await services.read_analysis(principal, caller, analysis_id)
    return services.presenter.status(analysis, result, changes)


@router.get("/analysis/{analysis_id}", responses=responses(NotFound))
async def read_result(
    analysis_id: UUID, caller: CallerDep, principal: PrincipalDep, services: ServicesDep
) -> ResultView:
    """The result alone; 404 while there is none."""
    structlog.contextvars.bind_contextvars(analysis_id=str(analysis_id))
    analysis, result, changes = await services.read_analysis(principal, caller, analysis_id)
    if isinstance(analysis, KnownRequest) or result is None:
        raise ResultNotFound
    return services.presenter.result(analysis, result, changes)


@router.get("/")
@router.get("", include_in_schema=False)
async def list_analyses(
    principal: PrincipalDep,
    services: ServicesDep,
    page: Page = 1,
    page_size: PageSize = 10,
    status: Annotated[StatusWord | None, Blank] = None,
    industry: Annotated[Industry | None, Blank] = None,
    candidate_id: Annotated[UUID | None, Blank] = None,
) -> AnalysisList:
    """The analyses that the caller may see."""
    filters = Filters(
        statuses=services.presenter.statuses(status) if status else None,
        industry=industry,
        candidate_id=candidate_id,
    )
    return await _list(services, principal, filters, page=page, page_size=page_size)


@router.get("/resumes/{resume_id}/analyses")
async def list_analyses_of_resume(
    resume_id: UUID,
    principal: PrincipalDep,
    services: ServicesDep,
    page: Page = 1,
    page_size: PageSize = 10,
) -> AnalysisList:
    """The analyses of one resume that the caller may see; none of a resume that is not the caller's."""
    return await _list(services, principal, Filters(resume_id=resume_id), page=page, page_size=page_size)


async def _list(
    services: Services, principal: Principal, filters: Filters, *, page: int, page_size: int
) -> AnalysisList:
    async with services.database.transaction() as connection:
        views, total = await services.repository.list_views(
            connection, principal, filters, limit=page_size, offset=(page - 1) * page_size
        )
    return AnalysisList(
        analyses=[services.presenter.listed(view) for view in views],
        total_count=total,
        page=page,
        page_size=page_size,
    )
