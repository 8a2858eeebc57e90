"""List analyses page by page."""

from chassis.db.database import Database
from chassis.principal import Principal

from results_api.domain.listing import Filters, Order, Page, Position
from results_api.storage import Repository


class ListAnalyses:
    """List the analyses that a principal may see."""

    def __init__(self, *, database: Database, repository: Repository) -> None:
        self._database = database
        self._repository = repository

    async def __call__(
        self,
        principal: Principal,
        filters: Filters,
        order: Order,
        *,
        page_size: int,
        offset: int = 0,
        after: Position | None = None,
    ) -> Page:
        """Return a page of the analyses that match. Raises DatabaseUnavailable.

        The page starts at `offset`, or behind `after` if it is given.
        """
        lists, views = self._repository.lists, self._repository.views
        async with self._database.autocommit() as connection:
            total = await lists.count(connection, principal, filters)
            # One more position shows that there is a next page.
            positions = await lists.positions(
                connection, principal, filters, order, limit=page_size + 1, offset=offset, after=after
            )
            shown = positions[:page_size]
            found = await views.get_all(connection, principal, [each.analysis_id for each in shown])
        return Page(views=found, total=total, last=shown[-1] if len(positions) > page_size else None)
