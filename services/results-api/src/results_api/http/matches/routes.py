"""Routes that read matches of a job."""

import asyncio
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from chassis.errors import NotFound, TooManyRequests, Unauthorized, Unavailable, Unprocessable
from chassis.http.accept import preferred_media_type
from chassis.http.authentication import AuthenticatedRoute
from chassis.http.forms import blank_or
from chassis.http.problems import responses
from chassis.telemetry.trace import bind_ids
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from results_api.http.etags import CACHE_CONTROL, NOT_MODIFIED, IfNoneMatch, conditional_response
from results_api.http.lists import csv_export
from results_api.http.matches.models import (
    ComparisonView,
    MatchResponse,
    ProgressView,
    RankingView,
    language_of,
)
from results_api.http.matches.parameters import JobVersion, LanguageParameter, RankingParameters
from results_api.http.matches.ranking_csv import COLUMNS, ranking_rows
from results_api.http.services import Context, context_of
from results_api.report.rendering import CONTENT_SECURITY_POLICY, render
from results_api.report.texts import texts_in

router = APIRouter(
    route_class=AuthenticatedRoute,
    prefix="/api/v1/jobs/{job_id}",
    tags=["matches"],
    responses=responses(Unauthorized, NotFound, Unprocessable, Unavailable),
)

# More columns do not fit on a page.
MAX_COMPARED: Final = 5
ComparisonFormat = Literal["json", "html"]
_HTML: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/html": {"schema": {"type": "string"}}}},
}
_CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {csv_export.MEDIA_TYPE: {"schema": {"type": "string"}}}},
    **responses(TooManyRequests),
}


@router.get("/ranking", response_model=RankingView, responses=_CSV)
async def rank(
    job_id: UUID, request: Request, parameters: Annotated[RankingParameters, Query()]
) -> RankingView | Response:
    """Rank the candidates whose resumes were matched to a job, the highest score first.

    Equal scores share a rank. `decides` names the requirements in which a candidate differs most from the
    next lower one. Candidates without a score are listed apart, in `not_assessed`.

    `format=csv` returns the whole ranking as CSV, up to 2,000 candidates with a score, followed by up to
    2,000 without one, whose rank is empty; `page` and `page_size` are then ignored.
    """
    context = context_of(request)
    bind_ids(job_id=str(job_id))
    if csv_export.is_requested(parameters.format, request.headers):
        return await _export(context, job_id, parameters)
    found = await context.services.read_matches.rank(
        context.principal,
        context.caller,
        job_id,
        parameters.filters(),
        job_version=parameters.job_version,
        limit=parameters.page_size,
        offset=(parameters.page - 1) * parameters.page_size,
    )
    return RankingView.of(
        found, page=parameters.page, page_size=parameters.page_size, language=parameters.language
    )


@router.get("/matches")
async def read_progress(job_id: UUID, request: Request, job_version: JobVersion = None) -> ProgressView:
    """Return how many matches of a job are pending, completed, failed and cancelled."""
    context = context_of(request)
    bind_ids(job_id=str(job_id))
    job, counts = await context.services.read_matches.count(
        context.principal, context.caller, job_id, job_version=job_version
    )
    return ProgressView.of(job, counts)


@router.get("/matches/{match_id}", response_model=MatchResponse, responses=NOT_MODIFIED)
async def read_match(
    job_id: UUID,
    match_id: UUID,
    request: Request,
    language: LanguageParameter = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Return a match with the outcome of each requirement, the reason and quotes. 304 if nothing changed.

    Responds with 404 until the request of the match has arrived, usually within a second.
    """
    context = context_of(request)
    bind_ids(job_id=str(job_id), match_id=str(match_id))
    found = await context.services.read_matches.get(context.principal, context.caller, job_id, [match_id])
    return conditional_response(MatchResponse.of(found, language).model_dump_json(), if_none_match)


@router.get("/comparison", response_model=ComparisonView, responses=_HTML)
async def compare(
    job_id: UUID,
    request: Request,
    match_id: Annotated[list[UUID], Query(min_length=2, max_length=MAX_COMPARED)],
    language: LanguageParameter = None,
    format: Annotated[ComparisonFormat | None, blank_or(ComparisonFormat)] = None,  # noqa: A002 - the name of the parameter
) -> Response | ComparisonView:
    """Compare two to five matches of one version of a job, requirement by requirement.

    With `format=html`, or without `format` if `Accept` prefers `text/html`, the answer is one printable page
    without scripts and external resources.
    """
    context = context_of(request)
    bind_ids(job_id=str(job_id))
    services = context.services
    found = await services.read_matches.get(context.principal, context.caller, job_id, match_id)
    words = language_of(found.job, language)
    comparison = ComparisonView.of(found, words)
    preferred = preferred_media_type(request.headers, "application/json", HTMLResponse.media_type)
    if format == "json" or (format is None and preferred != HTMLResponse.media_type):
        return comparison
    async with services.report_turns:
        # The largest page takes longer than the event loop may be blocked.
        html = await asyncio.to_thread(render, "comparison.html", page=comparison, t=texts_in(words))
    headers = {
        "Cache-Control": CACHE_CONTROL,
        "Vary": "Accept",
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "Referrer-Policy": "no-referrer",
    }
    return HTMLResponse(html.encode(errors="replace"), headers=headers)


async def _export(context: Context, job_id: UUID, parameters: RankingParameters) -> Response:
    services = context.services
    async with services.export_slots.hold_in_turn(context.principal.user_id):
        found = await services.read_matches.export(
            context.principal,
            context.caller,
            job_id,
            parameters.filters(),
            job_version=parameters.job_version,
        )
        body = await csv_export.to_csv(ranking_rows(found, parameters.language), columns=COLUMNS)
    headers = {
        "Content-Disposition": f'attachment; filename="ranking-{job_id}.csv"',
        "Cache-Control": "no-store",
    }
    return Response(body, media_type=csv_export.MEDIA_TYPE, headers=headers)
