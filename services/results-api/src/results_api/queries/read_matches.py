"""Read matches of a job: the ranking, its progress, and single matches.

Each query also asks request-api for the job with the caller's own token: a match is visible to who sees the
job and either requested the match or sees everything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from chassis.auth.tokens import Caller
from chassis.db.database import Database
from chassis.principal import Principal

from results_api.domain.errors import (
    DifferentJobVersions,
    MatchNotFound,
    RepeatedMatch,
    TooManyToExport,
    UnknownRequirement,
)
from results_api.domain.match_view import MatchCounts, MatchView, Ranking, RankingFilters
from results_api.request_api_client import MatchedJob, RequestApiClient
from results_api.storage import Repository

# Matches without a score that a page of a ranking lists. Their number is always told.
MAX_UNRANKED: Final = 100
# An export of this size is about 1 MB, and reads the outcomes of as many matches.
MAX_EXPORTED: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRanking:
    """A part of the ranking of a version of a job."""

    job: MatchedJob
    counts: MatchCounts
    ranking: Ranking


@dataclass(frozen=True, slots=True, kw_only=True)
class JobMatches:
    """Matches of one version of a job."""

    job: MatchedJob
    matches: Sequence[MatchView]


class ReadMatches:
    """Read the matches of a job that a principal may see.

    All methods raise JobNotFound, Unauthorized, RequestApiUnavailable and DatabaseUnavailable.
    """

    def __init__(self, *, database: Database, repository: Repository, request_api: RequestApiClient) -> None:
        self._database = database
        self._views = repository.match_views
        self._request_api = request_api

    async def rank(
        self,
        principal: Principal,
        caller: Caller,
        job_id: UUID,
        filters: RankingFilters,
        *,
        job_version: int | None,
        limit: int,
        offset: int = 0,
        unranked_limit: int = MAX_UNRANKED,
    ) -> JobRanking:
        """Return a part of the ranking of a version of a job, the newest one by default.

        Raises:
            UnknownRequirement: if the version has no requirement with the id in the filters.
        """
        job = await self._request_api.get_job(caller, job_id, version=job_version)
        if filters.requirement_id is not None and filters.requirement_id not in {
            each.id for each in job.requirements
        }:
            raise UnknownRequirement
        async with self._database.autocommit() as connection:
            counts = await self._views.count(connection, principal, job_id, job.version)
            ranking = await self._views.rank(
                connection,
                principal,
                job_id,
                job.version,
                filters,
                limit=limit,
                offset=offset,
                unranked_limit=unranked_limit,
            )
        return JobRanking(job=job, counts=counts, ranking=ranking)

    async def export(
        self,
        principal: Principal,
        caller: Caller,
        job_id: UUID,
        filters: RankingFilters,
        *,
        job_version: int | None,
    ) -> JobRanking:
        """Return the whole ranking.

        Raises:
            UnknownRequirement: as `rank`.
            TooManyToExport: if more than `MAX_EXPORTED` matches have a score, or as many have none.
        """
        found = await self.rank(
            principal,
            caller,
            job_id,
            filters,
            job_version=job_version,
            limit=MAX_EXPORTED,
            unranked_limit=MAX_EXPORTED,
        )
        if max(found.ranking.total_ranked, found.ranking.total_unranked) > MAX_EXPORTED:
            raise TooManyToExport(MAX_EXPORTED, "matches")
        return found

    async def count(
        self, principal: Principal, caller: Caller, job_id: UUID, *, job_version: int | None
    ) -> tuple[MatchedJob, MatchCounts]:
        """Return the job and the numbers of its matches."""
        job = await self._request_api.get_job(caller, job_id, version=job_version)
        return job, await self.recount(principal, job)

    async def recount(self, principal: Principal, job: MatchedJob) -> MatchCounts:
        """Return the numbers of a job's matches, for a caller who was just allowed to see the job."""
        async with self._database.autocommit() as connection:
            return await self._views.count(connection, principal, job.id, job.version)

    async def get(
        self, principal: Principal, caller: Caller, job_id: UUID, match_ids: Sequence[UUID]
    ) -> JobMatches:
        """Return matches of one version of a job, in the order of the ids.

        Raises:
            RepeatedMatch: if an id is given twice.
            MatchNotFound: if one does not exist, or the principal may not see it.
            DifferentJobVersions: if they belong to different versions.
        """
        if len(set(match_ids)) < len(match_ids):
            raise RepeatedMatch
        async with self._database.autocommit() as connection:
            matches = await self._views.get_all(connection, principal, job_id, match_ids)
        # Even if there is none, so that an unknown job is told apart from an unknown match.
        versions = {each.job_version for each in matches or ()}
        version = versions.pop() if len(versions) == 1 else None
        job = await self._request_api.get_job(caller, job_id, version=version)
        if matches is None:
            raise MatchNotFound
        if version is None:
            raise DifferentJobVersions
        return JobMatches(job=job, matches=matches)
