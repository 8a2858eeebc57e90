"""Live updates of an analysis, as server-sent events."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from chassis.errors import NotFound, TooManyRequests, Unauthorized, Unavailable, Unprocessable
from chassis.http.authentication import AuthenticatedRoute
from chassis.http.problems import responses
from chassis.telemetry.trace import bind_ids
from contracts.vocabulary import AnalysisStatus
from fastapi import APIRouter, Depends, Header, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from results_api.http.services import context_of
from results_api.queries.read_analysis import Found
from results_api.request_api_client import KnownRequest

router = APIRouter(
    route_class=AuthenticatedRoute,
    prefix="/api/v1/analysis",
    tags=["analyses"],
    responses=responses(Unauthorized, NotFound, TooManyRequests, Unprocessable, Unavailable),
)

# So that who may see what is decided anew now and then: browsers come back by themselves, with a new token.
MAX_SECONDS = 600
# Should a notification be lost, the status is late by this and no more.
LOOK_SECONDS = 15
_RUNNING = (AnalysisStatus.PENDING, AnalysisStatus.PROCESSING)


async def _watched(analysis_id: UUID, request: Request) -> AsyncIterator[tuple[asyncio.Event, Found]]:
    """An event that is set with each change, and the analysis as it is now.

    What may not be seen is refused here: a stream that began can refuse nothing.
    """
    context = context_of(request)
    bind_ids(analysis_id=str(analysis_id))
    with context.services.live.watch(analysis_id, context.principal.user_id) as changed:
        yield (
            changed,
            await context.services.read_analysis(context.principal, context.caller, analysis_id),
        )


@router.get("/analysis/{analysis_id}/events", response_class=EventSourceResponse)
async def watch(
    analysis_id: UUID,
    request: Request,
    watched: Annotated[tuple[asyncio.Event, Found], Depends(_watched)],
    last_event_id: Annotated[str | None, Header(max_length=50)] = None,
) -> AsyncIterator[ServerSentEvent]:
    """An event `status` now and with each change, its data as the status answers it; ends with the analysis.

    Comments come every 15 s while nothing happens. `Last-Event-ID` leaves out what was seen. The stream is
    ended after ten minutes at most, and by whatever cannot be read: come back then.
    """
    context = context_of(request)
    live, read_analysis = context.services.live, context.services.read_analysis
    sent, (changed, found) = last_event_id, watched
    with contextlib.suppress(TimeoutError, NotFound, Unauthorized, Unavailable):
        async with asyncio.timeout(MAX_SECONDS):
            while True:
                analysis, result, changes = found
                # What was not heard of here yet has the version that the first news of it gives it.
                version = 1 if isinstance(analysis, KnownRequest) else max(analysis.version, 1)
                # The version alone would miss what the existing backend does.
                event_id = f"{version}.{analysis.status}"
                if event_id != sent:
                    sent = event_id
                    status = context.services.presenter.status(analysis, result, changes)
                    yield ServerSentEvent(event="status", id=event_id, data=status)
                if analysis.status not in _RUNNING:
                    return
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_SECONDS):
                        await changed.wait()
                async with live.reads:
                    # Not before: whatever changes while this stream waits for its turn is one read.
                    changed.clear()
                    found = await read_analysis(context.principal, context.caller, analysis_id)
