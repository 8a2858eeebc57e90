"""All SQL of the analyzer."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from chassis.db.database import Connection
from chassis.db.statement import Statement
from contracts.topics import DEAD_LETTER_RETENTION, PRIVATE_RETENTION
from sqlalchemy import Interval, Select, Text, Uuid, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import Insert, insert

from analyzer.storage.tables import erased_resumes, model_answers

_ANSWER = model_answers.c
# For so long an analysis of an erased resume may still be read, from its topic or replayed from dead letters.
_ERASED_KEPT: Final = PRIVATE_RETENTION + DEAD_LETTER_RETENTION


def _find() -> Select[tuple[bool, Sequence[Any]]]:
    answers = select(_ANSWER.answers).where(_ANSWER.key == bindparam("key"), ~_IS_OLD)
    return select(_IS_ERASED.label("is_erased"), answers.scalar_subquery().label("answers"))


def _add() -> Insert:
    row = select(*(bindparam(name, type_=_ANSWER[name].type) for name in _STORED)).where(~_IS_ERASED)
    return (
        insert(model_answers).from_select(_STORED, row).on_conflict_do_nothing(index_elements=[_ANSWER.key])
    )


_STORED: Final = ("key", "resume_id", "answers")
_IS_OLD: Final = _ANSWER.created_at <= func.now() - bindparam("kept", type_=Interval)
_IS_ERASED: Final = (
    select(erased_resumes).where(erased_resumes.c.resume_id == bindparam("resume_id", type_=Uuid)).exists()
)
_TAKE_TURNS: Final = Statement(
    select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("name", type_=Text), 0)))
)
_FORGET: Final = Statement(delete(model_answers).where(_IS_OLD))
_FIND: Final = Statement(_find())
_ADD: Final = Statement(_add())
_FORGET_ERASED: Final = Statement(
    delete(erased_resumes).where(erased_resumes.c.erased_at <= func.now() - _ERASED_KEPT)
)
_MARK_ERASED: Final = Statement(
    insert(erased_resumes).values(resume_id=bindparam("resume_id")).on_conflict_do_nothing()
)
_ERASE: Final = Statement(delete(model_answers).where(_ANSWER.resume_id == bindparam("resume_id")))


class Repository:
    """What a model answered, by the key of what it was asked."""

    async def find_answers(
        self, connection: Connection, key: str, *, resume_id: UUID, kept: timedelta
    ) -> tuple[bool, Sequence[Any] | None]:
        """Whether the resume was erased, while requests of it can still be read; and the answers that were
        stored under a key, unless they are older than they may be."""
        found = await _FIND.one(connection, {"key": key, "resume_id": resume_id, "kept": kept})
        return found["is_erased"], found["answers"]

    async def add_answers(
        self,
        connection: Connection,
        key: str,
        answers: Sequence[Any],
        *,
        resume_id: UUID,
        kept: timedelta,
    ) -> None:
        """Store answers unless the resume was erased or others are there; deletes what is too old."""
        await _take_turns(connection, resume_id)
        await _FORGET.run(connection, {"kept": kept})
        await _ADD.run(connection, {"key": key, "resume_id": resume_id, "answers": list(answers)})

    async def erase(self, connection: Connection, resume_id: UUID) -> int:
        """Delete a resume's answers, now and for whoever still works on it; returns how many there were."""
        await _take_turns(connection, resume_id)
        await _FORGET_ERASED.run(connection)
        await _MARK_ERASED.run(connection, {"resume_id": resume_id})
        return await _ERASE.run(connection, {"resume_id": resume_id})


async def _take_turns(connection: Connection, resume_id: UUID) -> None:
    """Until the transaction ends: or answers could be stored beside an erasure that does not see them."""
    await _TAKE_TURNS.run(connection, {"name": str(resume_id)})
