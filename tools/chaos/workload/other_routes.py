"""A client of the routes beside analyses: reports, exports of resumes, the list as CSV, and jobs."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from ctypes.util import find_library
from functools import partial
from itertools import cycle
from typing import Final, Literal

from tools.chaos.evidence.rows import ExportOperation, JobOperation
from tools.chaos.workload.recorder import OperationRecorder

# A PDF takes a second of the processor. One request at a time with this pause between two of them takes about
# a twentieth of two cores, so that the rate of analyses stays as it is.
_PAUSE_SECONDS: Final = 3.0
# The other clients count from 0.
_CLIENT: Final = -1
_JOB: Final = {
    "title": "Platform Engineer",
    "text": "Requirements:\n- At least 5 years of experience with Python\n- English at business level\n",
}
_REQUIREMENT: Final = {"kind": "skill", "importance": "must", "terms": ["Kafka"]}


class OtherRoutes:
    """Call one route after another, in the same order in each run, and keep every second job.

    Reports are those of `analysis_ids`, and exports those of `resume_ids`. `request_api` and `results_api`
    return the base URL for the next request.
    """

    def __init__(
        self,
        *,
        recorder: OperationRecorder,
        request_api: Callable[[], str],
        results_api: Callable[[], str],
        resume_ids: Sequence[str],
        analysis_ids: Sequence[str],
        seed: int,
    ) -> None:
        self._recorder = recorder
        self._request_api = request_api
        self._results_api = results_api
        self._resume_ids = resume_ids
        self._analysis_ids = analysis_ids
        self._random = random.Random(seed)  # noqa: S311 - reproducible
        self._job_id: str | None = None
        self._version = 0
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start in the background."""
        self._task = asyncio.create_task(self._run(), name="client of other routes")

    async def stop(self) -> None:
        """Send nothing new, and return once the last request has ended."""
        self._stopping.set()
        if self._task is not None:
            await self._task

    async def abort(self) -> None:
        """Stop at once."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        for request in cycle(self._requests()):
            await request()
            with suppress(TimeoutError):
                async with asyncio.timeout(_PAUSE_SECONDS):
                    await self._stopping.wait()
            if self._stopping.is_set():
                return

    def _requests(self) -> Sequence[Callable[[], Awaitable[None]]]:
        each_once: list[Callable[[], Awaitable[None]]] = [
            self._create_job,
            self._edit_job,
            partial(self._read_report, "report", "html"),
            partial(self._export, "blind-docx", "blind?format=docx"),
            partial(self._export, "json-resume", "json-resume"),
            self._read_job,
            self._list_as_csv,
        ]
        # Without the libraries that print, the services refuse every PDF.
        if find_library("pango-1.0"):
            each_once += [
                partial(self._read_report, "report-pdf", "pdf"),
                partial(self._export, "blind-pdf", "blind?format=pdf"),
            ]
        return (*each_once, *each_once, self._delete_job)

    async def _read_report(self, op: ExportOperation, form: Literal["html", "pdf"]) -> None:
        if self._analysis_ids:
            analysis_id = self._random.choice(self._analysis_ids)
            url = f"{self._results_api()}/api/v1/analysis/analysis/{analysis_id}/report?format={form}"
            await self._recorder.send(_CLIENT, op, url, method="GET", analysis_id=analysis_id)

    async def _list_as_csv(self) -> None:
        await self._recorder.send(
            _CLIENT, "list-csv", f"{self._results_api()}/api/v1/analysis/?format=csv", method="GET"
        )

    async def _export(self, op: ExportOperation, path: str) -> None:
        resume_id = self._random.choice(self._resume_ids)
        url = f"{self._request_api()}/api/v1/resume_upload/{resume_id}/{path}"
        await self._recorder.send(_CLIENT, op, url, method="GET", resume_id=resume_id)

    async def _create_job(self) -> None:
        self._job_id = None
        await self._send_job("job-create", "POST", "", body=_JOB)

    async def _read_job(self) -> None:
        if self._job_id is not None:
            await self._send_job("job-read", "GET", f"/{self._job_id}")

    async def _edit_job(self) -> None:
        if self._job_id is not None:
            body = {"version": self._version, "requirements": [_REQUIREMENT]}
            await self._send_job("job-edit", "PUT", f"/{self._job_id}/requirements", body=body)

    async def _delete_job(self) -> None:
        if self._job_id is not None:
            await self._send_job("job-delete", "DELETE", f"/{self._job_id}")
            self._job_id = None

    async def _send_job(
        self, op: JobOperation, method: str, path: str, *, body: Mapping[str, object] | None = None
    ) -> None:
        """Send a request about the job, and keep the id and version in the response."""
        url = f"{self._request_api()}/api/v1/jobs{path}"
        response = await self._recorder.send(_CLIENT, op, url, method=method, body=body, job_id=self._job_id)
        if response is not None and response.status_code in (200, 201):
            self._job_id, self._version = response.json()["id"], response.json()["version"]
