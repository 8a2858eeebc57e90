"""SQL of jobs and their versions."""

from dataclasses import replace
from functools import cache
from typing import Any, Final
from uuid import UUID

from chassis.db.database import Connection, Row
from chassis.db.statement import Statement
from chassis.db.visibility import USER_ID, visibility
from chassis.principal import Principal
from contracts.matching import LeftOut, Requirement
from sqlalchemy import Integer, Text, bindparam, cast, delete, func, insert, literal, select, update

from request_api.domain.errors import JobNotFound, JobVersionNotFound
from request_api.domain.job import Job, JobRequirement, JobStatus, JobText, JobVersion, ListedJob, Origin
from request_api.storage.tables import job_versions, jobs
from request_api.storage.users import user_is_known
from request_api.storage.visibility import IS_OWN_JOB, MAY_SEE_JOB

_COLUMNS: Final = (
    *(jobs.c.id, jobs.c.created_by_user_id.label("created_by"), jobs.c.status, jobs.c.version),
    *(jobs.c.created_at, jobs.c.closed_at),
)
_IS_IT: Final = jobs.c.id == bindparam("job_id")
_JOB: Final = select(*_COLUMNS).where(_IS_IT, MAY_SEE_JOB)
_GET: Final = Statement(_JOB)
_GET_LOCKED: Final = Statement(_JOB.with_for_update())
_VERSION: Final = Statement(
    select(job_versions).where(
        job_versions.c.job_id == bindparam("job_id"), job_versions.c.version == bindparam("version")
    )
)
_ADD: Final = Statement(insert(jobs).values({column.name: bindparam(column.name) for column in jobs.c}))
_ADD_VERSION: Final = Statement(
    insert(job_versions).values({column.name: bindparam(column.name) for column in job_versions.c})
)
_SET_VERSION: Final = Statement(update(jobs).where(_IS_IT).values(version=bindparam("new_version")))
_SET_STATUS: Final = Statement(
    update(jobs).where(_IS_IT).values(status=bindparam("new_status"), closed_at=bindparam("new_closed_at"))
)
_DELETE: Final = Statement(delete(jobs).where(_IS_IT))
# Its second argument keeps it apart from the lock of `Resumes.get_for_analysis`.
_LOCK_OPEN_JOBS: Final = Statement(
    select(func.pg_advisory_xact_lock(func.hashtextextended(cast(USER_ID, Text), literal(1))))
)
_COUNT_OPEN: Final = Statement(
    select(func.count()).select_from(jobs).where(IS_OWN_JOB, jobs.c.status == JobStatus.OPEN.value)
)
_NAME_IS_TAKEN: Final = Statement(
    select(func.to_regclass("jobs").is_not(None) & func.to_regclass("job_versions").is_(None))
)


@cache
def _page(*, sees_everything: bool, has_status: bool) -> tuple[Statement, Statement]:
    """Return a statement that counts and one that reads a page."""
    conditions = [
        *([] if sees_everything else [IS_OWN_JOB]),
        *([jobs.c.status == bindparam("status")] if has_status else []),
    ]
    page = (
        select(
            *_COLUMNS,
            job_versions.c.title,
            func.jsonb_array_length(job_versions.c.requirements).label("requirements"),
            job_versions.c.written_at,
        )
        .join(job_versions, (job_versions.c.job_id == jobs.c.id) & (job_versions.c.version == jobs.c.version))
        .where(*conditions)
        .order_by(jobs.c.created_at.desc(), jobs.c.id)
        .limit(bindparam("limit", type_=Integer))
        .offset(bindparam("offset", type_=Integer))
    )
    return Statement(select(func.count()).select_from(jobs).where(*conditions)), Statement(page)


class Jobs:
    """Jobs and their versions."""

    async def get(
        self, connection: Connection, principal: Principal, job_id: UUID, *, lock: bool = False
    ) -> Job:
        """Return a job, locked on demand. Raises JobNotFound."""
        query = _GET_LOCKED if lock else _GET
        row = await query.first(connection, {"job_id": job_id, **visibility(principal)})
        if row is None:
            raise JobNotFound
        return _job(row)

    async def version(self, connection: Connection, job: Job, version: int | None = None) -> JobVersion:
        """Return a version of a job, by default the newest. Raises JobVersionNotFound."""
        row = await _VERSION.first(connection, {"job_id": job.id, "version": version or job.version})
        if row is None:
            raise JobVersionNotFound
        return JobVersion(
            version=row["version"],
            text=JobText(title=row["title"], text=row["text"], language=row["language"]),
            requirements=_requirements(row["requirements"]),
            removed=_requirements(row["removed"]),
            left_out=tuple(LeftOut.model_validate(each) for each in row["left_out"]),
            dropped=row["dropped"],
            written_by=row["written_by_user_id"],
            written_at=row["written_at"],
        )

    async def page(
        self,
        connection: Connection,
        principal: Principal,
        *,
        status: JobStatus | None,
        limit: int,
        offset: int,
    ) -> tuple[list[ListedJob], int]:
        """Return one page of jobs, newest first and without texts, and their total number."""
        count, page = _page(sees_everything=principal.sees_everything, has_status=status is not None)
        wanted = {"user_id": principal.user_id, "status": status}
        total = await count.value(connection, wanted)
        rows = await page.all(connection, {**wanted, "limit": limit, "offset": offset})
        listed = [
            ListedJob(
                job=_job(row),
                title=row["title"],
                requirements=row["requirements"],
                written_at=row["written_at"],
            )
            for row in rows
        ]
        return listed, total

    async def count_open(self, connection: Connection, user_id: UUID) -> int:
        """Return the number of a user's open jobs, which no other transaction changes until this one ends."""
        await _LOCK_OPEN_JOBS.run(connection, {"user_id": user_id})
        # A statement of its own, because it must not begin before the lock is held.
        number: int = await _COUNT_OPEN.value(connection, {"user_id": user_id})
        return number

    async def add(self, connection: Connection, job: Job, version: JobVersion) -> None:
        """Store a new job with its first version. Raises UserUnknown."""
        with user_is_known():
            await _ADD.run(
                connection,
                {
                    "id": job.id,
                    "created_by_user_id": job.created_by,
                    "status": job.status,
                    "version": job.version,
                    "created_at": job.created_at,
                    "closed_at": job.closed_at,
                },
            )
        await self._add_version(connection, job.id, version)

    async def add_version(self, connection: Connection, job: Job, version: JobVersion) -> Job:
        """Store the next version of a job that the caller has locked, and return the job with it."""
        await self._add_version(connection, job.id, version)
        await _SET_VERSION.run(connection, {"job_id": job.id, "new_version": version.version})
        return replace(job, version=version.version)

    async def set_status(self, connection: Connection, job: Job) -> None:
        """Store the status of a job that the caller has locked."""
        values = {"job_id": job.id, "new_status": job.status, "new_closed_at": job.closed_at}
        await _SET_STATUS.run(connection, values)

    async def delete(self, connection: Connection, job: Job) -> None:
        """Delete a job with all its versions."""
        await _DELETE.run(connection, {"job_id": job.id})

    async def is_name_taken(self, connection: Connection) -> bool:
        """Return True if another application has a table `jobs` in this database."""
        return bool(await _NAME_IS_TAKEN.value(connection))

    async def _add_version(self, connection: Connection, job_id: UUID, version: JobVersion) -> None:
        await _ADD_VERSION.run(
            connection,
            {
                "job_id": job_id,
                "version": version.version,
                "title": version.text.title,
                "text": version.text.text,
                "language": version.text.language,
                "requirements": _stored(version.requirements),
                "removed": _stored(version.removed),
                "left_out": [each.model_dump() for each in version.left_out],
                "dropped": version.dropped,
                "written_by_user_id": version.written_by,
                "written_at": version.written_at,
            },
        )


def _job(row: Row) -> Job:
    return Job(**{**{name: row[name] for name in Job.__slots__}, "status": JobStatus(row["status"])})


def _requirements(stored: list[dict[str, Any]]) -> tuple[JobRequirement, ...]:
    return tuple(
        JobRequirement(requirement=Requirement.model_validate(each), origin=Origin(each["origin"]))
        for each in stored
    )


def _stored(requirements: tuple[JobRequirement, ...]) -> list[dict[str, Any]]:
    return [
        {**each.requirement.model_dump(mode="json", exclude_none=True), "origin": each.origin}
        for each in requirements
    ]
