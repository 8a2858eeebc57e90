"""Delete a resume, and have everything that was made from it deleted."""

from datetime import UTC, datetime
from uuid import UUID

from chassis.db.database import Database
from chassis.messaging.outbox import Outbox
from chassis.principal import Principal
from contracts.events import AnalysisEraseRequested, Event

from request_api.storage import Repository


class DeleteResume:
    """Deletes text, sections and signals here, and tells the others to erase each analysis of it."""

    def __init__(self, *, database: Database, repository: Repository, outbox: Outbox[Event]) -> None:
        self._database = database
        self._repository = repository
        self._outbox = outbox

    async def __call__(self, principal: Principal, resume_id: UUID) -> None:
        """Raises ResumeNotFound, ResumeNotDeletable, DatabaseUnavailable."""
        now = datetime.now(UTC)
        async with self._database.transaction() as connection:
            await self._repository.resumes.lock_to_delete(connection, principal, resume_id)
            # Held, so that a cancellation under way comes before its erasure, and none after.
            requests = await self._repository.requests.of_resume(connection, resume_id, lock=True)
            erasures = [
                AnalysisEraseRequested(version=3, analysis=request.context(), erased_at=now)
                for request in requests
            ]
            await self._outbox.publish(connection, *erasures)
            await self._repository.resumes.delete(connection, resume_id)
