"""Emit the event of an analysis again, in case it or the event of its end was lost."""

from uuid import UUID

from chassis.db.database import Database
from chassis.messaging.outbox import Outbox
from chassis.telemetry.logs import get_logger
from contracts.events import Event, PrivateEvent

from request_api.domain.watchdog import WatchdogPolicy
from request_api.events import repeated_cancellation, requested
from request_api.storage import Repository

log = get_logger(__name__)


class ReemitAnalysis:
    """Emit the latest request for an analysis again: to run it, or to cancel it."""

    def __init__(self, *, database: Database, repository: Repository, outbox: Outbox[Event]) -> None:
        self._database = database
        self._repository = repository
        self._outbox = outbox

    async def __call__(self, analysis_id: UUID, *, policy: WatchdogPolicy | None = None) -> bool:
        """Emit the event and return True, or return False if the analysis has ended or is locked.

        With a `policy`, also return False if the analysis is not due.

        Raises:
            ResumeNotReadable, ResumeTooLong: the resume's text was changed and cannot be analysed any more.
            DatabaseUnavailable: the database is unavailable.
        """
        async with self._database.transaction() as connection:
            unfinished = await self._repository.emissions.lock(connection, analysis_id, policy=policy)
            if unfinished is None:
                return False
            analysis, emission = unfinished.analysis, unfinished.emissions + 1
            event: PrivateEvent | None = repeated_cancellation(unfinished)
            if event is None:
                resume = await self._repository.resumes.get_for_reemission(connection, analysis.resume_id)
                event = requested(analysis, resume, emission=emission)
            await self._outbox.publish(connection, event)
            await self._repository.emissions.count(connection, analysis)
        log.info(
            "analysis emitted again", analysis_id=str(analysis_id), emission=emission, event_type=event.type
        )
        return True
