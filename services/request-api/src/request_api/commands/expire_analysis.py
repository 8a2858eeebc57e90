"""Expire an analysis whose deadline has passed. results-api decides whether it ended before."""

from uuid import UUID

from chassis.db.database import Database
from chassis.messaging.outbox import Outbox
from chassis.telemetry.logs import get_logger
from contracts.events import Event

from request_api.domain.watchdog import WatchdogPolicy
from request_api.events import expired, repeated_cancellation
from request_api.storage import Repository

log = get_logger(__name__)


class ExpireAnalysis:
    """Have the other services end an analysis: as cancelled if that was requested, otherwise as failed."""

    def __init__(self, *, database: Database, repository: Repository, outbox: Outbox[Event]) -> None:
        self._database = database
        self._repository = repository
        self._outbox = outbox

    async def __call__(self, analysis_id: UUID, *, policy: WatchdogPolicy | None = None) -> bool:
        """Expire an analysis and return True, or return False if it has ended or is locked.

        With a `policy`, also return False if the analysis is not due.

        Raises:
            DatabaseUnavailable: the database is unavailable.
        """
        async with self._database.transaction() as connection:
            unfinished = await self._repository.emissions.lock(connection, analysis_id, policy=policy)
            if unfinished is None:
                return False
            event = repeated_cancellation(unfinished) or expired(unfinished.analysis, at=unfinished.now)
            await self._outbox.publish(connection, event)
            await self._repository.emissions.count(connection, unfinished.analysis)
        log.warning(
            "analysis expired",
            analysis_id=str(analysis_id),
            emission=unfinished.emissions + 1,
            event_type=event.type,
        )
        return True
