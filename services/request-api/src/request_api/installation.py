"""Facts about the installation: the legacy backend beside us, and defaults that depend on it."""

import time
from typing import Final

from chassis.db.database import Database
from contracts.vocabulary import ReportLanguage

from request_api.domain.errors import IndustryNotStorable
from request_api.domain.legacy_backend import LegacyBackend
from request_api.storage import Repository

# A new version of the legacy backend counts after this long. It costs two to four short statements.
KEEP_SECONDS: Final = 60


class Installation:
    """Knows whether the legacy backend shares the database, and what it can read."""

    def __init__(
        self, *, database: Database, repository: Repository, report_language: ReportLanguage | None
    ) -> None:
        """`report_language` is for requests that name none; None chooses by the installation."""
        self._database = database
        self._repository = repository
        self._report_language = report_language
        self._asked_at: float | None = None
        self._legacy: LegacyBackend | None = None

    async def target_industry(self, industry: str) -> str:
        """Return the name to store for an industry. Raises IndustryNotStorable, DatabaseUnavailable."""
        legacy = await self._ask()
        if legacy is None:
            return industry
        if industry not in legacy.stored:
            raise IndustryNotStorable
        return legacy.stored[industry]

    async def report_language(self) -> ReportLanguage:
        """Return the language of reports: Japanese, as the legacy frontend is, where it is in use."""
        if self._report_language is not None:
            return self._report_language
        return ReportLanguage.RESUME if await self._ask() is None else ReportLanguage.JAPANESE

    def forget(self) -> None:
        """Ask the database again next time."""
        self._asked_at = None

    async def _ask(self) -> LegacyBackend | None:
        if self._asked_at is None or time.monotonic() - self._asked_at >= KEEP_SECONDS:
            async with self._database.autocommit() as connection:
                self._legacy = await self._repository.legacy_industries.find(connection)
            self._asked_at = time.monotonic()
        return self._legacy
