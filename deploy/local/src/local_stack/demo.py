"""`make demo`: one resume through the whole system, and its report to read.

With GATEWAY and TOKEN it goes through a system that runs already, and nothing is started.
"""

import asyncio
import mimetypes
import os
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from contracts.plain import plain_line
from rich.console import Console
from rich.text import Text

from local_stack import sample_resume
from local_stack.errors import StackError
from local_stack.lock import only_one
from local_stack.log import Log
from local_stack.paths import DEMO
from local_stack.ports import Ports
from local_stack.report import Result, show
from local_stack.running import run
from local_stack.stack import Stack

# The slowest depth may ask a model several times; anything longer is stuck.
_PATIENCE_SECONDS = 300
_POLL_SECONDS = 0.1
# As long as the frontend waits.
_REQUEST_SECONDS = 10
_SUCCESS = range(200, 300)


class Refused(StackError):
    """The API answered an error; the message is its `detail`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to analyse."""

    resume: Path
    industry: str
    depth: str
    first_name: str
    last_name: str


def wish_from(environment: dict[str, str]) -> Wish:
    """Read RESUME, INDUSTRY and DEPTH; without RESUME a resume is made up.

    Raises:
        StackError: the file is not there.
    """
    industry = environment.get("INDUSTRY") or "strategy_tech"
    depth = environment.get("DEPTH") or "standard"
    if environment.get("RESUME"):
        resume = Path(environment["RESUME"]).expanduser()
        if not resume.is_file():
            raise StackError(f"there is no file {resume}")
        return Wish(resume=resume, industry=industry, depth=depth, first_name="Demo", last_name="Candidate")
    return Wish(
        resume=sample_resume.write(DEMO / f"{sample_resume.FIRST_NAME}-{sample_resume.LAST_NAME}.pdf"),
        industry=industry,
        depth=depth,
        first_name=sample_resume.FIRST_NAME,
        last_name=sample_resume.LAST_NAME,
    )


class Progress:
    """Lines with the time since the start."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._started = time.monotonic()

    def say(self, line: str) -> None:
        """Print one line."""
        seconds = (f"{time.monotonic() - self._started:5.1f} s", "dim")
        self._console.print(Text.assemble(seconds, f"  {plain_line(line)}"), highlight=False)


async def review(api: httpx2.AsyncClient, wish: Wish, say: Callable[[str], None]) -> tuple[Result, float]:
    """Candidate, upload, analysis, result; with the seconds from asking for the analysis to its completion.

    Raises:
        Refused: the API answered an error, or the analysis failed.
    """
    person = {"first_name": wish.first_name, "last_name": wish.last_name}
    candidate = (await _json(api.post("/api/v1/candidates", json=person)))["candidate"]
    say(f"candidate created: {wish.first_name} {wish.last_name}")

    kind = mimetypes.guess_type(wish.resume.name)[0] or "application/octet-stream"
    upload = {"file": (wish.resume.name, wish.resume.read_bytes(), kind)}
    resume = await _json(
        api.post(f"/api/v1/resume_upload/candidates/{candidate['id']}/resumes", files=upload)
    )
    say(f"uploaded {wish.resume.name}: {len(resume['extracted_text'].split())} words read")

    started = time.monotonic()
    order = {"industry": wish.industry, "analysis_depth": wish.depth}
    accepted = await _json(api.post(f"/api/v1/analysis/resumes/{resume['id']}/analyze", json=order))
    say(f"analysis for {wish.industry}, depth {wish.depth}: {accepted['status']}")
    status = await _completed(api, accepted, say)
    return Result.model_validate(status["result"]), time.monotonic() - started


async def _completed(
    api: httpx2.AsyncClient, accepted: dict[str, Any], say: Callable[[str], None]
) -> dict[str, Any]:
    said = accepted["status"]
    for _ in range(round(_PATIENCE_SECONDS / _POLL_SECONDS)):
        status = await _json(api.get(f"/api/v1/analysis/analysis/{accepted['analysis_id']}/status"))
        if status["status"] != said:
            said = status["status"]
            say(f"analysis: {said}")
        if said == "completed":
            return status
        if status.get("failure"):
            raise Refused(plain_line(status["failure"]["detail"]).rstrip("."))
        await asyncio.sleep(_POLL_SECONDS)
    raise Refused(f"the analysis was still {said} after {_PATIENCE_SECONDS} s")


async def _json(request: Awaitable[httpx2.Response]) -> dict[str, Any]:
    try:
        response = await request
        body: dict[str, Any] = response.json()
    except httpx2.HTTPError as error:
        raise Refused(f"the gateway did not answer: {type(error).__name__}") from error
    if response.status_code not in _SUCCESS:
        raise Refused(plain_line(str(body["detail"])).rstrip("."))
    return body


async def demo() -> int:
    """Stack up, one review, stack down; or one review alone, where a system is named."""
    console = Console(width=None if sys.stdout.isatty() else 110)
    progress = Progress(console)
    with only_one(DEMO):
        wish = wish_from(dict(os.environ))
        if url := os.environ.get("GATEWAY"):
            seconds, result = await _through(url, os.environ.get("TOKEN", ""), wish, progress, console)
        else:
            seconds, result = await _on_its_own(wish, progress, console)
    print(
        f"demo: completed overall={result.overall_score} ats={result.ats_score} "
        f"content={result.content_score} formatting={result.formatting_score} in {seconds:.1f}s"
    )
    return 0


async def _on_its_own(wish: Wish, progress: Progress, console: Console) -> tuple[float, Result]:
    ports = Ports()
    if ports.busy():  # by `make up`, most likely: the two do not disturb each other
        ports = Ports.free()
    log_path = DEMO / "demo.log"
    progress.say(f"starting the system (its log: {log_path})")
    with log_path.open("w") as log_file:
        stack = Stack(data_dir=DEMO, ports=ports, log=Log(stream=log_file), say=progress.say)
        async with stack:
            answer = await _through(stack.url, stack.token(), wish, progress, console)
    progress.say("the system is stopped")
    return answer


async def _through(
    url: str, token: str, wish: Wish, progress: Progress, console: Console
) -> tuple[float, Result]:
    async with httpx2.AsyncClient(
        base_url=url,
        headers={"Authorization": f"Bearer {token}"},
        timeout=_REQUEST_SECONDS,
        trust_env=False,
    ) as api:
        result, seconds = await review(api, wish, progress.say)
    show(result, console, title=f"{wish.first_name} {wish.last_name}, {wish.resume.name}")
    return seconds, result


if __name__ == "__main__":
    sys.exit(run(demo()))
