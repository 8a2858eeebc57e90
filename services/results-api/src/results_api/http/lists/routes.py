"""Routes that list analyses, as JSON or as CSV."""

from typing import Annotated, Any
from uuid import UUID

from chassis.errors import TooManyRequests, Unauthorized, Unavailable, Unprocessable
from chassis.http.authentication import AuthenticatedRoute
from chassis.http.problems import responses
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from results_api.domain.listing import Filters, Order
from results_api.http.lists import csv_export
from results_api.http.lists.cursors import CursorParameter, decode_cursor, encode_cursor
from results_api.http.lists.parameters import ListParameters, Page, PageSize
from results_api.http.responses import ListedView
from results_api.http.services import Context, context_of

router = APIRouter(
    route_class=AuthenticatedRoute,
    prefix="/api/v1/analysis",
    tags=["analyses"],
    responses=responses(Unauthorized, Unprocessable, Unavailable),
)

_CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {csv_export.MEDIA_TYPE: {"schema": {"type": "string"}}}},
    **responses(TooManyRequests),
}


class AnalysisList(BaseModel):
    """A page of analyses. `next_cursor` leads to the next page and is null on the last one."""

    analyses: list[ListedView]
    total_count: int
    page: int
    page_size: int
    next_cursor: str | None


@router.get("/", response_model=AnalysisList, responses=_CSV)
@router.get("", response_model=AnalysisList, include_in_schema=False)
async def list_analyses(
    request: Request,
    parameters: Annotated[ListParameters, Query()],
) -> AnalysisList | Response:
    """List the analyses that the caller may see, newest first unless `sort` or `order` say otherwise.

    Paging with `cursor` has no gaps or repetitions if new analyses are added meanwhile; `page` is then
    ignored. `industry=unspecified` finds analyses for which the legacy backend stored no industry.

    `format=csv` returns all matching analyses as CSV with the same fields, up to 10,000; `page` and
    `page_size` are then ignored.
    """
    context = context_of(request)
    filters = parameters.filters(context.services.presenter)
    order = parameters.list_order()
    if csv_export.is_requested(parameters.format, request.headers):
        parameters.check_export()
        return await _export(context, filters, order)
    return await _list(
        context,
        filters,
        order,
        page=parameters.page,
        page_size=parameters.page_size,
        cursor=parameters.cursor,
    )


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
    return await _list(context, filters, Order(), page=page, page_size=page_size, cursor=cursor)


async def _list(
    context: Context, filters: Filters, order: Order, *, page: int, page_size: int, cursor: str | None
) -> AnalysisList:
    services = context.services
    found = await services.list_analyses(
        context.principal,
        filters,
        order,
        page_size=page_size,
        offset=0 if cursor else (page - 1) * page_size,
        after=decode_cursor(cursor, filters, order) if cursor else None,
    )
    return AnalysisList(
        analyses=[services.presenter.list_item(view) for view in found.views],
        total_count=found.total,
        page=page,
        page_size=page_size,
        next_cursor=encode_cursor(found.last, filters, order) if found.last else None,
    )


async def _export(context: Context, filters: Filters, order: Order) -> Response:
    services = context.services
    async with services.export_slots.hold_in_turn(context.principal.user_id):
        views = await services.export_analyses(context.principal, filters, order)
        body = await csv_export.to_csv(services.presenter.list_item(view) for view in views)
    headers = {
        "Content-Disposition": 'attachment; filename="analyses.csv"',
        "Cache-Control": "no-store",
    }
    return Response(body, media_type=csv_export.MEDIA_TYPE, headers=headers)
