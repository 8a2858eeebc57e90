"""Copy statuses from the public topic: those of analyses to `review_requests`, for the legacy backend.

Those of matches go to `matches`, so that the watchdog knows which of them have ended.
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar
from uuid import UUID

from asyncpg import CheckViolationError
from chassis.db.database import Database
from contracts.events import AnalysisFailed, PublicEvent
from contracts.match_events import PublicMatchEvent
from contracts.vocabulary import AnalysisStatus

from request_api.domain.analysis import UNFINISHED, StatusChange
from request_api.domain.match import MatchEnd
from request_api.events import AnyPublicEvent
from request_api.storage import Repository

EventT = TypeVar("EventT", PublicEvent, PublicMatchEvent)


class CopyStatuses:
    """Store the statuses that results-api published. Old, repeated and unknown ones change nothing."""

    def __init__(self, *, database: Database, repository: Repository) -> None:
        self._database = database
        self._repository = repository

    async def __call__(self, events: Sequence[AnyPublicEvent]) -> list[UUID]:
        """Store a batch of statuses, and return the ids of changed analyses and matches.

        Raises:
            DatabaseUnavailable: the database is unavailable. The batch can be stored again.
        """
        changes = [
            _status_change(event)
            for event in _newest(each for each in events if isinstance(each, PublicEvent))
        ]
        ends = [
            _match_end(event)
            for event in _newest(each for each in events if isinstance(each, PublicMatchEvent))
        ]
        return [*await self._copy_analyses(changes), *await self._copy_matches(ends)]

    async def _copy_analyses(self, changes: Sequence[StatusChange]) -> list[UUID]:
        if not changes:
            return []
        async with self._database.autocommit() as connection:
            try:
                return await self._repository.statuses.copy(connection, changes)
            except CheckViolationError:
                # A migration of the legacy backend added a constraint that refuses the industry of a row.
                industries = self._repository.legacy_industries
                legacy = await industries.find(connection)
                if legacy is None or not await industries.rename_unreadable(connection, legacy):
                    raise
                return await self._repository.statuses.copy(connection, changes)

    async def _copy_matches(self, ends: Sequence[MatchEnd]) -> list[UUID]:
        if not ends:
            return []
        async with self._database.autocommit() as connection:
            return await self._repository.matches.copy_ends(connection, ends)


def _newest(events: Iterable[EventT]) -> Iterable[EventT]:
    newest: dict[UUID, EventT] = {}
    for event in events:
        # Pending is stored with the request. Skipping it saves a third of the updates.
        if event.status is not AnalysisStatus.PENDING and (
            event.subject not in newest or newest[event.subject].version < event.version
        ):
            newest[event.subject] = event
    return newest.values()


def _status_change(event: PublicEvent) -> StatusChange:
    return StatusChange(
        analysis_id=event.analysis_id,
        status=event.status,
        version=event.version,
        failure_code=event.failure_code if isinstance(event, AnalysisFailed) else None,
        ended_at=None if event.status in UNFINISHED else event.occurred_at,
    )


def _match_end(event: PublicMatchEvent) -> MatchEnd:
    return MatchEnd(
        match_id=event.match_id, status=event.status, version=event.version, ended_at=event.occurred_at
    )
