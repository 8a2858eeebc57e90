"""Live updates of an analysis as server-sent events."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Annotated, Final
from uuid import UUID

from chassis.errors import NotFound, TooManyRequests, Unauthorized, Unavailable, Unprocessable
from chassis.http.authentication import AuthenticatedRoute
from chassis.http.problems import responses
from chassis.telemetry.trace import bind_ids
from fastapi import APIRouter, Depends, Header, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from results_api.domain.analysis import UNFINISHED
from results_api.http.services import context_of
from results_api.queries.read_analysis import AnalysisDetails
from results_api.request_api_client import AcceptedAnalysis

router = APIRouter(
    route_class=AuthenticatedRoute,
    prefix="/api/v1/analysis",
    tags=["analyses"],
    responses=responses(Unauthorized, NotFound, TooManyRequests, Unprocessable, Unavailable),
)

# Browsers reconnect with a new token, so visibility is checked again at least this often.
MAX_SECONDS: Final = 600
# Limits the delay of a status whose notification was lost.
POLL_SECONDS: Final = 15


async def _subscribe(
    analysis_id: UUID, request: Request
) -> AsyncIterator[tuple[asyncio.Event, AnalysisDetails]]:
    """Yield an event that is set at each change, and the current state of the analysis.

    A dependency can still refuse the request. Once the stream has begun, it is too late for an error
    response.
    """
    context = context_of(request)
    services = context.services
    bind_ids(analysis_id=str(analysis_id))
    with (
        services.stream_slots.hold(context.principal.user_id),
        services.changes.subscribe(analysis_id) as changed,
    ):
        yield changed, await services.read_analysis(context.principal, context.caller, analysis_id)


@router.get("/analysis/{analysis_id}/events", response_class=EventSourceResponse)
async def watch(
    analysis_id: UUID,
    request: Request,
    subscription: Annotated[tuple[asyncio.Event, AnalysisDetails], Depends(_subscribe)],
    last_event_id: Annotated[str | None, Header(max_length=50)] = None,
) -> AsyncIterator[ServerSentEvent]:
    """Stream the status of an analysis: an event `status` now and at each change, until the analysis ends.

    The data of an event is the response of the status endpoint. A comment is sent every 15 s without a
    change. `Last-Event-ID` skips the event that was already received. The stream ends after ten minutes, or
    if the analysis cannot be read; clients should reconnect.
    """
    context = context_of(request)
    services = context.services
    last_sent, (changed, details) = last_event_id, subscription
    with contextlib.suppress(TimeoutError, NotFound, Unauthorized, Unavailable):
        async with asyncio.timeout(MAX_SECONDS):
            while True:
                analysis = details.analysis
                # An accepted analysis gets version 1 when it arrives in the view.
                version = 1 if isinstance(analysis, AcceptedAnalysis) else max(analysis.version, 1)
                # The legacy backend changes statuses without a new version.
                event_id = f"{version}.{analysis.status}"
                if event_id != last_sent:
                    last_sent = event_id
                    status = services.presenter.status(details)
                    yield ServerSentEvent(event="status", id=event_id, data=status)
                if analysis.status not in UNFINISHED:
                    return
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(POLL_SECONDS):
                        await changed.wait()
                async with services.stream_reads:
                    # Cleared only now, so that all changes during the wait for a turn cause one read.
                    changed.clear()
                    details = await services.read_analysis(context.principal, context.caller, analysis_id)
