"""SQL that inspects the legacy backend's tables in a shared database."""

from typing import Final

from chassis.db.database import Connection
from chassis.db.statement import Statement
from sqlalchemy import column, exists, func, select, table

from results_api.storage.tables import review_results

_HAS_ANALYSES: Final = Statement(
    select(
        func.to_regclass("review_requests").is_not(None) & func.to_regclass(review_results.name).is_not(None)
    )
)
_COLUMNS: Final = table("columns", column("table_name"), column("column_name"), schema="information_schema")
_HAS_REQUESTED_INDUSTRIES: Final = Statement(
    select(exists().where(_COLUMNS.c.table_name == "analysis_details", _COLUMNS.c.column_name == "industry"))
)
_WITH_SEVERAL_RESULTS: Final = (
    select(review_results.c.review_request_id)
    .group_by(review_results.c.review_request_id)
    .having(func.count() > 1)
)
_COUNT_WITH_SEVERAL_RESULTS: Final = Statement(
    select(func.count()).select_from(_WITH_SEVERAL_RESULTS.subquery())
)


class LegacyBackend:
    """Reads the legacy backend's tables."""

    async def has_analyses(self, connection: Connection) -> bool:
        """Return True if this database holds analyses of the legacy backend."""
        return bool(await _HAS_ANALYSES.value(connection))

    async def has_requested_industries(self, connection: Connection) -> bool:
        """Return True if request-api has added the column that the view `analyses` reads."""
        return bool(await _HAS_REQUESTED_INDUSTRIES.value(connection))

    async def count_analyses_with_several_results(self, connection: Connection) -> int:
        """Return the number of analyses with more than one result."""
        return int(await _COUNT_WITH_SEVERAL_RESULTS.value(connection))
