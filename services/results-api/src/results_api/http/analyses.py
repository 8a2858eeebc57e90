"""Routes that read analyses: status, result, lists and statistics."""

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

from results_api.domain.analysis_view import AnalysisView
from results_api.http.cursors import CursorParameter, decode_cursor, encode_cursor
from results_api.http.etags import NOT_MODIFIED, IfNoneMatch, conditional_response
from results_api.http.responses import ListedView, ResultView, StatusView, reason_for_missing_result
from results_api.http.services import Context, context_of
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
    """A page of analyses, newest first. `next_cursor` leads to the next page and is null on the last one."""

    analyses: list[ListedView]
    total_count: int
    page: int
    page_size: int
    next_cursor: str | None


class StatisticsView(BaseModel):
    """Statistics of all analyses that the caller may see. The average covers analyses with a score."""

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
    """Return the status of an analysis, with its result if it is completed. 304 if nothing changed."""
    context = context_of(request)
    bind_ids(analysis_id=str(analysis_id))
    details = await context.services.read_analysis(context.principal, context.caller, analysis_id)
    return conditional_response(context.services.presenter.status(details), if_none_match)


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
    """Return the result of an analysis. 404 with the reason if there is none, 304 if nothing changed."""
    context = context_of(request)
    bind_ids(analysis_id=str(analysis_id))
    details = await context.services.read_analysis(context.principal, context.caller, analysis_id)
    if not isinstance(details.analysis, AnalysisView) or details.result is None:
        reason = reason_for_missing_result(details.analysis)
        raise NotFound(reason.detail, code=reason.code)
    result = context.services.presenter.result(details.analysis, details.result, details.changes)
    return conditional_response(result, if_none_match)


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
    """List the analyses that the caller may see, newest first.

    Paging with `cursor` has no gaps or repetitions if new analyses are added meanwhile; `page` is then
    ignored. `industry=unspecified` finds analyses for which the legacy backend stored no industry.
    """
    context = context_of(request)
    filters = Filters(
        statuses=context.services.presenter.statuses_of(status) if status else None,
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
    """List the analyses of a resume that the caller may see. The list is empty for resumes of other users."""
    context = context_of(request)
    filters = Filters(resume_id=resume_id)
    return await _list(context, filters, page=page, page_size=page_size, cursor=cursor)


@router.get("/stats/summary")
async def summarize(request: Request) -> StatisticsView:
    """Return the number of analyses by outcome, industry and tier, and the average score."""
    context = context_of(request)
    return StatisticsView.model_validate(await context.services.summarize_analyses(context.principal))


async def _list(
    context: Context,
    filters: Filters,
    *,
    page: int,
    page_size: int,
    cursor: str | None,
) -> AnalysisList:
    services = context.services
    views, total = await services.list_analyses(
        context.principal,
        filters,
        # One more row shows that there is a next page.
        limit=page_size + 1,
        offset=0 if cursor else (page - 1) * page_size,
        after=decode_cursor(cursor) if cursor else None,
    )
    shown = views[:page_size]
    return AnalysisList(
        analyses=[services.presenter.list_item(view) for view in shown],
        total_count=total,
        page=page,
        page_size=page_size,
        next_cursor=encode_cursor(shown[-1]) if len(views) > page_size else None,
    )
