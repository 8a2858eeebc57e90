"""SQL that looks at the legacy backend's side of a shared database, and keeps our rows readable for it."""

from typing import Final

from chassis.constraints import CHECKS, refused
from chassis.db import Connection
from chassis.statement import Statement
from sqlalchemy import Text, all_, any_, bindparam, column, exists, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from request_api.legacy import LEGACY_NAMES, VERSIONS, LegacyBackend, legacy_backend
from request_api.tables import analysis_details, review_requests

_REQUESTS: Final = review_requests.c
_DETAILS: Final = analysis_details.c
_PLACE: Final = {"table": review_requests.name, "column": _REQUESTS.target_industry.name}

_IS_THERE: Final = Statement(select(func.to_regclass("users").is_not(None)))
_IS_ADOPTED: Final = Statement(select(func.to_regclass(analysis_details.name).is_not(None)))
_CHECKS: Final = Statement(CHECKS)

# Names that only one version knows.
_TELLING: Final = sorted(frozenset.union(*VERSIONS) - frozenset.intersection(*VERSIONS))
_TELLING_ROWS: Final = (
    select(_REQUESTS.target_industry)
    .where(_REQUESTS.target_industry == any_(bindparam("names", type_=ARRAY(Text))))
    .order_by(_REQUESTS.requested_at.desc())
    .limit(1)
)
_NEWEST: Final = Statement(_TELLING_ROWS)
# Rows of its own: ours have details.
_NEWEST_OF_ITS_OWN: Final = Statement(
    _TELLING_ROWS.where(~exists().where(_DETAILS.review_request_id == _REQUESTS.id))
)

_NAMES: Final = (
    func.unnest(bindparam("names", type_=ARRAY(Text)), bindparam("stored", type_=ARRAY(Text)))
    .table_valued(column("name", Text), column("stored", Text), name="names")
    .render_derived()
)


def _rename() -> Statement:
    """Each of our rows whose name it does not know gets the nearest; its details keep the requested one."""
    rows = (
        select(_REQUESTS.id, _NAMES.c.name, _NAMES.c.stored)
        .join_from(review_requests, analysis_details, _DETAILS.review_request_id == _REQUESTS.id)
        .join(_NAMES, _NAMES.c.name == func.coalesce(_DETAILS.industry, _REQUESTS.target_industry))
        .where(_REQUESTS.target_industry != all_(bindparam("known", type_=ARRAY(Text))))
        .with_for_update(of=review_requests)
        .cte("rows")
    )
    details = (
        update(analysis_details)
        .where(_DETAILS.review_request_id == rows.c.id)
        .values(industry=rows.c.name)
        .cte("details")
    )
    return Statement(
        update(review_requests)
        .where(_REQUESTS.id == rows.c.id)
        .values(target_industry=rows.c.stored)
        .add_cte(details)
    )


_RENAME: Final = _rename()


class Legacy:
    """The legacy backend, as its database shows it."""

    async def find(self, connection: Connection) -> LegacyBackend | None:
        """Find out what it can read; None where it does not share the database."""
        if not await _IS_THERE.value(connection):
            return None
        allowed = set(LEGACY_NAMES)
        for check in await _CHECKS.all(connection, _PLACE):
            query = refused(_PLACE["column"], condition=check["condition"], type_=check["type"])
            rows = await Statement(query).all(connection, {"values": sorted(LEGACY_NAMES)})
            allowed -= {row["value"] for row in rows}
        newest = _NEWEST_OF_ITS_OWN if await _IS_ADOPTED.value(connection) else _NEWEST
        return legacy_backend(allowed=allowed, newest=await newest.value(connection, {"names": _TELLING}))

    async def rename_unreadable(self, connection: Connection, legacy: LegacyBackend) -> int:
        """Store industries of our analyses as names that it knows; returns how many were changed."""
        names = {
            "names": list(legacy.stored),
            "stored": list(legacy.stored.values()),
            "known": sorted(legacy.known),
        }
        return await _RENAME.run(connection, names)
