"""Request the cancellation of an analysis. results-api decides whether the request came in time."""

from datetime import UTC, datetime
from uuid import UUID

from chassis.db.database import Database
from chassis.messaging.outbox import Outbox
from chassis.principal import Principal
from contracts.events import Event

from request_api.events import cancel_requested
from request_api.storage import Repository


class CancelAnalysis:
    """Request a cancellation once, however often users ask for it."""

    def __init__(self, *, database: Database, repository: Repository, outbox: Outbox[Event]) -> None:
        self._database = database
        self._repository = repository
        self._outbox = outbox

    async def __call__(self, principal: Principal, analysis_id: UUID) -> None:
        """Cancel an analysis that the principal may see.

        Raises:
            AnalysisNotFound: the analysis does not exist, or the principal may not see it.
            AnalysisHasEnded: the analysis ended in another way.
            DatabaseUnavailable: the database is unavailable.
        """
        now = datetime.now(UTC)
        async with self._database.transaction() as connection:
            analysis = await self._repository.analyses.get(connection, principal, analysis_id, lock=True)
            if not analysis.can_request_cancellation():
                return
            await self._repository.analyses.mark_cancelled(connection, analysis_id, at=now)
            event = cancel_requested(analysis, by=principal.user_id, at=now)
            await self._outbox.publish(connection, event)
