"""Remembers what a model answered, in the analyzer's database, so that nobody pays for it twice."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

from chassis.db.database import Connection, Database, DatabaseUnavailable
from chassis.telemetry.logs import get_logger

from analyzer.llm.client.model_client import ModelFailed
from analyzer.llm.prompting.answered import Raw, Reason
from analyzer.storage.repository import Repository

log = get_logger(__name__)

Found = TypeVar("Found")
_Work = Callable[[Connection], Awaitable[Found]]
_Connect = Callable[[], AbstractAsyncContextManager[Connection]]

# As long as a database takes that was killed, or a pool on a crowded machine. An analysis waits before the
# model, within its budget, and after it. What was not kept is paid for again if Kafka repeats the request.
_PATIENCE_SECONDS: Final = 5.0
# Once it was away for all that time, analyses wait no longer than this until it is back.
_PATIENCE_WHILE_AWAY_SECONDS: Final = 1.0
_PAUSE_SECONDS: Final = 0.2


class RememberAnswers:
    """A database that is away is a miss, and no reason to fail an analysis."""

    def __init__(self, *, database: Database, repository: Repository, days: int) -> None:
        self._database = database
        self._repository = repository
        self._kept = timedelta(days=days)
        self._is_away = False

    async def recall(self, key: str, *, resume_id: UUID) -> Sequence[Raw] | None:
        """Raises ModelFailed where the resume was erased."""

        def look(connection: Connection) -> Awaitable[tuple[bool, Sequence[Any] | None]]:
            return self._repository.find_answers(connection, key, resume_id=resume_id, kept=self._kept)

        is_erased, answers = await self._patiently(look, self._database.autocommit) or (False, None)
        if is_erased:
            raise ModelFailed(Reason.ERASED)
        return None if answers is None else [Raw(**answer) for answer in answers]

    async def store(self, key: str, answers: Sequence[Raw], *, resume_id: UUID) -> None:
        rows = [{"model": answer.model, "content": answer.content} for answer in answers]
        await self._patiently(
            lambda connection: self._repository.add_answers(
                connection, key, rows, resume_id=resume_id, kept=self._kept
            ),
            self._database.transaction,
        )

    async def _patiently(self, work: _Work[Found], connect: _Connect) -> Found | None:
        """None where it did not come about in time, or at all."""
        try:
            async with asyncio.timeout(_PATIENCE_WHILE_AWAY_SECONDS if self._is_away else _PATIENCE_SECONDS):
                found = await self._once_it_is_there(work, connect)
        except Exception as error:  # noqa: BLE001 - the analysis goes on, whatever is wrong here
            self._is_away = isinstance(error, TimeoutError)
            # The class alone: messages may quote the answers.
            log.warning("the memory of answers failed", error=type(error).__name__)
            return None
        self._is_away = False
        return found

    async def _once_it_is_there(self, work: _Work[Found], connect: _Connect) -> Found:
        while True:
            try:
                async with connect() as connection:
                    return await work(connection)
            except DatabaseUnavailable:
                await asyncio.sleep(_PAUSE_SECONDS)
