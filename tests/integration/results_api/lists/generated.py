"""Random analyses, stored as the system and the legacy backend store them."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import asyncpg

NAMES: Final = (
    ("Mina", "Example"), ("mina", "example"), ("太郎", "山田"), ("花子", "山本"), ("Ada", "O'Neil"),
    ("50%", "Off"), ("Under_score", "Ng"), ("Back\\slash", "Ito"), ("ÄNNE", "Müller"), ("=SUM(A1)", "X"),
)  # fmt: skip
_FILES: Final = ("cv.pdf", "職務経歴書.PDF", "mina 100%.docx", "a_b.txt", "山田.pdf", "+1.txt")
_INDUSTRIES: Final = ("strategy_tech", "general", "consulting", None, "")
TIERS: Final = ("entry", "mid", "senior", "executive")
# Few times and scores, so that many analyses have the same.
_TIMES: Final = tuple(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=8 * step) for step in range(40))
_SCORES: Final = (None, 0, 40, 60, 61, 100)


@dataclass(kw_only=True)
class Row:
    """An analysis. `ours` if this system runs it, otherwise the legacy backend does."""

    id: UUID
    resume_id: UUID
    candidate_id: UUID
    requested_by: UUID
    first_name: str
    last_name: str
    file_name: str
    industry: str | None
    stored_industry: str | None
    status: str
    requested_at: datetime
    score: int | None
    tier: str | None
    ours: bool

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def has_result(self) -> bool:
        return self.status == "completed"


def generate(seed: int, *, number: int, users: Sequence[UUID], legacy: bool) -> list[Row]:
    """Generate analyses. Without the legacy backend, all are `ours`, and names of industries never differ."""
    chance = random.Random(seed)  # noqa: S311 - for a test

    def new_id() -> UUID:
        return UUID(int=chance.getrandbits(128), version=4)

    candidates = [(new_id(), *chance.choice(NAMES)) for _ in range(20)]
    resumes = [(new_id(), chance.choice(candidates), chance.choice(_FILES)) for _ in range(40)]
    rows = []
    for _ in range(number):
        resume_id, (candidate_id, first_name, last_name), file_name = chance.choice(resumes)
        ours = not legacy or chance.random() < 0.5
        statuses = ["pending", "processing", "failed", *["completed"] * 4]
        status = chance.choice([*statuses, "cancelled", "erased"] if ours else statuses)
        industry = chance.choice(_INDUSTRIES[:3] if ours else _INDUSTRIES)
        differs = legacy and ours and chance.random() < 0.3
        rows.append(
            Row(
                id=new_id(),
                resume_id=resume_id,
                candidate_id=candidate_id,
                requested_by=chance.choice(users),
                first_name=first_name,
                last_name=last_name,
                file_name=file_name,
                industry=industry,
                stored_industry="full_service_consulting" if differs else industry,
                status=status,
                requested_at=chance.choice(_TIMES),
                score=chance.choice(_SCORES) if status == "completed" else None,
                tier=chance.choice(TIERS) if status == "completed" else None,
                ours=ours,
            )
        )
    return rows


async def store(connection: asyncpg.Connection, rows: Sequence[Row], *, legacy: bool) -> None:
    """Store analyses as the system does, and as the legacy backend does."""
    if legacy:
        await _store_as_legacy(connection, rows)
    ours = [row for row in rows if row.ours]
    await connection.executemany(
        """
        INSERT INTO analysis_views (analysis_id, resume_id, candidate_id, requested_by, candidate_name,
            file_name, industry, status, version, requested_at, overall_score, market_tier)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10, $11)
        """,
        [
            (
                *(row.id, row.resume_id, row.candidate_id, row.requested_by, row.name, row.file_name),
                *(row.industry, row.status, row.requested_at, row.score, row.tier),
            )
            for row in ours
        ],
    )


async def _store_as_legacy(connection: asyncpg.Connection, rows: Sequence[Row]) -> None:
    user_ids = {row.requested_by for row in rows}
    await connection.executemany(
        "INSERT INTO users (id, email, password_hash, first_name, last_name)"
        " VALUES ($1, $1::uuid::text, '!', 'A', 'B') ON CONFLICT DO NOTHING",
        [(each,) for each in user_ids],
    )
    await connection.executemany(
        "INSERT INTO candidates (id, first_name, last_name, created_by_user_id) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT DO NOTHING",
        [(row.candidate_id, row.first_name, row.last_name, row.requested_by) for row in rows],
    )
    await connection.executemany(
        "INSERT INTO resumes (id, candidate_id, uploaded_by_user_id, original_filename, stored_filename,"
        " file_hash, file_size, mime_type) VALUES ($1, $2, $3, $4, '', '', 1, '') ON CONFLICT DO NOTHING",
        [(row.resume_id, row.candidate_id, row.requested_by, row.file_name) for row in rows],
    )
    await connection.executemany(
        "INSERT INTO review_requests (id, resume_id, requested_by_user_id, target_industry, status,"
        " requested_at) VALUES ($1, $2, $3, $4, $5, $6)",
        [
            (
                row.id,
                row.resume_id,
                row.requested_by,
                row.stored_industry,
                _legacy_status(row),
                row.requested_at,
            )
            for row in rows
        ],
    )
    await connection.executemany(
        "INSERT INTO analysis_details (review_request_id, analysis_depth, compare_to_market, focus_areas,"
        " industry) VALUES ($1, 'quick', false, '[]', $2)",
        [(row.id, _requested(row)) for row in rows if row.ours],
    )
    await connection.executemany(
        "INSERT INTO review_results (id, review_request_id, overall_score, detailed_scores, created_at)"
        " VALUES ($1, $2, $3, jsonb_build_object('market_tier', $4::text), $5)",
        list(_results(rows)),
    )


def _requested(row: Row) -> str | None:
    return None if row.industry == row.stored_industry else row.industry


def _legacy_status(row: Row) -> str:
    """Return the status in `review_requests`, which may lag behind or lack a commit of the legacy backend."""
    if row.ours:
        return "failed" if row.status in ("cancelled", "erased") else "pending"
    if row.status == "failed" and row.id.int % 2:
        return "completed"
    return "processing" if row.status == "completed" and row.id.int % 2 else row.status


def _results(rows: Sequence[Row]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        if not row.has_result:
            continue
        if not row.ours and row.id.int % 5 == 0:
            # An older result, which is not shown.
            yield UUID(int=row.id.int ^ 1), row.id, 99, "executive", row.requested_at
        later = row.requested_at + timedelta(seconds=30)
        yield UUID(int=row.id.int ^ 2), row.id, row.score, row.tier, later
