"""Copy statuses from the public topic to review_requests, where the legacy backend looks for them."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import CheckViolationError
from chassis.db.database import Database
from contracts.events import AnalysisFailed, PublicEvent
from contracts.vocabulary import AnalysisStatus

from request_api.storage import Repository
from request_api.storage.requests import Told

_ENDED = (
    AnalysisStatus.COMPLETED,
    AnalysisStatus.FAILED,
    AnalysisStatus.CANCELLED,
    AnalysisStatus.ERASED,
)


class CopyStatuses:
    """Takes over what results-api decided; older news, repeats and foreign analyses change nothing."""

    def __init__(self, *, database: Database, repository: Repository) -> None:
        self._database = database
        self._repository = repository

    async def __call__(self, events: Sequence[PublicEvent]) -> list[UUID]:
        """Return the analyses that changed. Raises DatabaseUnavailable."""
        newest: dict[UUID, PublicEvent] = {}
        for event in events:
            # Pending is stored with the request: a third of all news, which would change nothing.
            if event.status is not AnalysisStatus.PENDING and (
                event.analysis_id not in newest or newest[event.analysis_id].version < event.version
            ):
                newest[event.analysis_id] = event
        if not newest:
            return []
        told = [_told(event) for event in newest.values()]
        async with self._database.autocommit() as connection:
            try:
                return await self._repository.requests.copy_statuses(connection, told)
            except CheckViolationError:
                # The legacy backend's database got a constraint that refuses the industry of a row.
                legacy = await self._repository.legacy.find(connection)
                if legacy is None or not await self._repository.legacy.rename_unreadable(connection, legacy):
                    raise
                return await self._repository.requests.copy_statuses(connection, told)


def _told(event: PublicEvent) -> Told:
    return Told(
        analysis_id=event.analysis_id,
        status=event.status,
        version=event.version,
        failure_code=event.failure_code if isinstance(event, AnalysisFailed) else None,
        ended_at=event.occurred_at if event.status in _ENDED else None,
    )
