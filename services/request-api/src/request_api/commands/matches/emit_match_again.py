"""Emit the event of a match again, in case it or the event of its end was lost, or expire the match."""

from uuid import UUID

from chassis.db.database import Connection, Database
from chassis.messaging.outbox import Outbox
from chassis.principal import Principal, Role
from chassis.telemetry.logs import get_logger
from contracts.events import Event

from request_api.domain.match import DueMatch, UnfinishedMatch
from request_api.domain.watchdog import WatchdogPolicy
from request_api.events import match_expired, match_requested, repeated_match_cancellation
from request_api.storage import Repository

log = get_logger(__name__)

# A principal that sees every job, without being a user.
_WATCHDOG = Principal(user_id=UUID(int=0), role=Role.ADMIN)


class EmitMatchAgain:
    """Emit the latest request for a match again, or have the other services end it after its deadline."""

    def __init__(self, *, database: Database, repository: Repository, outbox: Outbox[Event]) -> None:
        self._database = database
        self._repository = repository
        self._outbox = outbox

    async def __call__(self, due: DueMatch, *, policy: WatchdogPolicy) -> None:
        """Emit an event, unless the match is not due any more or locked. Raises DatabaseUnavailable."""
        async with self._database.transaction() as connection:
            unfinished = await self._repository.matches.lock_due(connection, due.match_id, policy=policy)
            if unfinished is None:
                return
            event: Event | None = repeated_match_cancellation(unfinished)
            if event is None and due.is_overdue:
                event = match_expired(unfinished.match, at=unfinished.now)
            elif event is None:
                event = await self._requested(connection, unfinished)
            await self._outbox.publish(connection, event)
            await self._repository.matches.count_emission(connection, unfinished.match)
        log.info(
            "match emitted again",
            match_id=str(due.match_id),
            emission=unfinished.emissions + 1,
            event_type=event.type,
        )

    async def _requested(self, connection: Connection, unfinished: UnfinishedMatch) -> Event:
        match = unfinished.match
        job = await self._repository.jobs.get(connection, _WATCHDOG, match.job_id)
        version = await self._repository.jobs.version(connection, job, match.job_version)
        texts = await self._repository.resumes.texts(connection, [match.resume_id])
        requirements = [each.requirement for each in version.requirements]
        return match_requested(match, texts[match.resume_id], requirements, emission=unfinished.emissions + 1)
