"""All SQL of the analyzer."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from contracts.topics import DEAD_LETTER_RETENTION, PRIVATE_RETENTION
from sqlalchemy import Exists, delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from analyzer.tables import erased_resumes, model_answers

_ANSWER = model_answers.c
# For so long an analysis of an erased resume may still be read, from its topic or replayed from dead letters.
_ERASED_KEPT: Final = PRIVATE_RETENTION + DEAD_LETTER_RETENTION


class Repository:
    """What a model answered, by the key of what it was asked."""

    async def is_erased(self, connection: AsyncConnection, resume_id: UUID) -> bool:
        """Whether a resume was erased of which requests can still be read."""
        return bool((await connection.execute(select(_is_erased(resume_id)))).scalar_one())

    async def find_answers(
        self, connection: AsyncConnection, key: str, *, kept: timedelta
    ) -> Sequence[Any] | None:
        """The answers that were stored under a key, unless they are older than they may be."""
        query = select(_ANSWER.answers).where(_ANSWER.key == key, _ANSWER.created_at > func.now() - kept)
        answers: Sequence[Any] | None = (await connection.execute(query)).scalar_one_or_none()
        return answers

    async def add_answers(
        self,
        connection: AsyncConnection,
        key: str,
        answers: Sequence[Any],
        *,
        resume_id: UUID,
        kept: timedelta,
    ) -> None:
        """Store answers unless the resume was erased or others are there; deletes what is too old."""
        await self._take_turns(connection, resume_id)
        await connection.execute(delete(model_answers).where(_ANSWER.created_at <= func.now() - kept))
        row = select(
            literal(key, _ANSWER.key.type),
            literal(resume_id, _ANSWER.resume_id.type),
            literal(list(answers), _ANSWER.answers.type),
        ).where(~_is_erased(resume_id))
        await connection.execute(
            insert(model_answers)
            .from_select(["key", "resume_id", "answers"], row)
            .on_conflict_do_nothing(index_elements=[_ANSWER.key])
        )

    async def erase(self, connection: AsyncConnection, resume_id: UUID) -> int:
        """Delete a resume's answers, now and for whoever still works on it; returns how many there were."""
        await self._take_turns(connection, resume_id)
        old = erased_resumes.c.erased_at <= func.now() - _ERASED_KEPT
        await connection.execute(delete(erased_resumes).where(old))
        await connection.execute(insert(erased_resumes).values(resume_id=resume_id).on_conflict_do_nothing())
        deleted = await connection.execute(delete(model_answers).where(_ANSWER.resume_id == resume_id))
        return deleted.rowcount

    async def _take_turns(self, connection: AsyncConnection, resume_id: UUID) -> None:
        """Until the transaction ends: or answers could be stored beside an erasure that does not see them."""
        lock = func.pg_advisory_xact_lock(func.hashtextextended(str(resume_id), 0))
        await connection.execute(select(lock))


def _is_erased(resume_id: UUID) -> Exists:
    return select(erased_resumes).where(erased_resumes.c.resume_id == resume_id).exists()
