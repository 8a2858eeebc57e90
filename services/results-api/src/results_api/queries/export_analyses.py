"""Export all analyses of a list at once."""

from typing import Final

from chassis.db.database import Database
from chassis.principal import Principal

from results_api.domain.analysis_view import AnalysisView
from results_api.domain.errors import TooManyToExport
from results_api.domain.listing import Filters, Order
from results_api.storage import Repository

# An export of this size is about 2 MB and takes about half a second.
MAX_EXPORTED: Final = 10_000
# Analyses that are read at a time. Converting them takes 2 ms, in which no other request is served.
READ_AT_A_TIME: Final = 500


class ExportAnalyses:
    """Export the analyses that a principal may see."""

    def __init__(self, *, database: Database, repository: Repository) -> None:
        self._database = database
        self._repository = repository

    async def __call__(self, principal: Principal, filters: Filters, order: Order) -> list[AnalysisView]:
        """Return all analyses that match.

        Raises:
            TooManyToExport: if these are more than `MAX_EXPORTED`.
            DatabaseUnavailable: if the database cannot be used now.
        """
        async with self._database.autocommit() as connection:
            positions = await self._repository.lists.positions(
                connection, principal, filters, order, limit=MAX_EXPORTED + 1
            )
            if len(positions) > MAX_EXPORTED:
                raise TooManyToExport(MAX_EXPORTED)
            ids = [each.analysis_id for each in positions]
            found: list[AnalysisView] = []
            for start in range(0, len(ids), READ_AT_A_TIME):
                part = ids[start : start + READ_AT_A_TIME]
                found += await self._repository.views.get_all(connection, principal, part)
            return found
