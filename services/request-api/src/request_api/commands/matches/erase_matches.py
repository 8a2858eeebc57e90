"""Erase matches whose job, resume or requester was deleted, whichever application deleted it."""

from datetime import UTC, datetime

from chassis.db.database import Connection, Database
from chassis.messaging.outbox import Outbox
from chassis.telemetry.logs import get_logger
from contracts.events import Event

from request_api.events import match_erase_requested
from request_api.storage import Repository

log = get_logger(__name__)

# Their events have no text, so a batch takes about 1 MB. The watchdog erases the others, seconds later.
MAX_ERASED = 1000


async def erase_matches(connection: Connection, *, repository: Repository, outbox: Outbox[Event]) -> int:
    """Delete a batch of orphaned matches, have the other services erase them, and return their number."""
    matches = await repository.matches.delete_orphaned(connection, limit=MAX_ERASED)
    now = datetime.now(UTC)
    await outbox.publish(connection, *(match_erase_requested(each, at=now) for each in matches))
    return len(matches)


class EraseMatches:
    """Erase a batch of orphaned matches in a transaction of its own."""

    def __init__(self, *, database: Database, repository: Repository, outbox: Outbox[Event]) -> None:
        self._database = database
        self._repository = repository
        self._outbox = outbox

    async def __call__(self) -> None:
        """Erase up to `MAX_ERASED` matches. Raises DatabaseUnavailable."""
        async with self._database.transaction() as connection:
            erased = await erase_matches(connection, repository=self._repository, outbox=self._outbox)
        if erased:
            log.info("matches erased", matches=erased)
