"""Accept a request for matches, and store them with their events in one transaction."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID, uuid4

from chassis.db.database import Connection, Database
from chassis.messaging.outbox import Outbox
from chassis.principal import Principal
from contracts.events import Event

from request_api.domain.errors import (
    DailyMatchLimitReached,
    JobClosed,
    ResumeNotFound,
    TooManyCandidates,
    TooManyUnfinishedMatches,
)
from request_api.domain.idempotency_key import IdempotencyKey
from request_api.domain.job import Job, JobStatus, JobVersion
from request_api.domain.match import MAX_MATCHES_PER_REQUEST, Match, MatchableResume, RequestedMatches
from request_api.events import match_requested
from request_api.storage import Repository

# An event may take 2 MB, so this bounds the memory of a request.
_EVENTS_AT_ONCE: Final = 25


class RequestMatches:
    """Store matches of resumes with a job, and publish them to the analyzer and results-api."""

    def __init__(
        self,
        *,
        database: Database,
        repository: Repository,
        outbox: Outbox[Event],
        max_unfinished: int,
        daily_limit: int,
    ) -> None:
        """Create the use case.

        Args:
            max_unfinished: number of unfinished matches that a user may have.
            daily_limit: number of matches that a user may request within 24 hours.
        """
        self._database = database
        self._repository = repository
        self._outbox = outbox
        self._max_unfinished = max_unfinished
        self._daily_limit = daily_limit

    async def __call__(
        self,
        principal: Principal,
        job_id: UUID,
        *,
        resume_ids: Sequence[UUID] | None,
        idempotency_key: str | None,
    ) -> RequestedMatches:
        """Match resumes with the newest version of a job.

        Without `resume_ids`, match the newest resume of each active candidate that the principal may see. A
        match that has completed is not requested again, nor one that the principal waits for. Repeating a
        request with the same key returns the same matches, as they are now.

        Raises:
            JobNotFound, ResumeNotFound: it does not exist, or the principal may not see it.
            ResumeNotYetRead: the legacy backend has not read one of the named resumes yet.
            JobClosed: the job is closed.
            TooManyCandidates: the principal sees more candidates than a request may match.
            TooManyUnfinishedMatches, DailyMatchLimitReached: the principal requested too many matches.
            IdempotencyKeyReused: the key was used with another request.
            UserUnknown: the database does not have the principal.
            DatabaseUnavailable: the database is unavailable.
        """
        key = None
        if idempotency_key is not None:
            key = IdempotencyKey.for_matches(
                idempotency_key, user_id=principal.user_id, job_id=job_id, resume_ids=resume_ids
            )
        async with self._database.transaction() as connection:
            # The lock makes concurrent requests for the same matches find each other's.
            job = await self._repository.jobs.get(connection, principal, job_id, lock=True)
            if key is not None:
                earlier = await self._earlier(connection, principal, job, key)
                if earlier is not None:
                    return earlier
            if job.status is JobStatus.CLOSED:
                raise JobClosed
            resumes = await self._resumes(connection, principal, resume_ids)
            requested = await self._request(connection, principal, job, resumes)
            if key is not None:
                await self._repository.keys.store(
                    connection,
                    key,
                    {
                        "job_id": str(job.id),
                        "job_version": requested.job_version,
                        "accepted": requested.accepted,
                        "match_ids": [str(each.match_id) for each in requested.matches],
                    },
                )
        return requested

    async def _earlier(
        self, connection: Connection, principal: Principal, job: Job, key: IdempotencyKey
    ) -> RequestedMatches | None:
        answer = await self._repository.keys.find(connection, key)
        if answer is None:
            return None
        match_ids = [UUID(each) for each in answer["match_ids"]]
        return RequestedMatches(
            job_id=job.id,
            job_version=answer["job_version"],
            accepted=answer["accepted"],
            already_requested=len(match_ids) - answer["accepted"],
            matches=await self._repository.matches.get(connection, principal, match_ids),
        )

    async def _resumes(
        self, connection: Connection, principal: Principal, resume_ids: Sequence[UUID] | None
    ) -> list[MatchableResume]:
        if resume_ids is not None:
            wanted = set(resume_ids)
            found = await self._repository.resumes.lock_for_matches(connection, principal, list(wanted))
            if len(found) < len(wanted):
                raise ResumeNotFound
            return found
        newest, number = await self._repository.resumes.newest_of_candidates(
            connection, principal, limit=MAX_MATCHES_PER_REQUEST
        )
        if number > MAX_MATCHES_PER_REQUEST:
            raise TooManyCandidates(candidates=number, limit=MAX_MATCHES_PER_REQUEST)
        return await self._repository.resumes.lock_for_matches(connection, principal, newest)

    async def _request(
        self, connection: Connection, principal: Principal, job: Job, resumes: Sequence[MatchableResume]
    ) -> RequestedMatches:
        counts = await self._repository.matches.count(connection, principal)
        current = await self._repository.matches.current(
            connection,
            principal,
            job_id=job.id,
            job_version=job.version,
            resume_ids=[each.id for each in resumes],
        )
        matched = {each.resume_id for each in current}
        new = [
            Match.request(uuid4(), resume, job, requested_by=principal.user_id, at=counts.now)
            for resume in resumes
            if resume.id not in matched
        ]
        if new and counts.unfinished + len(new) > self._max_unfinished:
            raise TooManyUnfinishedMatches(limit=self._max_unfinished)
        if new and counts.recent + len(new) > self._daily_limit:
            raise DailyMatchLimitReached(limit=self._daily_limit)
        await self._repository.matches.add(connection, principal, new)
        await self._publish(connection, new, await self._repository.jobs.version(connection, job))
        return RequestedMatches(
            job_id=job.id,
            job_version=job.version,
            accepted=len(new),
            already_requested=len(current),
            matches=sorted([*current, *new], key=lambda each: each.resume_id),
        )

    async def _publish(self, connection: Connection, new: Sequence[Match], version: JobVersion) -> None:
        requirements = [each.requirement for each in version.requirements]
        for start in range(0, len(new), _EVENTS_AT_ONCE):
            batch = new[start : start + _EVENTS_AT_ONCE]
            texts = await self._repository.resumes.texts(connection, [each.resume_id for each in batch])
            events = [match_requested(each, texts[each.resume_id], requirements) for each in batch]
            await self._outbox.publish(connection, *events)
