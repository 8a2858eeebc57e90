"""Close a job, or open it again."""

from datetime import UTC, datetime
from uuid import UUID

from chassis.db.database import Database
from chassis.principal import Principal

from request_api.domain.errors import TooManyOpenJobs
from request_api.domain.job import Job, JobStatus, JobVersion
from request_api.storage import Repository


class CloseJob:
    """Close a job or open it again, once, however often users ask for it."""

    def __init__(self, *, database: Database, repository: Repository, max_open: int) -> None:
        """Create the use case. A user may have `max_open` open jobs."""
        self._database = database
        self._repository = repository
        self._max_open = max_open

    async def close(self, principal: Principal, job_id: UUID) -> tuple[Job, JobVersion]:
        """Close a job. Raises JobNotFound, DatabaseUnavailable."""
        async with self._database.transaction() as connection:
            job = await self._repository.jobs.get(connection, principal, job_id, lock=True)
            closed = job.close(at=datetime.now(UTC))
            await self._repository.jobs.set_status(connection, closed)
            return closed, await self._repository.jobs.version(connection, closed)

    async def reopen(self, principal: Principal, job_id: UUID) -> tuple[Job, JobVersion]:
        """Open a job again.

        Raises:
            JobNotFound: the job does not exist, or the principal may not see it.
            TooManyOpenJobs: the user who created the job has reached the limit of open jobs.
            DatabaseUnavailable: the database is unavailable.
        """
        async with self._database.transaction() as connection:
            job = await self._repository.jobs.get(connection, principal, job_id, lock=True)
            if job.status is JobStatus.CLOSED:
                if await self._repository.jobs.count_open(connection, job.created_by) >= self._max_open:
                    raise TooManyOpenJobs(limit=self._max_open)
                job = job.reopen()
                await self._repository.jobs.set_status(connection, job)
            return job, await self._repository.jobs.version(connection, job)
