"""SQL of candidates."""

from datetime import datetime
from functools import cache
from typing import Final
from uuid import UUID

from asyncpg import UniqueViolationError
from chassis.db import Connection
from chassis.statement import Statement
from sqlalchemy import Integer, bindparam, func, insert, select, true

from request_api.domain import Candidate, NewCandidate, Principal
from request_api.errors import CandidateNotFound, EmailTaken
from request_api.repository.users import user_is_known
from request_api.repository.visible import IS_OWN_CANDIDATE, MAY_SEE_CANDIDATE, seen_by
from request_api.tables import candidates, resumes

_WRITTEN: Final = (*NewCandidate.__slots__, "id", "created_by_user_id", "created_at", "updated_at")
_ADD: Final = Statement(insert(candidates).inline().values({name: bindparam(name) for name in _WRITTEN}))
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
        row = {
            **{name: getattr(new, name) for name in NewCandidate.__slots__},
            "id": candidate_id,
            "created_by_user_id": principal.user_id,
            "created_at": created_at,
            "updated_at": created_at,
        }
        try:
            with user_is_known():
                await _ADD.run(connection, row)
        except UniqueViolationError as error:
            if error.constraint_name == "candidates_email_key":
                raise EmailTaken from error
            raise

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
