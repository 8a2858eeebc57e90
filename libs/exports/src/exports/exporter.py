"""Export resumes, each in a process that is killed if it takes too long.

Parsing the longest text takes seconds of the processor, which the event loop does not have.
"""

import asyncio
import json
import logging
import os
import signal
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from exports.errors import BY_CODE, ExportError, ExportTooComplex
from exports.limits import Limits
from exports.source import Source

Format = Literal["json-resume", "docx", "html"]
# Signals of a process that crashed, unlike those of a process over its limits.
_CRASH_SIGNALS: Final = frozenset({signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE})

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Export:
    """A finished export. `has_name` is False if no name of the person was recognised in the resume."""

    data: bytes
    has_name: bool


class Exporter:
    """Makes exports in processes of their own. The caller limits how many run at the same time."""

    def __init__(self, *, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()

    async def __call__(self, source: Source, form: Format, *, font_families: str = "sans-serif") -> Export:
        """Return a resume in a format. "html" is a page to print, whose fonts are `font_families`.

        Raises:
            ExportError: the resume cannot be exported, or cannot be exported now.
        """
        request = {
            "format": form,
            "font_families": font_families,
            **asdict(source),
            "now": source.now.isoformat(),
        }
        try:
            async with asyncio.timeout(self._limits.seconds):
                return_code, answer = await _run_worker(json.dumps(request).encode(), self._limits)
        except TimeoutError:
            raise ExportTooComplex from None
        return _export(return_code, answer)


def _export(return_code: int, answer: bytes) -> Export:
    if return_code:
        _log.warning("export worker exited with code %d", return_code)
        raise ExportError if return_code > 0 or -return_code in _CRASH_SIGNALS else ExportTooComplex
    head, _, data = answer.partition(b"\n")
    outcome: dict[str, Any] = json.loads(head)
    if (crash := outcome.get("crash")) is not None:
        _log.error("export worker raised an unexpected exception: %s", crash)
        raise ExportError
    if (code := outcome.get("error")) is not None:
        raise BY_CODE.get(code, ExportError)
    return Export(data, bool(outcome.get("has_name")))


async def _run_worker(request: bytes, limits: Limits) -> tuple[int, bytes]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",  # isolated: neither the environment nor the working directory affects the imports
        "-m",
        "exports.worker",
        json.dumps(asdict(limits)),
        str(os.getpid()),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # may quote the resume
        env={"LC_ALL": "C.UTF-8"},  # without the secrets of the service
        cwd="/",
        start_new_session=True,
    )
    try:
        await _send(process, request)
        answer = await _receive(process, most=limits.output_bytes)
        return await process.wait(), answer
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


async def _send(process: asyncio.subprocess.Process, request: bytes) -> None:
    assert process.stdin  # noqa: S101 - set because of PIPE
    # A worker that ends early says why by its return code.
    with suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(request)
        await process.stdin.drain()
        process.stdin.close()


async def _receive(process: asyncio.subprocess.Process, *, most: int) -> bytes:
    assert process.stdout  # noqa: S101 - set because of PIPE
    received = bytearray()
    while chunk := await process.stdout.read(65_536):
        received += chunk
        if len(received) > most:
            raise ExportTooComplex
    return bytes(received)
