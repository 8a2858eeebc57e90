"""List jobs, newest first."""

from chassis.db.database import Database
from chassis.principal import Principal

from request_api.domain.job import JobStatus, ListedJob
from request_api.storage import Repository


class ListJobs:
    """List the jobs that a principal may see."""

    def __init__(self, *, database: Database, repository: Repository) -> None:
        self._database = database
        self._repository = repository

    async def __call__(
        self, principal: Principal, *, status: JobStatus | None, limit: int, offset: int
    ) -> tuple[list[ListedJob], int]:
        """Return a page of jobs without texts, and their total number. Raises DatabaseUnavailable."""
        async with self._database.transaction() as connection:
            return await self._repository.jobs.page(
                connection, principal, status=status, limit=limit, offset=offset
            )
