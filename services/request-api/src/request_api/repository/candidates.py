"""SQL of candidates."""

from datetime import datetime
from typing import Final
from uuid import UUID

from chassis.statement import Statement
from sqlalchemy import Text, bindparam, exists, func, select, true
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert

from request_api.domain import Candidate, NewCandidate, Principal
from request_api.errors import CandidateNotFound, EmailTaken
from request_api.repository.users import user_is_known
from request_api.repository.visible import may_see_candidate
from request_api.tables import candidates, resumes

_ADDED: Final = (
    *("id", "first_name", "last_name", "email", "phone", "current_company", "current_position"),
    *("years_experience", "created_by_user_id", "created_at", "updated_at"),
)


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


class Candidates:
    """Those whose resumes are reviewed."""

    async def add(
        self,
        connection: AsyncConnection,
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
        with user_is_known():
            added = await _ADD.first(
                connection,
                {
                    "id": candidate_id,
                    "first_name": new.first_name,
                    "last_name": new.last_name,
                    "email": new.email,
                    "address": new.email,
                    "phone": new.phone,
                    "current_company": new.current_company,
                    "current_position": new.current_position,
                    "years_experience": new.years_experience,
                    "created_by_user_id": principal.user_id,
                    "created_at": created_at,
                    "updated_at": created_at,
                },
            )
        if added is None:
            raise EmailTaken

    async def page(
        self, connection: AsyncConnection, principal: Principal, *, limit: int, offset: int
    ) -> tuple[list[Candidate], int]:
        """One page, newest first, and how many there are in all."""
        visible = may_see_candidate(principal)
        total = await connection.scalar(select(func.count()).select_from(candidates).where(visible))
        counted = (
            select(
                func.count().label("total_resumes"),
                func.max(resumes.c.version_number).label("latest_resume_version"),
            )
            .where(resumes.c.candidate_id == candidates.c.id)
            .lateral()
        )
        columns = [column for column in candidates.c if column.name in Candidate.__slots__]
        rows = await connection.execute(
            select(*columns, counted.c.total_resumes, counted.c.latest_resume_version)
            .join(counted, true())
            .where(visible)
            .order_by(candidates.c.created_at.desc(), candidates.c.id)
            .limit(limit)
            .offset(offset)
        )
        return [Candidate(**row) for row in rows.mappings()], total or 0

    async def check(self, connection: AsyncConnection, principal: Principal, candidate_id: UUID) -> None:
        """Raises CandidateNotFound."""
        found = await connection.scalar(
            select(candidates.c.id).where(candidates.c.id == candidate_id, may_see_candidate(principal))
        )
        if found is None:
            raise CandidateNotFound
