"""Client of request-api, for analyses that have not arrived in the combined view yet."""

import asyncio
import time
from uuid import UUID

import httpx2
from chassis.auth.tokens import Caller
from chassis.errors import Unauthorized
from chassis.http_client import bounded_client
from chassis.telemetry.logs import get_logger
from chassis.telemetry.trace import current_traceparent
from contracts.vocabulary import AnalysisStatus
from pydantic import AwareDatetime, BaseModel, ValidationError

from results_api.domain.errors import AnalysisNotFound, RequestApiUnavailable

log = get_logger(__name__)

# The frontend polls every 3 s and retries after a 503.
TIMEOUT_SECONDS = 2.0
# A response has less than 2 kB.
MAX_ANSWER_BYTES = 64 * 1024
# A simple circuit breaker: after this many failures in a row, requests fail at once during the pause.
FAILURES_BEFORE_PAUSE = 5
PAUSE_SECONDS = 3.0


class AcceptedAnalysis(BaseModel):
    """An analysis that request-api accepted, as far as a status needs it."""

    analysis_id: UUID
    status: AnalysisStatus
    requested_at: AwareDatetime
    completed_at: AwareDatetime | None


class RequestApiClient:
    """Reads analyses from request-api with the caller's token, over one connection pool."""

    def __init__(self, *, base_url: str) -> None:
        self._client = bounded_client(
            base_url=base_url, timeout=TIMEOUT_SECONDS, max_answer_bytes=MAX_ANSWER_BYTES
        )
        self._failures = 0
        self._paused_until = float("-inf")

    async def get(self, caller: Caller, analysis_id: UUID) -> AcceptedAnalysis:
        """Return an analysis.

        Raises:
            AnalysisNotFound: if it does not exist, or the caller may not see it.
            Unauthorized: if request-api rejects the caller's token.
            RequestApiUnavailable: if request-api cannot be reached.
        """
        if time.monotonic() < self._paused_until:
            raise RequestApiUnavailable
        headers = {"Authorization": f"Bearer {caller.token}"}
        traceparent = current_traceparent()
        if traceparent is not None:
            headers["traceparent"] = traceparent
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                response = await self._client.get(f"/api/v1/analysis/requests/{analysis_id}", headers=headers)
            if response.status_code == httpx2.codes.NOT_FOUND:
                accepted = None
            elif response.status_code == httpx2.codes.UNAUTHORIZED:
                raise Unauthorized("The bearer token is missing, expired or not valid.")
            else:
                response.raise_for_status()
                accepted = AcceptedAnalysis.model_validate_json(response.content)
        except (httpx2.HTTPError, TimeoutError, ValidationError) as error:
            self._count_failure()
            log.warning("request to request-api failed", error=type(error).__name__)
            raise RequestApiUnavailable from error
        self._failures = 0
        if accepted is None:
            raise AnalysisNotFound
        return accepted

    def _count_failure(self) -> None:
        self._failures += 1
        if self._failures >= FAILURES_BEFORE_PAUSE:
            self._failures = 0
            self._paused_until = time.monotonic() + PAUSE_SECONDS

    async def close(self) -> None:
        """Close the connection pool."""
        await self._client.aclose()
