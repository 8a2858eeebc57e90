"""Client of request-api: analyses that have not arrived in the combined view yet, texts, and jobs."""

import asyncio
import time
from typing import Literal, TypeVar
from uuid import UUID

import httpx2
from chassis.auth.tokens import Caller
from chassis.errors import Unauthorized
from chassis.http_client import bounded_client
from chassis.telemetry.logs import get_logger
from chassis.telemetry.trace import current_traceparent
from contracts.matching import Requirement
from contracts.vocabulary import AnalysisStatus
from pydantic import AwareDatetime, BaseModel, ValidationError

from results_api.domain.errors import AnalysisNotFound, JobNotFound, RequestApiUnavailable, ResumeNotFound

log = get_logger(__name__)

# The frontend polls every 3 s and retries after a 503.
TIMEOUT_SECONDS = 2.0
# A response about an analysis has less than 2 kB.
MAX_ANSWER_BYTES = 64 * 1024
# 100,000 characters of up to six bytes, and the other fields.
MAX_TEXT_BYTES = 1024 * 1024
# A job has up to 60 requirements and 200 removed ones, of up to 2,500 characters of up to four bytes, and a
# text of 20,000 characters.
MAX_JOB_BYTES = 4 * 1024 * 1024
# A simple circuit breaker: after this many failures in a row, requests fail at once during the pause.
FAILURES_BEFORE_PAUSE = 5
PAUSE_SECONDS = 3.0


class AcceptedAnalysis(BaseModel):
    """An analysis that request-api accepted, as far as a status needs it."""

    analysis_id: UUID
    status: AnalysisStatus
    requested_at: AwareDatetime
    completed_at: AwareDatetime | None


class StoredResume(BaseModel):
    """A resume of request-api, as far as a report needs it."""

    extracted_text: str


class MatchedJob(BaseModel):
    """A version of a job of request-api, as far as matches need it."""

    id: UUID
    version: int
    title: str
    language: Literal["en", "ja"] | None
    requirements: tuple[Requirement, ...]


Answer = TypeVar("Answer", bound=BaseModel)


class RequestApiClient:
    """Reads from request-api with the caller's token."""

    def __init__(self, *, base_url: str) -> None:
        self._analyses = _Reader(base_url, max_answer_bytes=MAX_ANSWER_BYTES)
        # Apart, so that texts which are slow or too long never stop the reading of statuses.
        self._texts = _Reader(base_url, max_answer_bytes=MAX_TEXT_BYTES)
        self._jobs = _Reader(base_url, max_answer_bytes=MAX_JOB_BYTES)

    async def get(self, caller: Caller, analysis_id: UUID) -> AcceptedAnalysis:
        """Return an analysis.

        Raises:
            AnalysisNotFound: if it does not exist, or the caller may not see it.
            Unauthorized: if request-api rejects the caller's token.
            RequestApiUnavailable: if request-api cannot be reached.
        """
        path = f"/api/v1/analysis/requests/{analysis_id}"
        accepted = await self._analyses.read(path, caller, AcceptedAnalysis)
        if accepted is None:
            raise AnalysisNotFound
        return accepted

    async def get_text(self, caller: Caller, resume_id: UUID) -> str:
        """Return the text of a resume.

        Raises:
            ResumeNotFound: if it does not exist, or the caller may not see it.
            Unauthorized: if request-api rejects the caller's token.
            RequestApiUnavailable: if request-api cannot be reached.
        """
        resume = await self._texts.read(f"/api/v1/resume_upload/{resume_id}", caller, StoredResume)
        if resume is None:
            raise ResumeNotFound
        return resume.extracted_text

    async def get_job(self, caller: Caller, job_id: UUID, *, version: int | None = None) -> MatchedJob:
        """Return a version of a job, the newest one by default.

        Raises:
            JobNotFound: if it does not exist, or the caller may not see it.
            Unauthorized: if request-api rejects the caller's token.
            RequestApiUnavailable: if request-api cannot be reached.
        """
        query = "" if version is None else f"?version={version}"
        job = await self._jobs.read(f"/api/v1/jobs/{job_id}{query}", caller, MatchedJob)
        if job is None:
            raise JobNotFound
        return job

    async def close(self) -> None:
        """Close the connection pools."""
        await asyncio.gather(self._analyses.close(), self._texts.close(), self._jobs.close())


class _Reader:
    """Reads answers of one kind, with a circuit breaker of their own."""

    def __init__(self, base_url: str, *, max_answer_bytes: int) -> None:
        self._client = bounded_client(
            base_url=base_url, timeout=TIMEOUT_SECONDS, max_answer_bytes=max_answer_bytes
        )
        self._failures = 0
        self._paused_until = float("-inf")

    async def read(self, path: str, caller: Caller, kind: type[Answer]) -> Answer | None:
        """Return the answer to a request, or None if there is nothing for the caller."""
        if time.monotonic() < self._paused_until:
            raise RequestApiUnavailable
        headers = {"Authorization": f"Bearer {caller.token}"}
        traceparent = current_traceparent()
        if traceparent is not None:
            headers["traceparent"] = traceparent
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                response = await self._client.get(path, headers=headers)
            if response.status_code == httpx2.codes.NOT_FOUND:
                answer = None
            elif response.status_code == httpx2.codes.UNAUTHORIZED:
                raise Unauthorized("The bearer token is missing, expired or not valid.")
            else:
                response.raise_for_status()
                answer = kind.model_validate_json(response.content)
        except (httpx2.HTTPError, TimeoutError, ValidationError) as error:
            self._count_failure()
            log.warning("request to request-api failed", error=type(error).__name__)
            raise RequestApiUnavailable from error
        self._failures = 0
        return answer

    def _count_failure(self) -> None:
        self._failures += 1
        if self._failures >= FAILURES_BEFORE_PAUSE:
            self._failures = 0
            self._paused_until = time.monotonic() + PAUSE_SECONDS

    async def close(self) -> None:
        """Close the connection pool."""
        await self._client.aclose()
