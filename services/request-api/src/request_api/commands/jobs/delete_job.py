"""Delete a job."""

from datetime import UTC, datetime
from uuid import UUID

from chassis.db.database import Database
from chassis.messaging.outbox import Outbox
from chassis.principal import Principal
from contracts.events import Event

from request_api.events import match_erase_requested
from request_api.storage import Repository


class DeleteJob:
    """Delete a job with its versions and idempotency keys, and have other services erase its matches."""

    def __init__(self, *, database: Database, repository: Repository, outbox: Outbox[Event]) -> None:
        self._database = database
        self._repository = repository
        self._outbox = outbox

    async def __call__(self, principal: Principal, job_id: UUID) -> None:
        """Delete a job. Raises JobNotFound, DatabaseUnavailable."""
        now = datetime.now(UTC)
        async with self._database.transaction() as connection:
            job = await self._repository.jobs.get(connection, principal, job_id, lock=True)
            # These locks keep a concurrent cancellation from being published after the erasure.
            matches = await self._repository.matches.lock_of_job(connection, job_id)
            await self._outbox.publish(connection, *(match_erase_requested(each, at=now) for each in matches))
            await self._repository.keys.delete_of_job(connection, job)
            await self._repository.jobs.delete(connection, job)
