"""SQL of idempotency keys."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from chassis.db.database import Connection, Row
from chassis.db.statement import Statement
from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.sql.dml import ReturningInsert

from request_api.domain.errors import IdempotencyKeyReused
from request_api.domain.idempotency_key import IdempotencyKey
from request_api.domain.job import Job
from request_api.storage.tables import idempotency_keys

# Clients stop repeating a POST long before this.
KEEP = timedelta(days=7)


def _remember() -> ReturningInsert[tuple[str]]:
    """Insert or replace a key in one round trip, and delete the user's other expired keys."""
    keys = idempotency_keys.c
    has_expired = keys.created_at < func.now() - KEEP
    others = (keys.user_id == bindparam("caller")) & (keys.key != bindparam("name"))
    new = upsert(idempotency_keys).values(
        user_id=bindparam("caller"),
        key=bindparam("name"),
        fingerprint=bindparam("new_fingerprint"),
        answer=bindparam("new_answer"),
    )
    return (
        new.on_conflict_do_update(
            index_elements=[keys.user_id, keys.key],
            set_={
                "fingerprint": new.excluded.fingerprint,
                "answer": new.excluded.answer,
                "created_at": func.now(),
            },
            where=has_expired,
        )
        .add_cte(delete(idempotency_keys).where(others, has_expired).cte("forgotten"))
        .returning(keys.key)
    )


_REMEMBER: Final = Statement(_remember())
_EARLIER_QUERY: Final = select(idempotency_keys.c.fingerprint, idempotency_keys.c.answer).where(
    idempotency_keys.c.user_id == bindparam("caller"), idempotency_keys.c.key == bindparam("name")
)
_EARLIER: Final = Statement(_EARLIER_QUERY)
_EARLIER_VALID: Final = Statement(_EARLIER_QUERY.where(idempotency_keys.c.created_at >= func.now() - KEEP))
_DELETE_OF_JOB: Final = Statement(
    delete(idempotency_keys).where(
        idempotency_keys.c.user_id == bindparam("caller"),
        idempotency_keys.c.answer["job_id"].astext == bindparam("job_id"),
    )
)


class IdempotencyKeys:
    """Idempotency keys, and the analyses, jobs and matches that were created with them."""

    async def remember(self, connection: Connection, key: IdempotencyKey, new_id: UUID) -> UUID | None:
        """Store a key for a new analysis or job, or return the earlier one if the key was used before.

        Raises:
            IdempotencyKeyReused: the key was used with another request.
        """
        earlier = await self.store(connection, key, {key.creates: str(new_id)})
        return None if earlier is None else UUID(earlier[key.creates])

    async def find(self, connection: Connection, key: IdempotencyKey) -> Mapping[str, Any] | None:
        """Return the answer of a key that was used before. Raises IdempotencyKeyReused."""
        row = await _EARLIER_VALID.first(connection, {"caller": key.user_id, "name": key.key})
        return None if row is None else _answer(row, key)

    async def store(
        self, connection: Connection, key: IdempotencyKey, answer: Mapping[str, object]
    ) -> Mapping[str, Any] | None:
        """Store a key with its answer, or return the earlier answer if the key was used before.

        Waits for another transaction that is storing the same key.

        Raises:
            IdempotencyKeyReused: the key was used with another request.
        """
        inserted = await _REMEMBER.first(
            connection,
            {
                "caller": key.user_id,
                "name": key.key,
                "new_fingerprint": key.fingerprint,
                "new_answer": dict(answer),
            },
        )
        if inserted is not None:
            return None
        # The row still exists: the conflict locked it although nothing was updated.
        return _answer(await _EARLIER.one(connection, {"caller": key.user_id, "name": key.key}), key)

    async def delete_of_job(self, connection: Connection, job: Job) -> None:
        """Delete the keys of a job, whose fingerprints are digests of its text."""
        await _DELETE_OF_JOB.run(connection, {"caller": job.created_by, "job_id": str(job.id)})


def _answer(row: Row, key: IdempotencyKey) -> Mapping[str, Any]:
    if row["fingerprint"] != key.fingerprint:
        raise IdempotencyKeyReused
    answer: Mapping[str, Any] = row["answer"]
    return answer
