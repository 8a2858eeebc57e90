"""Edit the requirements of a job."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from chassis.db.database import Database
from chassis.principal import Principal
from matching.job.protected import find_ground
from scoring.language.text import fold

from request_api.domain.errors import RequirementNotAllowed
from request_api.domain.job import Job, JobVersion, RequirementEdit
from request_api.storage import Repository


class EditRequirements:
    """Store edited requirements as the next version of a job."""

    def __init__(self, *, database: Database, repository: Repository) -> None:
        self._database = database
        self._repository = repository

    async def __call__(
        self, principal: Principal, job_id: UUID, edits: Sequence[RequirementEdit], *, version: int
    ) -> tuple[Job, JobVersion]:
        """Replace the requirements of a job whose newest version is `version`, unless they are the same.

        Raises:
            JobNotFound: the job does not exist, or the principal may not see it.
            JobChanged: the job has a newer version.
            TooManyVersions: the job has reached the limit of versions.
            RequirementUnknown, RequirementRepeated, RequirementEmpty: an edit is invalid.
            RequirementNotAllowed: a requirement is about something that must not decide about a person.
            DatabaseUnavailable: the database is unavailable.
        """
        now = datetime.now(UTC)
        async with self._database.transaction() as connection:
            job = await self._repository.jobs.get(connection, principal, job_id, lock=True)
            job.check_version(version)
            current = await self._repository.jobs.version(connection, job)
            new = current.edit_requirements(edits, by=principal.user_id, at=now)
            if new.has_same_content_as(current):
                return job, current
            job.check_room()
            _check_grounds(new.new_terms(current))
            return await self._repository.jobs.add_version(connection, job, new), new


def _check_grounds(terms: Sequence[str]) -> None:
    for term in terms:
        ground = find_ground(fold(term))
        if ground is not None:
            raise RequirementNotAllowed(ground=ground)
