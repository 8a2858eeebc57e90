"""SQL of idempotency keys."""

from datetime import timedelta
from typing import Final

from chassis.db.database import Connection
from chassis.db.statement import Statement
from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.sql.dml import ReturningInsert

from request_api.domain.analysis import Answer, IdempotencyKey
from request_api.errors import IdempotencyKeyReused
from request_api.storage.tables import idempotency_keys

# Long after any client gave up repeating a POST.
KEEP = timedelta(days=7)


def _remember() -> ReturningInsert[tuple[str]]:
    """In one round trip: an expired key is taken over, and the caller's other expired ones go."""
    keys = idempotency_keys.c
    has_expired = keys.created_at < func.now() - KEEP
    others = (keys.user_id == bindparam("caller")) & (keys.key != bindparam("name"))
    new = upsert(idempotency_keys).values(
        user_id=bindparam("caller"),
        key=bindparam("name"),
        fingerprint=bindparam("stands_for"),
        answer=bindparam("answered"),
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
_EARLIER: Final = Statement(
    select(idempotency_keys.c.fingerprint, idempotency_keys.c.answer).where(
        idempotency_keys.c.user_id == bindparam("caller"), idempotency_keys.c.key == bindparam("name")
    )
)


class IdempotencyKeys:
    """What a caller's own name for a POST stands for."""

    async def remember(self, connection: Connection, key: IdempotencyKey, answer: Answer) -> Answer | None:
        """Bind a key to an answer; returns the earlier answer where the key stands for this request already.

        Waits for another transaction that is binding the same key.

        Raises:
            IdempotencyKeyReused: the key stands for another request.
        """
        inserted = await _REMEMBER.first(
            connection,
            {
                "caller": key.user_id,
                "name": key.key,
                "stands_for": key.fingerprint,
                "answered": answer,
            },
        )
        if inserted is not None:
            return None
        # It is still there: the conflict locked it, even where nothing was updated.
        earlier = await _EARLIER.one(connection, {"caller": key.user_id, "name": key.key})
        if earlier["fingerprint"] != key.fingerprint:
            raise IdempotencyKeyReused
        kept: Answer = earlier["answer"]
        return kept
