"""Extract the requirements of a job in a sandboxed worker.

The longest text takes a tenth of a second of the processor, a hostile one some seconds, which would block the
event loop.
"""

import json
from typing import Final
from uuid import UUID

from chassis.http.concurrency import ConcurrencyLimit
from chassis.telemetry.logs import get_logger
from contracts.matching import JobRequirements
from sandbox.errors import Crashed, NotStarted, OverLimit, WorkerError
from sandbox.limits import Limits
from sandbox.runner import run

from request_api.domain.errors import (
    ExtractionFailed,
    ExtractionsBusy,
    JobTextUnreadable,
    TooManyExtractions,
)
from request_api.domain.job import JobText

# The start of a worker takes most of the time. With the wait, less than the 9 s after which the gateway
# gives up.
_LIMITS: Final = Limits(seconds=6, cpu_seconds=3, memory_bytes=512 * 1024 * 1024, output_bytes=1024 * 1024)
_WAIT_SECONDS: Final = 2.0
# Workers at the same time. One user takes all but one at most.
_IN_ALL: Final = 3
_WAITING_PER_USER: Final = 4


log = get_logger(__name__)


class ExtractRequirements:
    """Extracts requirements, each job in a worker of its own. Users take turns."""

    def __init__(self, *, limits: Limits = _LIMITS, wait_seconds: float = _WAIT_SECONDS) -> None:
        """Create the use of workers with `limits`, for which a job waits up to `wait_seconds`."""
        self._limits = limits
        self._limit = ConcurrencyLimit(
            in_all=_IN_ALL,
            per_user=_IN_ALL - 1,
            all_taken=ExtractionsBusy,
            own_taken=TooManyExtractions,
            wait_seconds=wait_seconds,
            waiting_per_user=_WAITING_PER_USER,
        )

    async def __call__(self, text: JobText, *, user_id: UUID) -> JobRequirements:
        """Return the requirements of a job.

        Raises:
            ExtractionsBusy, TooManyExtractions: the jobs of others, or of this user, take up the time.
            JobTextUnreadable: the text takes too much processor time or memory, or crashes the worker.
            ExtractionFailed: the worker took too long, or was killed.
        """
        request = json.dumps({"title": text.title, "text": text.text}).encode()
        async with self._limit.hold_in_turn(user_id):
            try:
                output = await run(
                    "request_api.commands.jobs.extraction_worker", request, limits=self._limits
                )
            except NotStarted:
                raise ExtractionsBusy from None
            except (OverLimit, Crashed):
                raise JobTextUnreadable from None
            except WorkerError as error:
                # A text that needs more time than allowed reaches the limit on processor time first.
                log.warning("a worker that extracts requirements failed", error=type(error).__name__)
                raise ExtractionFailed from None
        return JobRequirements.model_validate_json(output)
