"""Delete a job."""

from uuid import UUID

from chassis.db.database import Database
from chassis.principal import Principal

from request_api.storage import Repository


class DeleteJob:
    """Delete a job with all its versions and its idempotency keys."""

    def __init__(self, *, database: Database, repository: Repository) -> None:
        self._database = database
        self._repository = repository

    async def __call__(self, principal: Principal, job_id: UUID) -> None:
        """Delete a job. Raises JobNotFound, DatabaseUnavailable."""
        async with self._database.transaction() as connection:
            job = await self._repository.jobs.get(connection, principal, job_id, lock=True)
            await self._repository.keys.delete_of_job(connection, job)
            await self._repository.jobs.delete(connection, job)
