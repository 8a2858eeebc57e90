"""Statements on cached responses and on the marks of erased resumes."""

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

_ROW = model_answers.c
# An analysis of an erased resume may still arrive for so long, from its topic or as a replayed dead letter.
_MARK_KEPT: Final = PRIVATE_RETENTION + DEAD_LETTER_RETENTION


def _find() -> Select[tuple[bool, Sequence[Any]]]:
    responses = select(_ROW.answers).where(_ROW.key == bindparam("key"), ~_IS_OLD)
    return select(_IS_ERASED.label("is_erased"), responses.scalar_subquery().label("responses"))


def _add() -> Insert:
    row = select(*(bindparam(name, type_=_ROW[name].type) for name in _COLUMNS)).where(~_IS_ERASED)
    return insert(model_answers).from_select(_COLUMNS, row).on_conflict_do_nothing(index_elements=[_ROW.key])


_COLUMNS: Final = ("key", "resume_id", "answers")
_IS_OLD: Final = _ROW.created_at <= func.now() - bindparam("max_age", type_=Interval)
_IS_ERASED: Final = (
    select(erased_resumes).where(erased_resumes.c.resume_id == bindparam("resume_id", type_=Uuid)).exists()
)
_LOCK_RESUME: Final = Statement(
    select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("name", type_=Text), 0)))
)
_DELETE_OLD: Final = Statement(delete(model_answers).where(_IS_OLD))
_FIND: Final = Statement(_find())
_ADD: Final = Statement(_add())
_DELETE_OLD_MARKS: Final = Statement(
    delete(erased_resumes).where(erased_resumes.c.erased_at <= func.now() - _MARK_KEPT)
)
_MARK_ERASED: Final = Statement(
    insert(erased_resumes).values(resume_id=bindparam("resume_id")).on_conflict_do_nothing()
)
_ERASE: Final = Statement(delete(model_answers).where(_ROW.resume_id == bindparam("resume_id")))


class CachedResponses:
    """Reads and writes cached responses of the model and the marks of erased resumes."""

    async def find(
        self, connection: Connection, key: str, *, resume_id: UUID, max_age: timedelta
    ) -> tuple[bool, Sequence[Any] | None]:
        """Return whether the resume is marked as erased, and the responses stored under a key.

        The responses are None if there are none, or if they are older than `max_age`.
        """
        found = await _FIND.one(connection, {"key": key, "resume_id": resume_id, "max_age": max_age})
        return found["is_erased"], found["responses"]

    async def add(
        self,
        connection: Connection,
        key: str,
        responses: Sequence[Any],
        *,
        resume_id: UUID,
        max_age: timedelta,
    ) -> None:
        """Delete old responses and store new ones, unless the resume is erased or the key is taken."""
        await _lock_resume(connection, resume_id)
        await _DELETE_OLD.run(connection, {"max_age": max_age})
        await _ADD.run(connection, {"key": key, "resume_id": resume_id, "answers": list(responses)})

    async def erase(self, connection: Connection, resume_id: UUID) -> int:
        """Delete a resume's responses, prevent new ones, and return the number of deleted rows."""
        await _lock_resume(connection, resume_id)
        await _DELETE_OLD_MARKS.run(connection)
        await _MARK_ERASED.run(connection, {"resume_id": resume_id})
        return await _ERASE.run(connection, {"resume_id": resume_id})


async def _lock_resume(connection: Connection, resume_id: UUID) -> None:
    """Lock a resume until the transaction ends, so that no response is stored beside an erasure."""
    await _LOCK_RESUME.run(connection, {"name": str(resume_id)})
