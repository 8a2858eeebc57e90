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

# More than the slowest depth takes, which asks a model several times.
_MAX_WAIT_SECONDS = 300
_POLL_SECONDS = 0.1
# The timeout of the frontend.
REQUEST_SECONDS = 10
_SUCCESS = range(200, 300)


class ReviewRefused(StackError):
    """The API answered with an error; the message is its `detail`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewInput:
    """The resume to analyse, and the options of the analysis."""

    resume: Path
    industry: str
    depth: str
    first_name: str
    last_name: str


def read_input(environment: dict[str, str]) -> ReviewInput:
    """Read RESUME, INDUSTRY and DEPTH. Without RESUME, write a sample resume and use it.

    Raises:
        StackError: the file does not exist.
    """
    industry = environment.get("INDUSTRY") or "strategy_tech"
    depth = environment.get("DEPTH") or "standard"
    if environment.get("RESUME"):
        resume = Path(environment["RESUME"]).expanduser()
        if not resume.is_file():
            raise StackError(f"there is no file {resume}")
        return ReviewInput(
            resume=resume, industry=industry, depth=depth, first_name="Demo", last_name="Candidate"
        )
    return ReviewInput(
        resume=sample_resume.write(DEMO / f"{sample_resume.FIRST_NAME}-{sample_resume.LAST_NAME}.pdf"),
        industry=industry,
        depth=depth,
        first_name=sample_resume.FIRST_NAME,
        last_name=sample_resume.LAST_NAME,
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
    status = await _completed(api, accepted, say)
    return Result.model_validate(status["result"]), time.monotonic() - started


async def _completed(
    api: httpx2.AsyncClient, accepted: dict[str, Any], say: Callable[[str], None]
) -> dict[str, Any]:
    last_status = accepted["status"]
    for _ in range(round(_MAX_WAIT_SECONDS / _POLL_SECONDS)):
        status = await _json(api.get(f"/api/v1/analysis/analysis/{accepted['analysis_id']}/status"))
        if status["status"] != last_status:
            last_status = status["status"]
            say(f"analysis: {last_status}")
        if last_status == "completed":
            return status
        if status.get("failure"):
            raise ReviewRefused(plain_line(status["failure"]["detail"]).rstrip("."))
        await asyncio.sleep(_POLL_SECONDS)
    raise ReviewRefused(f"the analysis was still {last_status} after {_MAX_WAIT_SECONDS} s")


async def _json(request: Awaitable[httpx2.Response]) -> dict[str, Any]:
    try:
        response = await request
        body: dict[str, Any] = response.json()
    except httpx2.HTTPError as error:
        raise ReviewRefused(f"the gateway did not answer: {type(error).__name__}") from error
    if response.status_code not in _SUCCESS:
        raise ReviewRefused(plain_line(str(body["detail"])).rstrip("."))
    return body
