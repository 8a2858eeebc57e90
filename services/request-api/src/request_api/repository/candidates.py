"""SQL of candidates."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, select, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from request_api.domain import Candidate, NewCandidate, Principal
from request_api.errors import CandidateNotFound, EmailTaken
from request_api.repository.users import user_is_known
from request_api.repository.visible import may_see_candidate
from request_api.tables import candidates, resumes


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
        try:
            with user_is_known():
                await connection.execute(
                    insert(candidates).values(
                        id=candidate_id,
                        first_name=new.first_name,
                        last_name=new.last_name,
                        email=new.email,
                        phone=new.phone,
                        current_company=new.current_company,
                        current_position=new.current_position,
                        years_experience=new.years_experience,
                        created_by_user_id=principal.user_id,
                        created_at=created_at,
                        updated_at=created_at,
                    )
                )
        except IntegrityError as error:
            cause = error.orig.__cause__ if error.orig else None
            if getattr(cause, "constraint_name", None) == "candidates_email_key":
                raise EmailTaken from error
            raise

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
