"""End an analysis that has run out of time: results-api decides whether it has ended meanwhile."""

from uuid import UUID

from chassis.db.database import Database
from chassis.messaging.outbox import Outbox
from chassis.telemetry.logs import get_logger
from contracts.events import Event

from request_api.commands.reemit_analysis import cancellation
from request_api.domain.analysis import Patience
from request_api.storage import Repository

log = get_logger(__name__)


class ExpireAnalysis:
    """Tells the others to end an analysis: as cancelled, if somebody asked for that, else as failed."""

    def __init__(self, *, database: Database, repository: Repository, outbox: Outbox[Event]) -> None:
        self._database = database
        self._repository = repository
        self._outbox = outbox

    async def __call__(self, analysis_id: UUID, *, patience: Patience | None = None) -> bool:
        """Says whether it was told: not if it has ended, is being changed, or (`patience`) is not due.

        Raises DatabaseUnavailable.
        """
        async with self._database.transaction() as connection:
            waiting = await self._repository.emissions.hold(connection, analysis_id, patience=patience)
            if waiting is None:
                return False
            event = cancellation(waiting) or waiting.request.expired(at=waiting.now)
            await self._outbox.publish(connection, event)
            await self._repository.emissions.count(connection, waiting.request)
        log.warning(
            "analysis expired",
            analysis_id=str(analysis_id),
            emission=waiting.emissions + 1,
            event_type=event.type,
        )
        return True
