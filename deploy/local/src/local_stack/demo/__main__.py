"""`make demo`: send one resume through the whole system and print its report.

With GATEWAY and TOKEN it uses a running system instead of starting one. With SVG it also writes a picture of
the report to that file.
"""

import os
import sys
import time
from pathlib import Path

import httpx2
from contracts.plain_text import plain_line
from rich.console import Console
from rich.text import Text

from local_stack.demo.picture import save_picture
from local_stack.demo.report import Result, show
from local_stack.demo.review import REQUEST_SECONDS, ReviewInput, read_input, review
from local_stack.paths import DEMO
from local_stack.ports import Ports
from local_stack.processes.lock import exclusive
from local_stack.processes.log import Log
from local_stack.processes.run import run
from local_stack.stack import Stack


class Progress:
    """Prints lines with the time since the start."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._started = time.monotonic()

    def say(self, line: str) -> None:
        """Print one line."""
        seconds = (f"{time.monotonic() - self._started:5.1f} s", "dim")
        self._console.print(Text.assemble(seconds, f"  {plain_line(line)}"), highlight=False)


async def demo() -> int:
    """Start a stack, run one review and stop the stack. With GATEWAY, use the system that runs there."""
    console = Console(width=None if sys.stdout.isatty() else 110)
    progress = Progress(console)
    with exclusive(DEMO):
        what = read_input(dict(os.environ))
        if url := os.environ.get("GATEWAY"):
            seconds, result = await _through_gateway(
                url, os.environ.get("TOKEN", ""), what, progress, console
            )
        else:
            seconds, result = await _on_own_stack(what, progress, console)
    print(
        f"demo: completed overall={result.overall_score} ats={result.ats_score} "
        f"content={result.content_score} formatting={result.formatting_score} in {seconds:.1f}s"
    )
    return 0


async def _on_own_stack(what: ReviewInput, progress: Progress, console: Console) -> tuple[float, Result]:
    ports = Ports()
    if ports.busy():  # most likely by `make up`; both stacks can run side by side
        ports = Ports.free()
    log_path = DEMO / "demo.log"
    progress.say(f"starting the system (its log: {log_path})")
    with log_path.open("w") as log_file:
        stack = Stack(data_dir=DEMO, ports=ports, log=Log(stream=log_file), say=progress.say)
        async with stack:
            outcome = await _through_gateway(stack.url, stack.token(), what, progress, console)
    progress.say("the system has stopped")
    return outcome


async def _through_gateway(
    url: str, token: str, what: ReviewInput, progress: Progress, console: Console
) -> tuple[float, Result]:
    async with httpx2.AsyncClient(
        base_url=url,
        headers={"Authorization": f"Bearer {token}"},
        timeout=REQUEST_SECONDS,
        trust_env=False,
    ) as api:
        result, seconds = await review(api, what, progress.say)
    title = f"{what.first_name} {what.last_name}, {what.resume.name}"
    show(result, console, title=title)
    if picture := os.environ.get("SVG"):
        save_picture(result, Path(picture), title=title)
    return seconds, result


if __name__ == "__main__":
    sys.exit(run(demo()))
