"""SQL that looks at the legacy backend's side of a shared database."""

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
_SEVERAL: Final = (
    select(review_results.c.review_request_id)
    .group_by(review_results.c.review_request_id)
    .having(func.count() > 1)
)
_COUNT_SEVERAL: Final = Statement(select(func.count()).select_from(_SEVERAL.subquery()))


class Legacy:
    """The legacy backend, as its database shows it."""

    async def has_analyses(self, connection: Connection) -> bool:
        """Tell whether its analyses stand in this database."""
        return bool(await _HAS_ANALYSES.value(connection))

    async def has_requested_industries(self, connection: Connection) -> bool:
        """Tell whether request-api has added the column that the view `analyses` reads."""
        return bool(await _HAS_REQUESTED_INDUSTRIES.value(connection))

    async def count_several_results(self, connection: Connection) -> int:
        """Count analyses with several results, which the legacy backend may have left."""
        return int(await _COUNT_SEVERAL.value(connection))
