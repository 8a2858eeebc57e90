"""Summarize analyses in statistics."""

from chassis.db.database import Database
from chassis.principal import Principal

from results_api.domain.statistics import Statistics, statistics
from results_api.storage import Repository


class SummarizeAnalyses:
    """Summarize the analyses that a principal may see."""

    def __init__(self, *, database: Database, repository: Repository) -> None:
        self._database = database
        self._repository = repository

    async def __call__(self, principal: Principal) -> Statistics:
        """Return the statistics. Raises DatabaseUnavailable."""
        async with self._database.autocommit() as connection:
            groups = await self._repository.views.groups(connection, principal)
        return statistics(groups)
