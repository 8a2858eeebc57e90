"""Read a candidate."""

from uuid import UUID

from chassis.db.database import Database
from chassis.principal import Principal

from request_api.domain.candidate import Candidate
from request_api.storage import Repository


class ReadCandidate:
    """Read a candidate that a principal may see."""

    def __init__(self, *, database: Database, repository: Repository) -> None:
        self._database = database
        self._repository = repository

    async def __call__(self, principal: Principal, candidate_id: UUID) -> Candidate:
        """Return the candidate, whatever its status. Raises CandidateNotFound, DatabaseUnavailable."""
        async with self._database.autocommit() as connection:
            return await self._repository.candidates.get(connection, principal, candidate_id)
