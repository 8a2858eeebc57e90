"""Cache responses of the model in the analyzer's database, so that a repeated analysis costs nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

from chassis.db.database import Connection, Database, DatabaseUnavailable
from chassis.telemetry.logs import get_logger

from analyzer.llm.client.refusals import ModelFailed
from analyzer.llm.responses import FailureReason, RawResponse
from analyzer.storage.cached_responses import CachedResponses

log = get_logger(__name__)

Result = TypeVar("Result")
_Work = Callable[[Connection], Awaitable[Result]]
_Connect = Callable[[], AbstractAsyncContextManager[Connection]]

# Long enough for a database that restarts or a pool on a busy machine. An analysis waits before the call to
# the model, within its budget, and after it. A response that was not stored is paid for again if Kafka
# delivers the request again.
_TIMEOUT_SECONDS: Final = 5.0
# Once a full timeout passed in vain, later analyses wait no longer than this until the database is back.
_TIMEOUT_WHILE_UNAVAILABLE_SECONDS: Final = 1.0
_RETRY_SECONDS: Final = 0.2


class ResponseCache:
    """Stores responses by key. An unavailable database counts as a miss and never fails an analysis."""

    def __init__(self, *, database: Database, responses: CachedResponses, days: int) -> None:
        self._database = database
        self._responses = responses
        self._max_age = timedelta(days=days)
        self._is_unavailable = False

    async def get(self, key: str, *, resume_id: UUID) -> Sequence[RawResponse] | None:
        """Return the responses of a key, or None if there are none.

        Raises:
            ModelFailed: The resume was erased.
        """

        def find(connection: Connection) -> Awaitable[tuple[bool, Sequence[Any] | None]]:
            return self._responses.find(connection, key, resume_id=resume_id, max_age=self._max_age)

        is_erased, rows = await self._attempt(find, self._database.autocommit) or (False, None)
        if is_erased:
            raise ModelFailed(FailureReason.ERASED)
        return None if rows is None else [RawResponse(**row) for row in rows]

    async def put(self, key: str, responses: Sequence[RawResponse], *, resume_id: UUID) -> None:
        """Store responses unless the resume was erased."""
        rows = [{"model": each.model, "content": each.content} for each in responses]

        def add(connection: Connection) -> Awaitable[None]:
            return self._responses.add(connection, key, rows, resume_id=resume_id, max_age=self._max_age)

        await self._attempt(add, self._database.transaction)

    async def _attempt(self, work: _Work[Result], connect: _Connect) -> Result | None:
        """Do the work within the timeout; None if that fails."""
        seconds = _TIMEOUT_WHILE_UNAVAILABLE_SECONDS if self._is_unavailable else _TIMEOUT_SECONDS
        try:
            async with asyncio.timeout(seconds):
                result = await self._retry(work, connect)
        except Exception as error:  # noqa: BLE001 - the cache must not fail an analysis
            self._is_unavailable = isinstance(error, TimeoutError)
            # Only the class: messages may quote the responses.
            log.warning("response cache failed", error=type(error).__name__)
            return None
        self._is_unavailable = False
        return result

    async def _retry(self, work: _Work[Result], connect: _Connect) -> Result:
        while True:
            try:
                async with connect() as connection:
                    return await work(connection)
            except DatabaseUnavailable:
                await asyncio.sleep(_RETRY_SECONDS)
