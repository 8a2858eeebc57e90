"""Read an analysis with its last known status."""

from uuid import UUID

from chassis.db.database import Database
from chassis.principal import Principal

from request_api.domain.analysis import Analysis
from request_api.storage import Repository


class ReadAnalysis:
    """Read an analysis that a principal may see."""

    def __init__(self, *, database: Database, repository: Repository) -> None:
        self._database = database
        self._repository = repository

    async def __call__(self, principal: Principal, analysis_id: UUID) -> Analysis:
        """Return the analysis. Raises AnalysisNotFound, DatabaseUnavailable."""
        async with self._database.transaction() as connection:
            return await self._repository.analyses.get(connection, principal, analysis_id)
