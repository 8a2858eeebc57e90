"""A fake legacy backend: the queries that the real one runs on its database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

import asyncpg

BEFORE_OCTOBER_2025: Final = ("strategy_tech", "ma_financial", "consulting", "system_integrator", "general")
SINCE_OCTOBER_2025: Final = (
    *("strategy_consulting", "ma_finance", "tech_consulting"),
    *("full_service_consulting", "system_integrator"),
)
# The legacy backend's migration of 2025-10-06.
RESTRICT_INDUSTRIES: Final = """
    UPDATE review_requests SET target_industry = CASE target_industry
        WHEN 'strategy_tech' THEN 'strategy_consulting' WHEN 'ma_financial' THEN 'ma_finance'
        WHEN 'consulting' THEN 'full_service_consulting' WHEN 'general' THEN 'full_service_consulting'
        ELSE target_industry END;
    ALTER TABLE review_requests ADD CONSTRAINT review_requests_target_industry_check CHECK (
        target_industry IN ('strategy_consulting', 'ma_finance', 'tech_consulting',
                            'full_service_consulting', 'system_integrator')
    )
"""


class UnknownIndustry(Exception):
    """The legacy backend would answer its list with 500: "... is not a valid Industry"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegacyUser:
    """A user of the legacy backend."""

    id: UUID
    role: str = "junior_recruiter"

    @property
    def sees_everything(self) -> bool:
        return self.role in ("senior_recruiter", "admin")


class FakeLegacyBackend:
    """Run the legacy backend's queries; `industries` is the enumeration of its version."""

    def __init__(self, url: str, *, industries: Sequence[str]) -> None:
        self._url = url
        self._industries = industries

    async def fetch(self, query: str, *values: object) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self._url)
        try:
            rows: list[asyncpg.Record] = await connection.fetch(query, *values)
            return rows
        finally:
            await connection.close()

    async def migrate(self, script: str) -> None:
        """Run statements of one of its migrations."""
        connection = await asyncpg.connect(self._url)
        try:
            await connection.execute(script)
        finally:
            await connection.close()

    async def create_user(self, role: str = "junior_recruiter") -> LegacyUser:
        user = LegacyUser(id=uuid4(), role=role)
        await self.fetch(
            "INSERT INTO users (id, email, password_hash, first_name, last_name, role)"
            " VALUES ($1, $2, '!', 'A', 'B', $3)",
            *(user.id, f"{user.id}@example.com", role),
        )
        return user

    async def create_candidate(self, user: LegacyUser, *, first_name: str = "Mina") -> str:
        """Create a candidate and its assignment in one transaction; return the id."""
        (row,) = await self.fetch(
            """
            WITH added AS (
                INSERT INTO candidates (first_name, last_name, created_by_user_id)
                VALUES ($2, 'Example', $1) RETURNING id
            ), assigned AS (
                INSERT INTO user_candidate_assignments
                    (user_id, candidate_id, assignment_type, assigned_by_user_id, is_active)
                SELECT $1, id, 'primary', $1, true FROM added
            )
            SELECT id FROM added
            """,
            *(user.id, first_name),
        )
        return str(row["id"])

    async def candidates(self, user: LegacyUser, *, limit: int = 10, offset: int = 0) -> list[str]:
        rows = await self.fetch(
            """
            SELECT c.id FROM candidates c
            WHERE c.status = 'active' AND ($2 OR EXISTS (
                SELECT FROM user_candidate_assignments a
                WHERE a.candidate_id = c.id AND a.user_id = $1 AND a.is_active))
            ORDER BY c.created_at DESC LIMIT $3 OFFSET $4
            """,
            *(user.id, user.sees_everything, limit, offset),
        )
        return [str(row["id"]) for row in rows]

    async def has_candidate(self, user: LegacyUser, candidate_id: str) -> bool:
        """Return True if the user finds the candidate by its id."""
        rows = await self.fetch(
            """
            SELECT FROM candidates c
            WHERE c.id = $3 AND ($2 OR EXISTS (
                SELECT FROM user_candidate_assignments a
                WHERE a.candidate_id = c.id AND a.user_id = $1 AND a.is_active))
            """,
            *(user.id, user.sees_everything, UUID(candidate_id)),
        )
        return bool(rows)

    async def upload(self, user: LegacyUser, candidate_id: str, *, text: str = "Engineer since 2019.") -> str:
        """Store a resume as the candidate's next version; return the id."""
        resume_id = uuid4()
        await self.fetch(
            """
            INSERT INTO resumes (id, candidate_id, uploaded_by_user_id, original_filename, stored_filename,
                                 file_hash, file_size, mime_type, version_number, status, progress,
                                 extracted_text)
            SELECT $1, $2, $3, 'cv.txt', 'cv.txt', repeat('a', 64), 20, 'text/plain',
                   coalesce(max(version_number), 0) + 1, 'completed', 100, $4
            FROM resumes WHERE candidate_id = $2
            """,
            *(resume_id, UUID(candidate_id), user.id, text),
        )
        return str(resume_id)

    async def resumes(self, user: LegacyUser) -> list[str]:
        rows = await self.fetch(
            "SELECT id FROM resumes WHERE uploaded_by_user_id = $1 ORDER BY uploaded_at DESC", user.id
        )
        return [str(row["id"]) for row in rows]

    async def request_analysis(
        self, user: LegacyUser, resume_id: str, *, status: str = "pending", industry: str | None = None
    ) -> str:
        (row,) = await self.fetch(
            "INSERT INTO review_requests (resume_id, requested_by_user_id, target_industry, status)"
            " VALUES ($1, $2, $3, $4) RETURNING id",
            *(UUID(resume_id), user.id, industry, status),
        )
        return str(row["id"])

    async def analyses(
        self,
        user: LegacyUser,
        *,
        status: str | None = None,
        industry: str | None = None,
        candidate_id: str | None = None,
    ) -> list[str]:
        """List the user's analyses, newest first.

        Raises:
            UnknownIndustry: A row holds an industry that is not in the enumeration.
        """
        rows = await self.fetch(
            """
            SELECT q.id, q.target_industry FROM review_requests q JOIN resumes r ON r.id = q.resume_id
            WHERE ($2 OR q.requested_by_user_id = $1)
              AND ($3::text IS NULL OR q.status = $3)
              AND ($4::text IS NULL OR q.target_industry = $4)
              AND ($5::uuid IS NULL OR r.candidate_id = $5)
            ORDER BY q.requested_at DESC
            """,
            *(user.id, user.sees_everything, status, industry),
            None if candidate_id is None else UUID(candidate_id),
        )
        for row in rows:
            if row["target_industry"] is not None and row["target_industry"] not in self._industries:
                raise UnknownIndustry(f"{row['target_industry']!r} is not a valid Industry")
        return [str(row["id"]) for row in rows]
