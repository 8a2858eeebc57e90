"""Change the text of a job."""

from datetime import UTC, datetime
from uuid import UUID

from chassis.db.database import Database
from chassis.principal import Principal

from request_api.commands.jobs.extraction import ExtractRequirements
from request_api.domain.job import Job, JobText, JobVersion
from request_api.storage import Repository


class RewriteJob:
    """Store a new text of a job as its next version, with the edits of consultants."""

    def __init__(self, *, database: Database, repository: Repository, extract: ExtractRequirements) -> None:
        self._database = database
        self._repository = repository
        self._extract = extract

    async def __call__(
        self, principal: Principal, job_id: UUID, text: JobText, *, version: int
    ) -> tuple[Job, JobVersion]:
        """Rewrite a job whose newest version is `version`, unless nothing changes.

        Raises:
            JobNotFound: the job does not exist, or the principal may not see it.
            JobChanged: the job has a newer version.
            TooManyVersions: the job has reached the limit of versions.
            JobTextUnreadable: the text can never be read.
            ExtractionsBusy, TooManyExtractions, ExtractionFailed: the text cannot be read now.
            DatabaseUnavailable: the database is unavailable.
        """
        # Checked before extracting, which is expensive.
        async with self._database.autocommit() as connection:
            (await self._repository.jobs.get(connection, principal, job_id)).check_version(version)
        extracted = await self._extract(text, user_id=principal.user_id)
        now = datetime.now(UTC)
        async with self._database.transaction() as connection:
            job = await self._repository.jobs.get(connection, principal, job_id, lock=True)
            job.check_version(version)
            current = await self._repository.jobs.version(connection, job)
            new = current.rewrite(text, extracted, by=principal.user_id, at=now)
            if new.has_same_content_as(current):
                return job, current
            job.check_room()
            return await self._repository.jobs.add_version(connection, job, new), new
