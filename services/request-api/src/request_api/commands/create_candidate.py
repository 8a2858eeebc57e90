"""Register a candidate."""

from datetime import UTC, datetime
from uuid import uuid4

from chassis.db.database import Database
from chassis.principal import Principal

from request_api.domain.candidate import Candidate, NewCandidate
from request_api.storage import Repository


class CreateCandidate:
    """Store a candidate and assign it to the user who registers it."""

    def __init__(self, *, database: Database, repository: Repository) -> None:
        self._database = database
        self._repository = repository

    async def __call__(self, principal: Principal, new: NewCandidate) -> Candidate:
        """Register a candidate.

        Raises:
            EmailTaken: another candidate has the address.
            UserUnknown: the database does not have the principal.
            DatabaseUnavailable: the database is unavailable.
        """
        candidate_id, now = uuid4(), datetime.now(UTC)
        async with self._database.transaction() as connection:
            await self._repository.candidates.add(
                connection, principal, candidate_id=candidate_id, new=new, created_at=now
            )
        return Candidate.register(candidate_id, new, at=now)
