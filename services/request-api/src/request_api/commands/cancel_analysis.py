"""Cancel an analysis: results-api decides whether it came in time."""

from datetime import UTC, datetime
from uuid import UUID

from chassis.db.database import Database
from chassis.messaging.outbox import Outbox
from chassis.principal import Principal
from contracts.events import Event
from contracts.vocabulary import AnalysisStatus

from request_api.errors import AnalysisHasEnded
from request_api.storage import Repository


class CancelAnalysis:
    """Tells the others to end an analysis, once, however often it is asked for."""

    def __init__(self, *, database: Database, repository: Repository, outbox: Outbox[Event]) -> None:
        self._database = database
        self._repository = repository
        self._outbox = outbox

    async def __call__(self, principal: Principal, analysis_id: UUID) -> None:
        """Raises AnalysisNotFound, AnalysisHasEnded, DatabaseUnavailable."""
        now = datetime.now(UTC)
        async with self._database.transaction() as connection:
            request = await self._repository.requests.get(connection, principal, analysis_id, lock=True)
            if request.status == AnalysisStatus.CANCELLED:
                return
            if request.has_ended:
                raise AnalysisHasEnded
            if request.cancel_requested_at is not None:
                return
            await self._repository.requests.mark_cancelled(connection, analysis_id, at=now)
            event = request.cancelled(by=principal.user_id, at=now)
            await self._outbox.publish(connection, event)
