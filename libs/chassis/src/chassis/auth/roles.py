"""Roles of callers whose token carries none, looked up in the `users` table if the database has one."""

import time
from typing import Final
from uuid import UUID

from sqlalchemy import Boolean, Uuid, bindparam, column, func, select, table

from chassis.auth.tokens import REFUSED, Caller
from chassis.db.database import Database
from chassis.db.statement import Statement
from chassis.errors import Unauthorized

# A changed role takes effect after this time. A page makes several calls, which share one lookup.
KEEP_SECONDS = 30
# More than the users who are active at a time; the oldest are dropped first.
MAX_KEPT = 10_000

_HAS_USERS: Final = Statement(select(func.to_regclass("users").is_not(None)))
_ROLE: Final = Statement(
    select(column("role"))
    .select_from(table("users"))
    .where(column("id", Uuid) == bindparam("user_id"), column("is_active", Boolean))
)


class RoleLookup:
    """Looks roles up and caches them for `KEEP_SECONDS`."""

    def __init__(self, *, database: Database) -> None:
        self._database = database
        self._has_users: bool | None = None
        self._kept: dict[UUID, tuple[float, str]] = {}

    async def role_of(self, caller: Caller) -> str | None:
        """Return the role of the token, or else of the table; None if neither has one.

        Raises:
            Unauthorized: the table exists, and the caller is not in it or not active.
            DatabaseUnavailable: the table cannot be read.
        """
        if caller.role is not None:
            return caller.role
        kept = self._kept.get(caller.user_id)
        if kept is not None and time.monotonic() - kept[0] < KEEP_SECONDS:
            return kept[1]
        if self._has_users is None:
            self._has_users = bool(await self._ask(_HAS_USERS))
        if not self._has_users:
            return None
        role = await self._ask(_ROLE, user_id=caller.user_id)
        if role is None:
            raise Unauthorized(REFUSED)
        self._kept.pop(caller.user_id, None)
        while len(self._kept) >= MAX_KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[caller.user_id] = time.monotonic(), str(role)
        return str(role)

    async def _ask(self, query: Statement, **values: object) -> bool | str | None:
        async with self._database.autocommit() as connection:
            answer: bool | str | None = await query.value(connection, values)
            return answer
