"""Asks request-api, as the caller, for an analysis that has not been heard of here yet."""

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

from results_api.errors import AnalysisNotFound, RequestsAway

log = get_logger(__name__)

# The frontend polls every 3 s and asks again on 503.
TIMEOUT_SECONDS = 2.0
# An answer has less than 2 kB.
MAX_ANSWER_BYTES = 64 * 1024
# After so many failures in a row request-api is left alone for a while, and callers are not kept waiting.
FAILURES_BEFORE_PAUSE = 5
PAUSE_SECONDS = 3.0


class KnownRequest(BaseModel):
    """Of request-api's answer what a status needs."""

    analysis_id: UUID
    status: AnalysisStatus
    requested_at: AwareDatetime
    completed_at: AwareDatetime | None


class RequestsClient:
    """One connection pool to request-api."""

    def __init__(self, *, base_url: str) -> None:
        self._client = bounded_client(
            base_url=base_url, timeout=TIMEOUT_SECONDS, max_answer_bytes=MAX_ANSWER_BYTES
        )
        self._failures = 0
        self._paused_until = float("-inf")

    async def get(self, caller: Caller, analysis_id: UUID) -> KnownRequest:
        """The request, as far as the caller may see it.

        Raises:
            AnalysisNotFound: there is none, or the caller may not see it.
            Unauthorized: the caller's token is not good there.
            RequestsAway: request-api cannot be asked.
        """
        if time.monotonic() < self._paused_until:
            raise RequestsAway
        headers = {"Authorization": f"Bearer {caller.token}"}
        traceparent = current_traceparent()
        if traceparent is not None:
            headers["traceparent"] = traceparent
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                answer = await self._client.get(f"/api/v1/analysis/requests/{analysis_id}", headers=headers)
            if answer.status_code == httpx2.codes.NOT_FOUND:
                known = None
            elif answer.status_code == httpx2.codes.UNAUTHORIZED:
                raise Unauthorized("The bearer token is missing, expired or not valid.")
            else:
                answer.raise_for_status()
                known = KnownRequest.model_validate_json(answer.content)
        except (httpx2.HTTPError, TimeoutError, ValidationError) as error:
            self._failed()
            log.warning("request-api could not be asked", error=type(error).__name__)
            raise RequestsAway from error
        self._failures = 0
        if known is None:
            raise AnalysisNotFound
        return known

    def _failed(self) -> None:
        self._failures += 1
        if self._failures >= FAILURES_BEFORE_PAUSE:
            self._failures = 0
            self._paused_until = time.monotonic() + PAUSE_SECONDS

    async def close(self) -> None:
        """Close the pool."""
        await self._client.aclose()
