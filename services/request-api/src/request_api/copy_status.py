"""Copy an analysis's status from the public topic to review_requests, where the old backend looks for it."""

from asyncpg import CheckViolationError
from chassis.db import Connection, Database
from contracts.events import AnalysisFailed, PublicEvent
from contracts.vocabulary import AnalysisStatus

from request_api.repository import Repository

_ENDED = (
    AnalysisStatus.COMPLETED,
    AnalysisStatus.FAILED,
    AnalysisStatus.CANCELLED,
    AnalysisStatus.ERASED,
)


class CopyStatus:
    """Takes over what results-api decided; older news, repeats and foreign analyses change nothing."""

    def __init__(self, *, database: Database, repository: Repository) -> None:
        self._database = database
        self._repository = repository

    async def __call__(self, event: PublicEvent) -> bool:
        """Says whether anything changed. Raises DatabaseAway."""
        if event.status is AnalysisStatus.PENDING:
            # As it was stored with the request: a third of all news, each a transaction that changes nothing.
            return False
        async with self._database.autocommit() as connection:
            try:
                return await self._copy(connection, event)
            except CheckViolationError:
                # The legacy backend's database got a constraint that refuses the industry of the row.
                legacy = await self._repository.legacy.find(connection)
                if legacy is None or not await self._repository.legacy.rename_unreadable(connection, legacy):
                    raise
                return await self._copy(connection, event)

    async def _copy(self, connection: Connection, event: PublicEvent) -> bool:
        return await self._repository.requests.copy_status(
            connection,
            analysis_id=event.analysis_id,
            status=event.status,
            version=event.version,
            failure_code=event.failure_code if isinstance(event, AnalysisFailed) else None,
            ended_at=event.occurred_at if event.status in _ENDED else None,
        )
