"""Live updates of the matches of a job as server-sent events."""

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

from results_api.domain.match_view import MatchCounts
from results_api.http.live_updates import MAX_SECONDS, POLL_SECONDS
from results_api.http.matches.models import ProgressView
from results_api.http.matches.parameters import JobVersion
from results_api.http.services import context_of
from results_api.request_api_client import MatchedJob

router = APIRouter(
    route_class=AuthenticatedRoute,
    prefix="/api/v1/jobs/{job_id}",
    tags=["matches"],
    responses=responses(Unauthorized, NotFound, TooManyRequests, Unprocessable, Unavailable),
)

# Matches end by the hundred, and each end is a change: one event tells of all within this time.
GATHER_SECONDS: Final = 0.5


async def _subscribe(
    job_id: UUID, request: Request, job_version: JobVersion = None
) -> AsyncIterator[tuple[asyncio.Event, MatchedJob, MatchCounts]]:
    """Yield an event that is set at each change, the job, and its current counts.

    A dependency can still refuse the request. Once the stream has begun, it is too late for an error
    response.
    """
    context = context_of(request)
    services = context.services
    bind_ids(job_id=str(job_id))
    with (
        services.stream_slots.hold(context.principal.user_id),
        services.changes.subscribe(job_id) as changed,
    ):
        job, counts = await services.read_matches.count(
            context.principal, context.caller, job_id, job_version=job_version
        )
        yield changed, job, counts


@router.get("/matches/events", response_class=EventSourceResponse)
async def watch_progress(
    request: Request,
    subscription: Annotated[tuple[asyncio.Event, MatchedJob, MatchCounts], Depends(_subscribe)],
    last_event_id: Annotated[str | None, Header(max_length=100)] = None,
) -> AsyncIterator[ServerSentEvent]:
    """Stream the progress of the matches of a job: an event `progress` now and after changes.

    The data of an event is the response of `GET .../matches`. Changes within half a second are one event. A
    comment is sent every 15 s without a change. `Last-Event-ID` skips the event that was already received.
    The stream ends when all matches have ended, and after ten minutes. A client that still waits, or whose
    matches have not arrived yet, should reconnect.
    """
    context = context_of(request)
    services = context.services
    last_sent, (changed, job, counts) = last_event_id, subscription
    with contextlib.suppress(TimeoutError, Unavailable):
        async with asyncio.timeout(MAX_SECONDS):
            while True:
                event_id = _event_id(job, counts)
                if event_id != last_sent:
                    last_sent = event_id
                    progress = ProgressView.of(job, counts)
                    yield ServerSentEvent(event="progress", id=event_id, data=progress)
                if counts.have_ended:
                    return
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(POLL_SECONDS):
                        await changed.wait()
                        await asyncio.sleep(GATHER_SECONDS)
                async with services.stream_reads:
                    # Cleared only now, so that all changes during the wait for a turn cause one read.
                    changed.clear()
                    counts = await services.read_matches.recount(context.principal, job)


def _event_id(job: MatchedJob, counts: MatchCounts) -> str:
    numbers = (job.version, counts.pending, counts.completed, counts.failed, counts.cancelled, counts.scored)
    return ".".join(map(str, numbers))
