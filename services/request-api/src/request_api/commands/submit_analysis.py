"""Accept a request for an analysis, and store it with its event in one transaction."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from asyncpg import CheckViolationError
from chassis.db.database import Database
from chassis.messaging.outbox import Outbox
from chassis.principal import Principal
from contracts.events import Event
from contracts.vocabulary import ReportLanguage
from prometheus_client import Counter

from request_api.domain.analysis import Analysis, AnalysisOptions
from request_api.domain.errors import DailyLimitReached
from request_api.domain.idempotency_key import IdempotencyKey
from request_api.domain.legacy_backend import default_report_language
from request_api.events import requested
from request_api.storage import Repository
from request_api.storage.legacy.industries import LegacyBackendCache


class _CloseToLimit(Exception):
    """Concurrent transactions of the same user could exceed the daily limit together."""


class SubmitAnalysis:
    """Store an analysis and publish it to the analyzer and results-api."""

    def __init__(
        self,
        *,
        database: Database,
        repository: Repository,
        outbox: Outbox[Event],
        legacy_backend: LegacyBackendCache,
        report_language: ReportLanguage | None,
        daily_limit: int,
        accepted: Counter,
    ) -> None:
        """Create the use case.

        Args:
            report_language: for requests that name none. None chooses by the legacy backend.
            daily_limit: number of analyses that a user may request within 24 hours.
        """
        self._legacy_backend = legacy_backend
        self._report_language = report_language
        self._database = database
        self._repository = repository
        self._outbox = outbox
        self._daily_limit = daily_limit
        self._accepted = accepted

    async def __call__(
        self,
        principal: Principal,
        *,
        resume_id: UUID,
        options: AnalysisOptions,
        idempotency_key: str | None,
    ) -> UUID:
        """Return the id of the analysis. Repeating a request with the same key returns the same id.

        Raises:
            ResumeNotFound: the resume does not exist, or the principal may not see it.
            ResumeNotReadable, ResumeTooLong: the resume's text cannot be analysed.
            IdempotencyKeyReused: the key was used with another request.
            DailyLimitReached: the principal requested too many analyses.
            IndustryNotStorable: the legacy backend's database has no name for the industry.
            UserUnknown: the database does not have the principal.
            DatabaseUnavailable: the database is unavailable.
        """
        submit = partial(
            self._submit, principal, resume_id=resume_id, options=options, idempotency_key=idempotency_key
        )
        try:
            return await _within_limit(submit)
        except CheckViolationError:
            # A migration of the legacy backend may have changed the industry names in the meantime.
            self._legacy_backend.clear()
            return await _within_limit(submit)

    async def _submit(
        self,
        principal: Principal,
        *,
        resume_id: UUID,
        options: AnalysisOptions,
        idempotency_key: str | None,
        exclusive: bool,
    ) -> UUID:
        """Submit the request, in an `exclusive` transaction if the principal is close to the daily limit.

        The limit is exact. Shared transactions run concurrently and do not see each other's analyses, so they
        continue only if the limit leaves room for as many analyses as the database runs transactions. An
        exclusive transaction waits for all others of the principal and counts their analyses.
        """
        analysis_id, now = uuid4(), datetime.now(UTC)
        legacy = await self._legacy_backend.get()
        target_industry = options.industry if legacy is None else legacy.stored_name(options.industry)
        report_language = options.report_language or self._report_language or default_report_language(legacy)
        async with self._database.transaction() as connection:
            if idempotency_key is not None:
                key = IdempotencyKey.for_analysis(
                    idempotency_key, user_id=principal.user_id, resume_id=resume_id, options=options
                )
                earlier_id = await self._repository.keys.remember(connection, key, analysis_id)
                if earlier_id is not None:
                    return earlier_id
            resume = await self._repository.resumes.get_for_analysis(
                connection, principal, resume_id, exclusive=exclusive
            )
            # A statement of its own, because it must not begin before the lock of `get_for_analysis` is held.
            recent, max_transactions = await self._repository.analyses.count_recent(
                connection, principal, now - timedelta(days=1), at_most=self._daily_limit
            )
            if recent >= self._daily_limit:
                raise DailyLimitReached(limit=self._daily_limit)
            if not exclusive and recent + max_transactions > self._daily_limit:
                raise _CloseToLimit
            analysis = Analysis.request(
                analysis_id,
                resume,
                options,
                report_language=report_language,
                requested_by=principal.user_id,
                at=now,
            )
            await self._repository.analyses.add(connection, analysis, target_industry=target_industry)
            await self._outbox.publish(connection, requested(analysis, resume))
        self._accepted.inc()
        return analysis_id


async def _within_limit(submit: Callable[..., Awaitable[UUID]]) -> UUID:
    try:
        return await submit(exclusive=False)
    except _CloseToLimit:
        return await submit(exclusive=True)
