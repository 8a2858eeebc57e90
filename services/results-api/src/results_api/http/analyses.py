"""Routes that read analyses: status, result and statistics."""

from uuid import UUID

from chassis.errors import NotFound, Unauthorized, Unavailable, Unprocessable
from chassis.http.authentication import AuthenticatedRoute
from chassis.http.problems import responses
from chassis.telemetry.trace import bind_ids
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict

from results_api.domain.analysis_view import AnalysisView
from results_api.http.etags import NOT_MODIFIED, IfNoneMatch, conditional_response
from results_api.http.responses import ResultView, StatusView, reason_for_missing_result
from results_api.http.services import context_of

router = APIRouter(
    route_class=AuthenticatedRoute,
    prefix="/api/v1/analysis",
    tags=["analyses"],
    responses=responses(Unauthorized, Unprocessable, Unavailable),
)


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
    return conditional_response(context.services.presenter.status(details).to_json(), if_none_match)


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
    return conditional_response(result.to_json(), if_none_match)


@router.get("/stats/summary")
async def summarize(request: Request) -> StatisticsView:
    """Return the number of analyses by outcome, industry and tier, and the average score."""
    context = context_of(request)
    return StatisticsView.model_validate(await context.services.summarize_analyses(context.principal))
