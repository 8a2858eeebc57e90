"""List candidates, newest first."""

from chassis.db.database import Database
from chassis.principal import Principal

from request_api.domain.candidate import Candidate
from request_api.storage import Repository


class ListCandidates:
    """List the active candidates that a principal may see."""

    def __init__(self, *, database: Database, repository: Repository) -> None:
        self._database = database
        self._repository = repository

    async def __call__(self, principal: Principal, *, limit: int, offset: int) -> tuple[list[Candidate], int]:
        """Return a page of candidates and their total number. Raises DatabaseUnavailable."""
        async with self._database.transaction() as connection:
            return await self._repository.candidates.page(connection, principal, limit=limit, offset=offset)
