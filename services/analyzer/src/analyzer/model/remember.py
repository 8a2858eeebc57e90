"""Remembers what a model answered, in the analyzer's database, so that nobody pays for it twice."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Final, TypeVar
from uuid import UUID

from chassis.db import Database
from chassis.logs import get_logger
from sqlalchemy.ext.asyncio import AsyncConnection

from analyzer.model.ask import Raw
from analyzer.repository import Repository

log = get_logger(__name__)

Found = TypeVar("Found")

# An analysis asks twice, before the model and after it: a database that is away costs it 2 s at most.
_PATIENCE_SECONDS: Final = 1.0


class RememberAnswers:
    """A database that is away is a miss, and no reason to fail an analysis."""

    def __init__(self, *, database: Database, repository: Repository, days: int) -> None:
        self._database = database
        self._repository = repository
        self._kept = timedelta(days=days)

    async def recall(self, key: str) -> Sequence[Raw] | None:
        answers = await self._patiently(
            lambda connection: self._repository.find_answers(connection, key, kept=self._kept)
        )
        return None if answers is None else [Raw(**answer) for answer in answers]

    async def store(self, key: str, answers: Sequence[Raw], *, resume_id: UUID) -> None:
        rows = [{"model": answer.model, "content": answer.content} for answer in answers]
        await self._patiently(
            lambda connection: self._repository.add_answers(
                connection, key, rows, resume_id=resume_id, kept=self._kept
            )
        )

    async def _patiently(self, work: Callable[[AsyncConnection], Awaitable[Found]]) -> Found | None:
        """None where it did not come about in time, or at all."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS), self._database.transaction() as connection:
                return await work(connection)
        except Exception as error:  # noqa: BLE001 - the analysis goes on, whatever is wrong here
            # The class alone: messages may quote the answers.
            log.warning("the memory of answers failed", error=type(error).__name__)
            return None
