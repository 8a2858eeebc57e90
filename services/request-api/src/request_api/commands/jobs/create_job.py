"""Create a job from a text or a file."""

from datetime import UTC, datetime
from typing import BinaryIO
from uuid import uuid4

from chassis.db.database import Database
from chassis.principal import Principal
from contracts.matching import MAX_JOB_CHARACTERS
from documents.reader import DocumentReader

from request_api.commands.jobs.extraction import ExtractRequirements
from request_api.domain.errors import JobTextTooLong, TooManyOpenJobs
from request_api.domain.idempotency_key import IdempotencyKey
from request_api.domain.job import Job, JobText, JobVersion
from request_api.storage import Repository


class CreateJob:
    """Extract the requirements of a job and store it as its first version."""

    def __init__(
        self,
        *,
        database: Database,
        repository: Repository,
        reader: DocumentReader,
        extract: ExtractRequirements,
        max_open: int,
    ) -> None:
        """Create the use case. A user may have `max_open` open jobs."""
        self._database = database
        self._repository = repository
        self._reader = reader
        self._extract = extract
        self._max_open = max_open

    async def from_file(
        self,
        principal: Principal,
        *,
        title: str,
        language: str | None,
        file: BinaryIO,
        reading_seconds: float | None,
        idempotency_key: str | None,
    ) -> tuple[Job, JobVersion]:
        """Create a job from a file that is on disk, which is read within `reading_seconds` if given.

        Raises:
            DocumentError: the file is not accepted, for the reason that the error names.
            JobTextTooLong: the file has too much text for a job.
            Others: like `from_text`.
        """
        document = await self._reader.read(file, user_id=principal.user_id, seconds=reading_seconds)
        if len(document.text) > MAX_JOB_CHARACTERS:
            raise JobTextTooLong
        text = JobText(title=title, text=document.text, language=language)
        return await self.from_text(principal, text, idempotency_key=idempotency_key)

    async def from_text(
        self, principal: Principal, text: JobText, *, idempotency_key: str | None
    ) -> tuple[Job, JobVersion]:
        """Create a job. Repeating a request with the same key returns the same job, as it is now.

        Raises:
            IdempotencyKeyReused: the key was used with another request.
            TooManyOpenJobs: the principal has reached the limit of open jobs.
            UserUnknown: the database does not have the principal.
            JobTextUnreadable: the text can never be read.
            ExtractionsBusy, TooManyExtractions, ExtractionFailed: the text cannot be read now.
            DatabaseUnavailable: the database is unavailable.
        """
        extracted = await self._extract(text, user_id=principal.user_id)
        job_id, now = uuid4(), datetime.now(UTC)
        async with self._database.transaction() as connection:
            if idempotency_key is not None:
                key = IdempotencyKey.for_job(idempotency_key, user_id=principal.user_id, text=text)
                earlier_id = await self._repository.keys.remember(connection, key, job_id)
                if earlier_id is not None:
                    job = await self._repository.jobs.get(connection, principal, earlier_id)
                    return job, await self._repository.jobs.version(connection, job)
            if await self._repository.jobs.count_open(connection, principal.user_id) >= self._max_open:
                raise TooManyOpenJobs(limit=self._max_open)
            job = Job.create(job_id, by=principal.user_id, at=now)
            version = JobVersion.first(text, extracted, by=principal.user_id, at=now)
            await self._repository.jobs.add(connection, job, version)
        return job, version
