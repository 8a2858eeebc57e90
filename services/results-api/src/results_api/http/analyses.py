"""Read analyses: status, result, lists."""

from typing import Annotated, Literal
from uuid import UUID

from chassis.errors import NotFound, Unauthorized, Unavailable, Unprocessable
from chassis.http.authentication import AuthenticatedRoute
from chassis.http.forms import blank_or
from chassis.http.problems import responses
from chassis.telemetry.trace import bind_ids
from contracts.vocabulary import Industry
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from results_api.domain.analysis import statistics
from results_api.http.conditional import NOT_MODIFIED, IfNoneMatch, unless_known
from results_api.http.cursors import CursorParameter, read_cursor, write_cursor
from results_api.http.responses import ListedView, ResultView, StatusView, why_no_result
from results_api.http.services import Context, context_of
from results_api.request_api_client import KnownRequest
from results_api.storage import Filters

router = APIRouter(
    route_class=AuthenticatedRoute,
    prefix="/api/v1/analysis",
    tags=["analyses"],
    responses=responses(Unauthorized, Unprocessable, Unavailable),
)

Page = Annotated[int, Query(ge=1, le=10_000)]
PageSize = Annotated[int, Query(ge=1, le=50)]
StatusWord = Literal["pending", "processing", "completed", "failed", "error", "cancelled"]


class AnalysisList(BaseModel):
    """One page of analyses, newest first; `next_cursor` leads to the next one, null at the end."""

    analyses: list[ListedView]
    total_count: int
    page: int
    page_size: int
    next_cursor: str | None


class StatisticsView(BaseModel):
    """Of all that the caller may see; the average is of those that have a score."""

    model_config = ConfigDict(from_attributes=True)

    total_analyses: int
    completed_analyses: int
    failed_analyses: int
    average_score: float
    industry_breakdown: dict[str, int]
    tier_breakdown: dict[str, int]


@router.get(
    "/analysis/{analysis_id}/status",
    response_model=StatusView,
    responses={**responses(NotFound), **NOT_MODIFIED},
)
async def read_status(
    analysis_id: UUID,
    request: Request,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Where an analysis stands, with its result once it is completed; 304 where nothing changed."""
    context = context_of(request)
    bind_ids(analysis_id=str(analysis_id))
    analysis, result, changes = await context.services.read_analysis(
        context.principal, context.caller, analysis_id
    )
    return unless_known(context.services.presenter.status(analysis, result, changes), if_none_match)


@router.get(
    "/analysis/{analysis_id}",
    response_model=ResultView,
    responses={**responses(NotFound), **NOT_MODIFIED},
)
async def read_result(
    analysis_id: UUID,
    request: Request,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The result alone; 404 with the reason while there is none, 304 where nothing changed."""
    context = context_of(request)
    bind_ids(analysis_id=str(analysis_id))
    analysis, result, changes = await context.services.read_analysis(
        context.principal, context.caller, analysis_id
    )
    if isinstance(analysis, KnownRequest) or result is None:
        reason = why_no_result(analysis)
        raise NotFound(reason.detail, code=reason.code)
    return unless_known(context.services.presenter.result(analysis, result, changes), if_none_match)


@router.get("/")
@router.get("", include_in_schema=False)
async def list_analyses(
    request: Request,
    page: Page = 1,
    page_size: PageSize = 10,
    status: Annotated[StatusWord | None, blank_or(StatusWord)] = None,
    industry: Annotated[Industry | None, blank_or(Industry)] = None,
    candidate_id: Annotated[UUID | None, blank_or(UUID)] = None,
    cursor: CursorParameter = None,
) -> AnalysisList:
    """The analyses that the caller may see. `cursor` pages without gaps or repeats while new ones come in;
    with it, `page` counts for nothing. `industry=unspecified` finds what the legacy backend kept none for."""
    context = context_of(request)
    filters = Filters(
        statuses=context.services.presenter.statuses(status) if status else None,
        industry=industry,
        candidate_id=candidate_id,
    )
    return await _list(context, filters, page=page, page_size=page_size, cursor=cursor)


@router.get("/resumes/{resume_id}/analyses")
async def list_analyses_of_resume(
    resume_id: UUID,
    request: Request,
    page: Page = 1,
    page_size: PageSize = 10,
    cursor: CursorParameter = None,
) -> AnalysisList:
    """The analyses of one resume that the caller may see; none of a resume that is not the caller's."""
    context = context_of(request)
    filters = Filters(resume_id=resume_id)
    return await _list(context, filters, page=page, page_size=page_size, cursor=cursor)


@router.get("/stats/summary")
async def summarize(request: Request) -> StatisticsView:
    """How many analyses there are, and how they came out."""
    context = context_of(request)
    async with context.services.database.autocommit() as connection:
        groups = await context.services.repository.views.groups(connection, context.principal)
    return StatisticsView.model_validate(statistics(groups))


async def _list(
    context: Context,
    filters: Filters,
    *,
    page: int,
    page_size: int,
    cursor: str | None,
) -> AnalysisList:
    services = context.services
    async with services.database.autocommit() as connection:
        views, total = await services.repository.views.page(
            connection,
            context.principal,
            filters,
            # One more tells whether there is a next page.
            limit=page_size + 1,
            offset=0 if cursor else (page - 1) * page_size,
            after=read_cursor(cursor) if cursor else None,
        )
    shown = views[:page_size]
    return AnalysisList(
        analyses=[services.presenter.listed(view) for view in shown],
        total_count=total,
        page=page,
        page_size=page_size,
        next_cursor=write_cursor(shown[-1]) if len(views) > page_size else None,
    )
