"""Emit the event of an analysis again: it, or the news of the end, may have been lost."""

from uuid import UUID

from chassis.db.database import Database
from chassis.messaging.outbox import Outbox
from chassis.telemetry.logs import get_logger
from contracts.events import Event, PrivateEvent

from request_api.domain.analysis import Patience, Waiting
from request_api.storage import Repository

log = get_logger(__name__)


class ReemitAnalysis:
    """Puts what was asked for last into the outbox once more: the analysis, or its cancellation."""

    def __init__(self, *, database: Database, repository: Repository, outbox: Outbox[Event]) -> None:
        self._database = database
        self._repository = repository
        self._outbox = outbox

    async def __call__(self, analysis_id: UUID, *, patience: Patience | None = None) -> bool:
        """Says whether it was emitted: not if it has ended, is being changed, or (`patience`) is not due.

        Raises:
            ResumeNotReadable, ResumeTooLong: its resume has changed, and cannot be analysed any more.
            DatabaseUnavailable: as far as is known, nothing was emitted.
        """
        async with self._database.transaction() as connection:
            waiting = await self._repository.emissions.hold(connection, analysis_id, patience=patience)
            if waiting is None:
                return False
            emission, event = waiting.emissions + 1, cancellation(waiting)
            if event is None:
                resume = await self._repository.resumes.get_accepted(connection, waiting.request.resume_id)
                event = waiting.request.requested(resume, emission=emission)
            await self._outbox.publish(connection, event)
            await self._repository.emissions.count(connection, waiting.request)
        log.info(
            "analysis emitted again", analysis_id=str(analysis_id), emission=emission, event_type=event.type
        )
        return True


def cancellation(waiting: Waiting) -> PrivateEvent | None:
    """Who asked for the end is not kept, so it is told as whoever asked for the analysis."""
    request = waiting.request
    if request.cancel_requested_at is None:
        return None
    return request.cancelled(
        by=request.requested_by, at=request.cancel_requested_at, emission=waiting.emissions + 1
    )
