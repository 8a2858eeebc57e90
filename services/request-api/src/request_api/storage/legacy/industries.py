"""SQL that finds the industry names which the legacy backend can read, and renames rows to these names."""

import time
from typing import Final

from chassis.db.constraints import CHECKS, refused_values_query
from chassis.db.database import Connection, Database
from chassis.db.statement import Statement
from sqlalchemy import Text, all_, any_, bindparam, column, exists, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from request_api.domain.legacy_backend import (
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

# Names that only one version of the legacy backend knows.
_OF_ONE_VERSION: Final = sorted(frozenset.union(*VERSIONS) - frozenset.intersection(*VERSIONS))
_NEWEST_NAME: Final = (
    select(_REQUESTS.target_industry)
    .where(_REQUESTS.target_industry == any_(bindparam("names", type_=ARRAY(Text))))
    .order_by(_REQUESTS.requested_at.desc())
    .limit(1)
)
_NEWEST: Final = Statement(_NEWEST_NAME)
_NEWEST_LEGACY_NAME: Final = Statement(
    _NEWEST_NAME.where(~exists().where(_DETAILS.review_request_id == _REQUESTS.id))
)

_KNOWN: Final = bindparam("known", type_=ARRAY(Text))
_COUNT_UNREADABLE: Final = Statement(
    select(func.count())
    .select_from(review_requests)
    .join(analysis_details, _DETAILS.review_request_id == _REQUESTS.id)
    .where(_REQUESTS.target_industry != all_(_KNOWN))
)
# Requests of the legacy backend stay as they are. `ops stale` gave some of them details.
_KEEP_REQUESTED_NAME: Final = Statement(
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

# Time until a new version of the legacy backend is noticed. Looking it up takes two to four short statements.
CACHE_SECONDS: Final = 60


class LegacyIndustries:
    """Industry names of the legacy backend, as far as its database shows them."""

    async def find(self, connection: Connection) -> LegacyBackend | None:
        """Return the legacy backend and its names, or None if it does not share the database."""
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
            query = _NEWEST_LEGACY_NAME if await _HAS_DETAILS.value(connection) else _NEWEST
            newest = await query.value(connection, {"names": _OF_ONE_VERSION})
        return legacy_backend(allowed=allowed, newest=newest)

    async def count_unreadable(self, connection: Connection, legacy: LegacyBackend) -> int:
        """Count our analyses that are stored under a name that the legacy backend does not know."""
        if not await _HAS_DETAILS.value(connection):
            return 0
        return int(await _COUNT_UNREADABLE.value(connection, {"known": sorted(legacy.known)}))

    async def rename_unreadable(self, connection: Connection, legacy: LegacyBackend) -> int:
        """Store our analyses under names that the legacy backend knows, and return the number of changes."""
        await _KEEP_REQUESTED_NAME.run(connection)
        names = {
            "names": list(legacy.stored),
            "stored": list(legacy.stored.values()),
            "known": sorted(legacy.known),
        }
        return await _RENAME.run(connection, names)


class LegacyBackendCache:
    """Find the legacy backend on demand, and keep the result for `CACHE_SECONDS`."""

    def __init__(self, *, database: Database, industries: LegacyIndustries) -> None:
        self._database = database
        self._industries = industries
        self._found_at: float | None = None
        self._legacy_backend: LegacyBackend | None = None

    async def get(self) -> LegacyBackend | None:
        """Return the legacy backend, or None if it does not share the database.

        Raises:
            DatabaseUnavailable: the database is unavailable.
        """
        if self._found_at is None or time.monotonic() - self._found_at >= CACHE_SECONDS:
            async with self._database.autocommit() as connection:
                self._legacy_backend = await self._industries.find(connection)
            self._found_at = time.monotonic()
        return self._legacy_backend

    def clear(self) -> None:
        """Query the database again on the next call."""
        self._found_at = None
