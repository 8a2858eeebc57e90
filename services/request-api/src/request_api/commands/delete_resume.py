"""Delete a resume and everything that was derived from it."""

from datetime import UTC, datetime
from uuid import UUID

from chassis.db.database import Database
from chassis.messaging.outbox import Outbox
from chassis.principal import Principal
from contracts.events import Event

from request_api.commands.matches.erase_matches import erase_matches
from request_api.events import erase_requested
from request_api.storage import Repository


class DeleteResume:
    """Delete text, sections and signals, and have the other services erase its analyses and matches."""

    def __init__(self, *, database: Database, repository: Repository, outbox: Outbox[Event]) -> None:
        self._database = database
        self._repository = repository
        self._outbox = outbox

    async def __call__(self, principal: Principal, resume_id: UUID) -> None:
        """Delete a resume. Analyses and matches that still run are erased, too.

        Raises:
            ResumeNotFound: the resume does not exist, or the principal may not see it.
            ResumeNotDeletable: the principal may see the resume, but not delete it.
            DatabaseUnavailable: the database is unavailable.
        """
        now = datetime.now(UTC)
        async with self._database.transaction() as connection:
            # The lock keeps new analyses and matches of the resume from being accepted.
            upload = await self._repository.uploads.get(connection, principal, resume_id, lock=True)
            upload.check_deletable_by(principal)
            # These locks keep a concurrent cancellation from being published after the erasure.
            analyses = await self._repository.analyses.of_resume(connection, resume_id, lock=True)
            await self._repository.matches.lock_of_resume(connection, resume_id)
            await self._outbox.publish(connection, *(erase_requested(each, at=now) for each in analyses))
            await self._repository.resumes.delete(connection, resume_id)
            await erase_matches(connection, repository=self._repository, outbox=self._outbox)
