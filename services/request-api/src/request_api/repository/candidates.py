"""SQL of candidates."""

from datetime import datetime
from functools import cache
from typing import Final
from uuid import UUID

from chassis.db import Connection
from chassis.statement import Statement
from sqlalchemy import Integer, Text, bindparam, exists, func, select, true
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.sql.dml import ReturningInsert

from request_api.domain import Candidate, NewCandidate, Principal
from request_api.errors import CandidateNotFound, EmailTaken
from request_api.repository.users import user_is_known
from request_api.repository.visible import IS_OWN_CANDIDATE, MAY_SEE_CANDIDATE, seen_by
from request_api.tables import candidates, resumes

_ADDED: Final = (*NewCandidate.__slots__, "id", "created_by_user_id", "created_at", "updated_at")


def _add() -> ReturningInsert[tuple[UUID]]:
    """Return no row where the address is taken, in whatever letter case.

    A violated constraint would put the address into the database's log.
    """
    # By another name, so that each parameter has one type.
    address = func.lower(bindparam("address", type_=Text))
    is_taken = exists().where(func.lower(candidates.c.email) == address)
    row = select(*(bindparam(name, type_=candidates.c[name].type) for name in _ADDED)).where(~is_taken)
    return upsert(candidates).from_select(_ADDED, row).on_conflict_do_nothing().returning(candidates.c.id)


_ADD: Final = Statement(_add())
_HOLD_ADDRESS: Final = Statement(
    select(func.pg_advisory_xact_lock(func.hashtextextended(func.lower(bindparam("address", type_=Text)), 0)))
)
_CHECK: Final = Statement(
    select(candidates.c.id).where(candidates.c.id == bindparam("candidate_id"), MAY_SEE_CANDIDATE)
)


@cache
def _page(*, sees_everything: bool) -> tuple[Statement, Statement]:
    """One that counts, and one that reads a page."""
    visible = true() if sees_everything else IS_OWN_CANDIDATE
    counted = (
        select(
            func.count().label("total_resumes"),
            func.max(resumes.c.version_number).label("latest_resume_version"),
        )
        .where(resumes.c.candidate_id == candidates.c.id)
        .lateral()
    )
    columns = [column for column in candidates.c if column.name in Candidate.__slots__]
    page = (
        select(*columns, counted.c.total_resumes, counted.c.latest_resume_version)
        .join(counted, true())
        .where(visible)
        .order_by(candidates.c.created_at.desc(), candidates.c.id)
        .limit(bindparam("limit", type_=Integer))
        .offset(bindparam("offset", type_=Integer))
    )
    return Statement(select(func.count()).select_from(candidates).where(visible)), Statement(page)


class Candidates:
    """Those whose resumes are reviewed."""

    async def add(
        self,
        connection: Connection,
        principal: Principal,
        *,
        candidate_id: UUID,
        new: NewCandidate,
        created_at: datetime,
    ) -> None:
        """Raises EmailTaken where another candidate has the address, and UserUnknown."""
        if new.email is not None:
            # The column is unique, but not across letter case: two at once would not see each other.
            await _HOLD_ADDRESS.run(connection, {"address": new.email})
        row = {
            **{name: getattr(new, name) for name in NewCandidate.__slots__},
            "address": new.email,
            "id": candidate_id,
            "created_by_user_id": principal.user_id,
            "created_at": created_at,
            "updated_at": created_at,
        }
        with user_is_known():
            added = await _ADD.first(connection, row)
        if added is None:
            raise EmailTaken

    async def page(
        self, connection: Connection, principal: Principal, *, limit: int, offset: int
    ) -> tuple[list[Candidate], int]:
        """One page, newest first, and how many there are in all."""
        count, page = _page(sees_everything=principal.sees_everything)
        visible = seen_by(principal)
        total = await count.value(connection, visible)
        rows = await page.all(connection, {**visible, "limit": limit, "offset": offset})
        return [Candidate(**row) for row in rows], total

    async def check(self, connection: Connection, principal: Principal, candidate_id: UUID) -> None:
        """Raises CandidateNotFound."""
        found = await _CHECK.first(connection, {"candidate_id": candidate_id, **seen_by(principal)})
        if found is None:
            raise CandidateNotFound
