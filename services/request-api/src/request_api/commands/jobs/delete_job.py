"""Delete a job."""

from uuid import UUID

from chassis.db.database import Database
from chassis.messaging.outbox import Outbox
from chassis.principal import Principal
from contracts.events import Event

from request_api.commands.matches.erase_matches import erase_matches
from request_api.storage import Repository


class DeleteJob:
    """Delete a job with its versions and idempotency keys, and have other services erase its matches."""

    def __init__(self, *, database: Database, repository: Repository, outbox: Outbox[Event]) -> None:
        self._database = database
        self._repository = repository
        self._outbox = outbox

    async def __call__(self, principal: Principal, job_id: UUID) -> None:
        """Delete a job. Raises JobNotFound, DatabaseUnavailable."""
        async with self._database.transaction() as connection:
            job = await self._repository.jobs.get(connection, principal, job_id, lock=True)
            await self._repository.matches.lock_of_job(connection, job_id)
            await self._repository.keys.delete_of_job(connection, job)
            await self._repository.jobs.delete(connection, job)
            await erase_matches(connection, repository=self._repository, outbox=self._outbox)
