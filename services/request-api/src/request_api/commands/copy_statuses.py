"""Copy statuses from the public topic to `review_requests`, where the legacy backend reads them."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import CheckViolationError
from chassis.db.database import Database
from contracts.events import AnalysisFailed, PublicEvent
from contracts.vocabulary import AnalysisStatus

from request_api.domain.analysis import UNFINISHED, StatusChange
from request_api.storage import Repository


class CopyStatuses:
    """Store the statuses that results-api published. Old, repeated and unknown ones change nothing."""

    def __init__(self, *, database: Database, repository: Repository) -> None:
        self._database = database
        self._repository = repository

    async def __call__(self, events: Sequence[PublicEvent]) -> list[UUID]:
        """Store a batch of statuses, and return the ids of changed analyses. Raises DatabaseUnavailable."""
        newest: dict[UUID, PublicEvent] = {}
        for event in events:
            # Pending is stored with the request. Skipping it saves a third of the updates.
            if event.status is not AnalysisStatus.PENDING and (
                event.analysis_id not in newest or newest[event.analysis_id].version < event.version
            ):
                newest[event.analysis_id] = event
        if not newest:
            return []
        changes = [_status_change(event) for event in newest.values()]
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


def _status_change(event: PublicEvent) -> StatusChange:
    return StatusChange(
        analysis_id=event.analysis_id,
        status=event.status,
        version=event.version,
        failure_code=event.failure_code if isinstance(event, AnalysisFailed) else None,
        ended_at=None if event.status in UNFINISHED else event.occurred_at,
    )
