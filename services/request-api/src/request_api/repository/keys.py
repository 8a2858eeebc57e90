"""SQL of idempotency keys."""

from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from request_api.domain import Answer, IdempotencyKey
from request_api.errors import IdempotencyKeyReused
from request_api.tables import idempotency_keys

# Long after any client gave up repeating a POST.
KEEP = timedelta(days=7)


class IdempotencyKeys:
    """What a caller's own name for a POST stands for."""

    async def remember(
        self, connection: AsyncConnection, key: IdempotencyKey, answer: Answer
    ) -> Answer | None:
        """Bind a key to an answer; returns the earlier answer where the key stands for this request already.

        Waits for another transaction that is binding the same key.

        Raises:
            IdempotencyKeyReused: the key stands for another request.
        """
        keys = idempotency_keys.c
        await connection.execute(
            delete(idempotency_keys).where(keys.user_id == key.user_id, keys.created_at < func.now() - KEEP)
        )
        inserted = await connection.execute(
            upsert(idempotency_keys)
            .values(user_id=key.user_id, key=key.key, fingerprint=key.fingerprint, answer=answer)
            .on_conflict_do_nothing()
            .returning(keys.key)
        )
        if inserted.first() is not None:
            return None
        found = await connection.execute(
            select(keys.fingerprint, keys.answer).where(keys.user_id == key.user_id, keys.key == key.key)
        )
        earlier = found.one()
        if earlier.fingerprint != key.fingerprint:
            raise IdempotencyKeyReused
        kept: Answer = earlier.answer
        return kept
