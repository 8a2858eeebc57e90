"""SQL that looks at the legacy backend's side of a shared database, and keeps our rows readable for it."""

from typing import Final

from chassis.db.constraints import CHECKS, refused_values_query
from chassis.db.database import Connection
from chassis.db.statement import Statement
from sqlalchemy import Text, all_, any_, bindparam, column, exists, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from request_api.domain.industry_names import (
    LEGACY_NAMES,
    VERSIONS,
    LegacyBackend,
    legacy_backend,
    possible_versions,
)
from request_api.storage.tables import analysis_details, review_requests

_REQUESTS: Final = review_requests.c
_DETAILS: Final = analysis_details.c
_COLUMN: Final = {"table": review_requests.name, "column": _REQUESTS.target_industry.name}

_HAS_USERS_AND_REQUESTS: Final = Statement(
    select(func.to_regclass("users").is_not(None) & func.to_regclass(review_requests.name).is_not(None))
)
_HAS_DETAILS: Final = Statement(select(func.to_regclass(analysis_details.name).is_not(None)))
_CHECKS: Final = Statement(CHECKS)

# Names that a single version knows.
_OF_ONE_VERSION: Final = sorted(frozenset.union(*VERSIONS) - frozenset.intersection(*VERSIONS))
_NEWEST_NAME: Final = (
    select(_REQUESTS.target_industry)
    .where(_REQUESTS.target_industry == any_(bindparam("names", type_=ARRAY(Text))))
    .order_by(_REQUESTS.requested_at.desc())
    .limit(1)
)
_NEWEST: Final = Statement(_NEWEST_NAME)
_NEWEST_OF_ITS_OWN: Final = Statement(
    _NEWEST_NAME.where(~exists().where(_DETAILS.review_request_id == _REQUESTS.id))
)

_KNOWN: Final = bindparam("known", type_=ARRAY(Text))
_COUNT_UNREADABLE: Final = Statement(
    select(func.count())
    .select_from(review_requests)
    .join(analysis_details, _DETAILS.review_request_id == _REQUESTS.id)
    .where(_REQUESTS.target_industry != all_(_KNOWN))
)
# Requests that it ended itself, or that were ended for it, stay as they are.
_KEEP_REQUESTED: Final = Statement(
    update(analysis_details)
    .where(
        _DETAILS.review_request_id == _REQUESTS.id,
        _DETAILS.industry.is_(None),
        _DETAILS.failure_code.is_distinct_from("abandoned"),
    )
    .values(industry=_REQUESTS.target_industry)
)
_NAMES: Final = (
    func.unnest(bindparam("names", type_=ARRAY(Text)), bindparam("stored", type_=ARRAY(Text)))
    .table_valued(column("name", Text), column("stored", Text), name="names")
    .render_derived()
)
_RENAME: Final = Statement(
    update(review_requests)
    .where(
        _DETAILS.review_request_id == _REQUESTS.id,
        _DETAILS.industry == _NAMES.c.name,
        _REQUESTS.target_industry != all_(_KNOWN),
    )
    .values(target_industry=_NAMES.c.stored)
)


class Legacy:
    """The legacy backend, as its database shows it."""

    async def find(self, connection: Connection) -> LegacyBackend | None:
        """Find out what it can read; None where it does not share the database."""
        if not await _HAS_USERS_AND_REQUESTS.value(connection):
            return None
        allowed = set(LEGACY_NAMES)
        for check in await _CHECKS.all(connection, _COLUMN):
            refusals = refused_values_query(
                _COLUMN["column"], condition=check["condition"], type_=check["type"]
            )
            rows = await Statement(refusals).all(connection, {"values": sorted(LEGACY_NAMES)})
            allowed -= {row["value"] for row in rows}
        newest = None
        if len(possible_versions(allowed)) > 1:
            query = _NEWEST_OF_ITS_OWN if await _HAS_DETAILS.value(connection) else _NEWEST
            newest = await query.value(connection, {"names": _OF_ONE_VERSION})
        return legacy_backend(allowed=allowed, newest=newest)

    async def count_unreadable(self, connection: Connection, legacy: LegacyBackend) -> int:
        """Count our analyses that are stored under a name that it does not know."""
        if not await _HAS_DETAILS.value(connection):
            return 0
        return int(await _COUNT_UNREADABLE.value(connection, {"known": sorted(legacy.known)}))

    async def rename_unreadable(self, connection: Connection, legacy: LegacyBackend) -> int:
        """Store our analyses under names that it knows; returns how many were changed."""
        await _KEEP_REQUESTED.run(connection)
        names = {
            "names": list(legacy.stored),
            "stored": list(legacy.stored.values()),
            "known": sorted(legacy.known),
        }
        return await _RENAME.run(connection, names)
