"""Send one resume through the API: create a candidate, upload, analyse, and wait for the result."""

import asyncio
import mimetypes
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from contracts.plain_text import plain_line

from local_stack.demo import sample_resume
from local_stack.demo.report import Result
from local_stack.errors import StackError
from local_stack.paths import DEMO

# More than an analysis by rules takes on a busy machine.
_MAX_WAIT_SECONDS = 300
# More than the analyzer's limits allow for an analysis with a slow model: an hour for a slot, two for a call.
_MAX_WAIT_WITH_MODEL_SECONDS = 3 * 3600 + 300
_POLL_SECONDS = 0.1
# Time after which a wait is reported again.
_REPORT_SECONDS = 60
# The timeout of the frontend.
REQUEST_SECONDS = 10
_SUCCESS = range(200, 300)


class ReviewRefused(StackError):
    """The API answered with an error; the message is its `detail`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewInput:
    """The resume to analyse, the options of the analysis, and how long to wait for it."""

    resume: Path
    industry: str
    depth: str
    first_name: str
    last_name: str
    max_seconds: float = _MAX_WAIT_SECONDS


def read_input(environment: dict[str, str]) -> ReviewInput:
    """Read RESUME, INDUSTRY and DEPTH. Without RESUME, write a sample resume and use it.

    With a model, or in a system that may have one, the analysis may take as long as the limits allow.

    Raises:
        StackError: the file does not exist.
    """
    industry = environment.get("INDUSTRY") or "strategy_tech"
    depth = environment.get("DEPTH") or "standard"
    may_ask_model = any(
        environment.get(name) for name in ("GATEWAY", "OPENAI_API_KEY", "ANALYZER_OPENAI_API_KEY")
    )
    max_seconds = _MAX_WAIT_WITH_MODEL_SECONDS if may_ask_model else _MAX_WAIT_SECONDS
    if environment.get("RESUME"):
        resume = Path(environment["RESUME"]).expanduser()
        if not resume.is_file():
            raise StackError(f"there is no file {resume}")
        return ReviewInput(
            resume=resume,
            industry=industry,
            depth=depth,
            first_name="Demo",
            last_name="Candidate",
            max_seconds=max_seconds,
        )
    return ReviewInput(
        resume=sample_resume.write(DEMO / f"{sample_resume.FIRST_NAME}-{sample_resume.LAST_NAME}.pdf"),
        industry=industry,
        depth=depth,
        first_name=sample_resume.FIRST_NAME,
        last_name=sample_resume.LAST_NAME,
        max_seconds=max_seconds,
    )


async def review(
    api: httpx2.AsyncClient, what: ReviewInput, say: Callable[[str], None]
) -> tuple[Result, float]:
    """Run one review. Return the result and the seconds from the request to its completion.

    Raises:
        ReviewRefused: the API answered with an error, or the analysis failed.
    """
    person = {"first_name": what.first_name, "last_name": what.last_name}
    candidate = (await _json(api.post("/api/v1/candidates", json=person)))["candidate"]
    say(f"candidate created: {what.first_name} {what.last_name}")

    kind = mimetypes.guess_type(what.resume.name)[0] or "application/octet-stream"
    upload = {"file": (what.resume.name, what.resume.read_bytes(), kind)}
    resume = await _json(
        api.post(f"/api/v1/resume_upload/candidates/{candidate['id']}/resumes", files=upload)
    )
    say(f"uploaded {what.resume.name}: {len(resume['extracted_text'].split())} words read")

    started = time.monotonic()
    order = {"industry": what.industry, "analysis_depth": what.depth}
    accepted = await _json(api.post(f"/api/v1/analysis/resumes/{resume['id']}/analyze", json=order))
    say(f"analysis for {what.industry}, depth {what.depth}: {accepted['status']}")
    status = await _completed(api, accepted, say, max_seconds=what.max_seconds)
    return Result.model_validate(status["result"]), time.monotonic() - started


async def _completed(
    api: httpx2.AsyncClient, accepted: dict[str, Any], say: Callable[[str], None], *, max_seconds: float
) -> dict[str, Any]:
    last_status = accepted["status"]
    started = reported = time.monotonic()
    while time.monotonic() - started < max_seconds:
        status = await _json(api.get(f"/api/v1/analysis/analysis/{accepted['analysis_id']}/status"))
        if status["status"] != last_status or time.monotonic() - reported > _REPORT_SECONDS:
            last_status = status["status"]
            reported = time.monotonic()
            say(f"analysis: {last_status}")
        if last_status == "completed":
            return status
        if status.get("failure"):
            raise ReviewRefused(plain_line(status["failure"]["detail"]).rstrip("."))
        await asyncio.sleep(_POLL_SECONDS)
    raise ReviewRefused(f"the analysis was still {last_status} after {max_seconds:g} s")


async def _json(request: Awaitable[httpx2.Response]) -> dict[str, Any]:
    try:
        response = await request
        body: dict[str, Any] = response.json()
    except httpx2.HTTPError as error:
        raise ReviewRefused(f"the gateway did not answer: {type(error).__name__}") from error
    if response.status_code not in _SUCCESS:
        raise ReviewRefused(plain_line(str(body["detail"])).rstrip("."))
    return body
