"""SQL of candidates."""

from dataclasses import asdict, fields
from datetime import datetime
from functools import cache
from typing import Final
from uuid import UUID

from chassis.db.database import Connection
from chassis.db.statement import Statement
from chassis.db.visibility import visibility
from chassis.principal import Principal
from sqlalchemy import Integer, Select, Text, bindparam, exists, func, insert, select, true
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.sql.dml import ReturningInsert

from request_api.domain.candidate import Candidate, NewCandidate
from request_api.domain.errors import CandidateNotFound, EmailTaken
from request_api.storage.tables import candidates, resumes, user_candidate_assignments
from request_api.storage.users import user_is_known
from request_api.storage.visibility import IS_OWN_CANDIDATE, MAY_SEE_CANDIDATE

_NEW_COLUMNS: Final = (
    *(field.name for field in fields(NewCandidate)),
    *("id", "created_by_user_id", "created_at", "updated_at"),
)
_LISTED_FIELDS: Final = {field.name for field in fields(Candidate)}


def _add() -> ReturningInsert[tuple[UUID]]:
    """Insert a candidate, and return no row if the email address is taken in any letter case.

    A violated constraint would write the address to the database's log.
    """
    # The parameter `email` has the column's type. Comparing needs Text, so the address is passed twice.
    address = func.lower(bindparam("address", type_=Text))
    is_taken = exists().where(func.lower(candidates.c.email) == address)
    row = select(*(bindparam(name, type_=candidates.c[name].type) for name in _NEW_COLUMNS)).where(~is_taken)
    return (
        upsert(candidates).from_select(_NEW_COLUMNS, row).on_conflict_do_nothing().returning(candidates.c.id)
    )


_ADD: Final = Statement(_add())
_LOCK_ADDRESS: Final = Statement(
    select(func.pg_advisory_xact_lock(func.hashtextextended(func.lower(bindparam("address", type_=Text)), 0)))
)
_ASSIGN: Final = Statement(
    insert(user_candidate_assignments)
    .inline()
    .values(
        candidate_id=bindparam("candidate_id"),
        user_id=bindparam("user_id"),
        assigned_by_user_id=bindparam("user_id"),
        assignment_type="primary",
        assigned_at=bindparam("assigned_at"),
        is_active=True,
    )
)
_CHECK: Final = Statement(
    select(candidates.c.id).where(candidates.c.id == bindparam("candidate_id"), MAY_SEE_CANDIDATE)
)


def _listed() -> Select[tuple[object, ...]]:
    """Select the fields of `Candidate`."""
    summary = (
        select(
            func.count().label("total_resumes"),
            func.max(resumes.c.version_number).label("latest_resume_version"),
        )
        .where(resumes.c.candidate_id == candidates.c.id)
        .lateral()
    )
    columns = [column for column in candidates.c if column.name in _LISTED_FIELDS]
    return select(*columns, summary.c.total_resumes, summary.c.latest_resume_version).join(summary, true())


_GET: Final = Statement(_listed().where(candidates.c.id == bindparam("candidate_id"), MAY_SEE_CANDIDATE))


@cache
def _page(*, sees_everything: bool) -> tuple[Statement, Statement]:
    """Return a statement that counts and one that reads a page."""
    # As in the legacy backend, placed and archived candidates are found only by their id.
    condition = candidates.c.status == "active"
    if not sees_everything:
        condition &= IS_OWN_CANDIDATE
    page = (
        _listed()
        .where(condition)
        .order_by(candidates.c.created_at.desc(), candidates.c.id)
        .limit(bindparam("limit", type_=Integer))
        .offset(bindparam("offset", type_=Integer))
    )
    return Statement(select(func.count()).select_from(candidates).where(condition)), Statement(page)


class Candidates:
    """Candidates and their assignments to users."""

    async def add(
        self,
        connection: Connection,
        principal: Principal,
        *,
        candidate_id: UUID,
        new: NewCandidate,
        created_at: datetime,
    ) -> None:
        """Store a candidate and assign it to the principal.

        Raises:
            EmailTaken: another candidate has the address.
            UserUnknown: the database does not have the principal.
        """
        if new.email is not None:
            # The unique constraint distinguishes letter case. Without the lock, two concurrent requests could
            # add the same address in different spellings.
            await _LOCK_ADDRESS.run(connection, {"address": new.email})
        row = {
            **asdict(new),
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
        assignment = {
            "candidate_id": candidate_id,
            "user_id": principal.user_id,
            "assigned_at": created_at,
        }
        await _ASSIGN.run(connection, assignment)

    async def get(self, connection: Connection, principal: Principal, candidate_id: UUID) -> Candidate:
        """Return a candidate of any status. Raises CandidateNotFound."""
        row = await _GET.first(connection, {"candidate_id": candidate_id, **visibility(principal)})
        if row is None:
            raise CandidateNotFound
        return Candidate(**row)

    async def page(
        self, connection: Connection, principal: Principal, *, limit: int, offset: int
    ) -> tuple[list[Candidate], int]:
        """Return one page of active candidates, newest first, and their total number."""
        count, page = _page(sees_everything=principal.sees_everything)
        seen = visibility(principal)
        total = await count.value(connection, seen)
        rows = await page.all(connection, {**seen, "limit": limit, "offset": offset})
        return [Candidate(**row) for row in rows], total

    async def check(self, connection: Connection, principal: Principal, candidate_id: UUID) -> None:
        """Raise CandidateNotFound if the principal may not see the candidate."""
        found = await _CHECK.first(connection, {"candidate_id": candidate_id, **visibility(principal)})
        if found is None:
            raise CandidateNotFound
