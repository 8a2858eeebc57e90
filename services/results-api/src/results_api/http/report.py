"""The route of the report page, as HTML and as PDF."""

import asyncio
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from chassis.errors import NotFound, Problem, TooManyRequests, Unauthorized, Unavailable, Unprocessable
from chassis.http.accept import preferred_media_type
from chassis.http.authentication import AuthenticatedRoute
from chassis.http.forms import blank_or
from chassis.http.problems import responses
from chassis.telemetry.trace import bind_ids
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from printing.errors import PrintingError

from results_api.domain.analysis_view import AnalysisView
from results_api.http.detailed_scores import complete_detailed_scores
from results_api.http.etags import CACHE_CONTROL, NOT_MODIFIED, IfNoneMatch, is_known, tag_of
from results_api.http.responses import reason_for_missing_result
from results_api.http.services import Context, context_of
from results_api.queries.read_report import ReportDetails
from results_api.report.page import render_page
from results_api.report.rendering import CONTENT_SECURITY_POLICY
from results_api.report.view_model import build_page

router = APIRouter(
    route_class=AuthenticatedRoute,
    prefix="/api/v1/analysis",
    tags=["analyses"],
    responses=responses(Unauthorized, Unprocessable, Unavailable),
)

Format = Literal["html", "pdf"]
_HTML: Final = "text/html"
_PDF: Final = "application/pdf"
_REPORT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The report",
        "content": {
            _HTML: {"schema": {"type": "string"}},
            _PDF: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


@router.get(
    "/analysis/{analysis_id}/report",
    response_class=HTMLResponse,
    responses={**_REPORT, **responses(NotFound, TooManyRequests), **NOT_MODIFIED},
)
async def read_report(
    analysis_id: UUID,
    request: Request,
    format: Annotated[Format | None, blank_or(Format)] = None,  # noqa: A002 - the name of the parameter
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Return the report of an analysis as one printable document in the report's language.

    The document is PDF with `format=pdf`, or without `format` if `Accept` prefers `application/pdf`.
    Otherwise it is HTML, without scripts and external resources. It contains the text of the resume if the
    caller may see it. 404 with the reason if there is no result, 304 if nothing changed.
    """
    context = context_of(request)
    bind_ids(analysis_id=str(analysis_id))
    is_pdf = preferred_media_type(request.headers, _HTML, _PDF) == _PDF if format is None else format == "pdf"
    if not is_pdf:
        return await _report(context, analysis_id, is_pdf=False, if_none_match=if_none_match)
    # Before anything is read, so that a refused request costs nothing.
    async with context.services.print_slots.hold_in_turn(context.caller.user_id):
        return await _report(context, analysis_id, is_pdf=True, if_none_match=if_none_match)


async def _report(
    context: Context, analysis_id: UUID, *, is_pdf: bool, if_none_match: str | None
) -> Response:
    services = context.services
    details = await services.read_report(context.principal, context.caller, analysis_id)
    async with services.report_turns:
        # The largest report takes longer than the event loop may be blocked.
        html = await asyncio.to_thread(_render, details)
    body = html.encode(errors="replace")
    headers = {
        "ETag": tag_of(body, (_PDF if is_pdf else "").encode()),
        "Cache-Control": CACHE_CONTROL,
        "Vary": "Accept",
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "Referrer-Policy": "no-referrer",
    }
    if is_known(headers["ETag"], if_none_match):
        return Response(status_code=304, headers=headers)
    if not is_pdf:
        return HTMLResponse(body, headers=headers)
    try:
        pdf = await services.pdf_renderer.render(html)
    except PrintingError as error:
        problem: type[Problem] = Unprocessable if error.retry_after is None else Unavailable
        detail = error.sentence("open the report as HTML")
        raise problem(detail, code=error.code, retry_after=error.retry_after) from error
    headers["Content-Disposition"] = f'inline; filename="resume-report-{analysis_id}.pdf"'
    return Response(pdf, media_type=_PDF, headers=headers)


def _render(details: ReportDetails) -> str:
    view, result = details.analysis.analysis, details.analysis.result
    if not isinstance(view, AnalysisView) or result is None:
        reason = reason_for_missing_result(view)
        raise NotFound(reason.detail, code=reason.code)
    detailed_scores = complete_detailed_scores(
        result.detailed_scores, analysis_id=view.analysis_id, completed_at=view.ended_at or view.requested_at
    )
    page = build_page(view, result, detailed_scores, changes=details.analysis.changes, text=details.text)
    return render_page(page)
