"""Register a candidate."""

from datetime import UTC, datetime
from uuid import uuid4

from chassis.db.database import Database
from chassis.principal import Principal

from request_api.domain.analysis import Candidate, NewCandidate
from request_api.storage import Repository


class CreateCandidate:
    """Store a candidate and assign it to the caller."""

    def __init__(self, *, database: Database, repository: Repository) -> None:
        self._database = database
        self._repository = repository

    async def __call__(self, principal: Principal, new: NewCandidate) -> Candidate:
        """Raises EmailTaken, DatabaseUnavailable."""
        candidate_id, now = uuid4(), datetime.now(UTC)
        async with self._database.transaction() as connection:
            await self._repository.candidates.add(
                connection, principal, candidate_id=candidate_id, new=new, created_at=now
            )
        return Candidate(
            id=candidate_id,
            first_name=new.first_name,
            last_name=new.last_name,
            email=new.email,
            phone=new.phone,
            current_company=new.current_company,
            current_position=new.current_position,
            years_experience=new.years_experience,
            status="active",
            created_at=now,
            total_resumes=0,
            latest_resume_version=None,
        )
