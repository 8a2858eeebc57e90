"""Request the cancellation of matches. results-api decides which requests came in time."""

from datetime import UTC, datetime
from uuid import UUID

from chassis.db.database import Database
from chassis.messaging.outbox import Outbox
from chassis.principal import Principal
from contracts.events import Event

from request_api.events import match_cancel_requested
from request_api.storage import Repository


class CancelMatches:
    """Request the cancellation of each match once, however often users ask for it."""

    def __init__(self, *, database: Database, repository: Repository, outbox: Outbox[Event]) -> None:
        self._database = database
        self._repository = repository
        self._outbox = outbox

    async def __call__(self, principal: Principal, job_id: UUID) -> int:
        """Cancel the principal's unfinished matches of a job, and return their number.

        Raises:
            JobNotFound: the job does not exist, or the principal may not see it.
            DatabaseUnavailable: the database is unavailable.
        """
        now = datetime.now(UTC)
        async with self._database.transaction() as connection:
            await self._repository.jobs.get(connection, principal, job_id)
            matches = await self._repository.matches.lock_cancellable(connection, principal, job_id)
            await self._repository.matches.mark_cancelled(connection, matches, at=now)
            events = [match_cancel_requested(each, by=principal.user_id, at=now) for each in matches]
            await self._outbox.publish(connection, *events)
        return len(matches)
