"""List analyses, newest first."""

from chassis.db.database import Database
from chassis.principal import Principal

from results_api.domain.analysis_view import AnalysisView, Cursor
from results_api.storage import Filters, Repository


class ListAnalyses:
    """List the analyses that a principal may see."""

    def __init__(self, *, database: Database, repository: Repository) -> None:
        self._database = database
        self._repository = repository

    async def __call__(
        self, principal: Principal, filters: Filters, *, limit: int, offset: int, after: Cursor | None
    ) -> tuple[list[AnalysisView], int]:
        """Return a page of analyses and their total number. Raises DatabaseUnavailable.

        The page starts at `offset`, or behind `after` if it is given.
        """
        async with self._database.autocommit() as connection:
            return await self._repository.views.page(
                connection, principal, filters, limit=limit, offset=offset, after=after
            )
