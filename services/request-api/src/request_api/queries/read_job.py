"""Read a job."""

from uuid import UUID

from chassis.db.database import Database
from chassis.principal import Principal

from request_api.domain.job import Job, JobVersion
from request_api.storage import Repository


class ReadJob:
    """Read a job that a principal may see."""

    def __init__(self, *, database: Database, repository: Repository) -> None:
        self._database = database
        self._repository = repository

    async def __call__(
        self, principal: Principal, job_id: UUID, *, version: int | None
    ) -> tuple[Job, JobVersion]:
        """Return a job with one of its versions, by default the newest.

        Raises:
            JobNotFound: the job does not exist, or the principal may not see it.
            JobVersionNotFound: the job has no such version.
            DatabaseUnavailable: the database is unavailable.
        """
        async with self._database.transaction() as connection:
            job = await self._repository.jobs.get(connection, principal, job_id)
            return job, await self._repository.jobs.version(connection, job, version)
