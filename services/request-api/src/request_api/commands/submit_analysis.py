"""Accept an analysis: the request and its event become true in one transaction."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from asyncpg import CheckViolationError
from chassis.db.database import Database
from chassis.messaging.outbox import Outbox
from chassis.principal import Principal
from contracts.events import Event
from contracts.vocabulary import AnalysisStatus
from prometheus_client import Counter

from request_api.domain.analysis import AnalysisOptions, AnalysisRequest, IdempotencyKey
from request_api.errors import DailyLimitReached
from request_api.installation import Installation
from request_api.storage import Repository


class _NearLimit(Exception):
    """Requests of the same user that run at once might exceed the limit together."""


class SubmitAnalysis:
    """Stores a request, and tells the analyzer and results-api of it through the outbox."""

    def __init__(
        self,
        *,
        database: Database,
        repository: Repository,
        outbox: Outbox[Event],
        installation: Installation,
        daily_limit: int,
        accepted: Counter,
    ) -> None:
        """`daily_limit` is of analyses a person within 24 hours."""
        self._installation = installation
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
        """Returns the analysis id; the same key with the same request returns the same id.

        Raises:
            ResumeNotFound, ResumeNotReadable: there is nothing to analyse.
            IdempotencyKeyReused: the key stands for another request.
            DailyLimitReached: the principal has asked for too many.
            IndustryNotStorable: the legacy backend's database has no name for the industry.
            DatabaseUnavailable: nothing was accepted, as far as is known.
        """
        submit = partial(
            self._submit, principal, resume_id=resume_id, options=options, idempotency_key=idempotency_key
        )
        try:
            return await _within_limit(submit)
        except CheckViolationError:
            # A migration of the legacy backend may have changed the names since they were looked up.
            self._installation.forget()
            return await _within_limit(submit)

    async def _submit(
        self,
        principal: Principal,
        *,
        resume_id: UUID,
        options: AnalysisOptions,
        idempotency_key: str | None,
        alone: bool,
    ) -> UUID:
        """Submit it; `alone` while nothing else of the principal's is submitted.

        The limit is exact. Transactions that are not alone cannot exceed it together: the last of them to
        count found room for as many as can run at once, itself included. One that is alone waits until those
        have ended, and counts them all.
        """
        analysis_id, now = uuid4(), datetime.now(UTC)
        target_industry = await self._installation.target_industry(options.industry)
        report_language = options.report_language or await self._installation.report_language()
        async with self._database.transaction() as connection:
            if idempotency_key is not None:
                earlier = await self._repository.keys.remember(
                    connection,
                    IdempotencyKey(
                        user_id=principal.user_id,
                        key=idempotency_key,
                        fingerprint=_fingerprint(resume_id, options),
                    ),
                    {"analysis_id": str(analysis_id)},
                )
                if earlier is not None:
                    return UUID(earlier["analysis_id"])
            resume = await self._repository.resumes.get_for_analysis(
                connection, principal, resume_id, alone=alone
            )
            # After the lock that came with the resume: a statement sees what was committed before it began.
            asked, at_once = await self._repository.requests.count_since(
                connection, principal, now - timedelta(days=1), at_most=self._daily_limit
            )
            if asked >= self._daily_limit:
                raise DailyLimitReached(limit=self._daily_limit)
            if not alone and asked + at_once > self._daily_limit:
                raise _NearLimit
            request = AnalysisRequest(
                analysis_id=analysis_id,
                resume_id=resume.id,
                resume_version=resume.version,
                candidate_id=resume.candidate_id,
                requested_by=principal.user_id,
                candidate_name=resume.candidate_name,
                file_name=resume.file_name,
                industry=options.industry,
                depth=options.depth,
                review_type=options.review_type,
                compare_to_market=options.compare_to_market,
                focus_areas=options.focus_areas,
                report_language=report_language,
                status=AnalysisStatus.PENDING,
                version=0,
                failure_code=None,
                cancel_requested_at=None,
                requested_at=now,
                completed_at=None,
            )
            await self._repository.requests.add(connection, request, target_industry=target_industry)
            requested = request.requested(resume)
            await self._outbox.publish(connection, requested)
        self._accepted.inc()
        return analysis_id


async def _within_limit(submit: Callable[..., Awaitable[UUID]]) -> UUID:
    try:
        return await submit(alone=False)
    except _NearLimit:
        return await submit(alone=True)


def _fingerprint(resume_id: UUID, options: AnalysisOptions) -> str:
    # Left out where it was not asked for, as by callers from before there was a choice.
    given = {name: value for name, value in asdict(options).items() if value is not None}
    asked = json.dumps([str(resume_id), given], sort_keys=True)
    return hashlib.sha256(asked.encode()).hexdigest()
